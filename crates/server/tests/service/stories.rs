//! What is done about findings, from the creation of a role to the undo.

use crate::python::run_world;
use crate::running::{Folder, create_key, read_log};

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn stories_run_end_to_end() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    run_world("stories.py", &folder, &[key.id.as_ref(), key.secret.as_ref()]);
    let log = read_log(&folder);
    assert!(!log.contains(&key.secret), "the log holds a secret");
    assert!(!log.contains("token="), "the log holds a link");
}
