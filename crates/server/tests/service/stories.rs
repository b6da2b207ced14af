//! What is done about findings, from the creation of a role to the undo.

use std::process::Command;

use crate::running::{Folder, PROGRAM, create_key, read_log};

#[test]
#[ignore = "needs moto, boto3 and aiosmtpd: `cargo xtask test` sets them up"]
fn stories_run_end_to_end() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    let python = std::env::var("RINGFENCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/stories.py"))
        .arg(PROGRAM)
        .arg(folder.path())
        .args([&key.id, &key.secret])
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    println!("{out}");
    let log = read_log(&folder);
    assert!(!log.contains(&key.secret), "the log holds a secret");
    assert!(!log.contains("token="), "the log holds a link");
}
