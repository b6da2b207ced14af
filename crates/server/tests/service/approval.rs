//! Approving and rejecting by the link in a mail, over HTTP and in a browser.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::python::run_world;
use crate::running::{Folder, Key, create_key, read_log};

const ACCOUNT: [&str; 3] = ["--account", "123456789012", "--full-access"];

/// Runs a script of this folder with a key of its own and those of approvers; the log of the service has none of them.
fn run(script: &str, approvers: &[&str], rest: &[PathBuf]) {
    let folder = Folder::new();
    let own = create_key(&folder, &ACCOUNT);
    let named = |name: &&str| create_key(&folder, &[&ACCOUNT[..], &["--name", *name]].concat());
    let keys: Vec<Key> = std::iter::once(own).chain(approvers.iter().map(named)).collect();
    let mut arguments: Vec<&OsStr> =
        keys.iter().flat_map(|own| [own.id.as_ref(), own.secret.as_ref()]).collect();
    arguments.extend(rest.iter().map(|own| own.as_os_str()));
    run_world(script, &folder, &arguments);
    let log = read_log(&folder);
    assert!(log.contains("ApprovalPage"), "the log does not have the page");
    assert!(!log.contains("token="), "the log holds a link");
    for key in keys {
        assert!(!log.contains(&key.secret), "the log holds a secret");
    }
}

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn a_link_approves_once_and_only_what_it_was_sent_for() {
    run("approval.py", &["bob", "carol"], &[]);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs moto, boto3, aiosmtpd and Node: `cargo xtask test` sets them up"]
fn the_page_shows_a_hostile_plan_and_runs_nothing_of_it() {
    let node = std::env::var_os("RINGFENCE_NODE").expect("RINGFENCE_NODE names Node");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/node");
    let rest = [node.into(), scripts.join("form.mjs"), scripts.join("node_modules/browser")];
    run("approval_browser.py", &["bob"], &rest);
}
