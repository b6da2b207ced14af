//! The operations that AWS does not have, over HTTP.

use crate::python::run_world;
use crate::running::{Folder, create_key, read_log};

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn own_operations_are_signed_authorized_and_of_one_account() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/resolution.md");
    let arguments = [key.id.as_ref(), key.secret.as_ref(), page.as_ref()];
    run_world("own_operations.py", &folder, &arguments);
    let log = read_log(&folder);
    assert!(log.contains("\"ringfence:ApproveResolution\""), "the log names no operation");
    assert!(!log.contains(&key.secret), "the log holds a secret");
}
