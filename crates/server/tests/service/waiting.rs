//! Proposals that nobody answers, and resolutions that are undone together.

use crate::python::run_world;
use crate::running::{Folder, create_key};

fn run(script: &str) {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    run_world(script, &folder, &[key.id.as_ref(), key.secret.as_ref()]);
}

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn proposals_are_reminded_of_escalated_and_expire() {
    run("waiting.py");
}

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn what_was_written_since_is_undone_together() {
    run("bulk_rollback.py");
}
