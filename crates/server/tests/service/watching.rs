//! Live accounts and a change queue, in moto.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::actions::action;
use crate::python::run_world;
use crate::running::{Folder, create_key, read_log};

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn changes_in_live_accounts_become_findings() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    run_world("watching.py", &folder, &[key.id.as_ref(), key.secret.as_ref()]);
    let log = read_log(&folder);
    for secret in ["testing", &key.secret] {
        assert!(!log.contains(secret), "the log holds a secret");
    }
    calls_are_allowed(&std::fs::read_to_string(folder.path().join("calls")).unwrap());
}

/// The roles of `deploy/` allow every call that keeping watch made, and what they allow besides a collection's calls
/// for reading one thing was called.
fn calls_are_allowed(calls: &str) {
    let called = calls.lines().map(|line| {
        let (service, call) = line.split_once(' ').unwrap();
        action(service, call)
    });
    let called: BTreeSet<String> = called.filter(|action| !action.starts_with("sts:")).collect();
    let mut allowed = deployed("collector-policy.json");
    allowed.extend(deployed("reading-policy.json"));
    let missing: Vec<_> = called.difference(&allowed).collect();
    let declared = ringfence_aws::collection::actions().one_by_one;
    let unused: Vec<_> = declared.iter().filter(|action| !called.contains(**action)).collect();
    assert!(missing.is_empty() && unused.is_empty(), "missing {missing:?}, unused {unused:?}");
}

fn deployed(file: &str) -> BTreeSet<String> {
    let path = format!("{}/../../deploy/{file}", env!("CARGO_MANIFEST_DIR"));
    let policy: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let actions = policy["Statement"].as_array().unwrap().iter().map(|own| &own["Action"]);
    actions.flat_map(|own| serde_json::from_value::<Vec<String>>(own.clone()).unwrap()).collect()
}
