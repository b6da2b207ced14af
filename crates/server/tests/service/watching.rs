//! Live accounts and a change queue, in moto.

use std::process::Command;

use crate::running::{Folder, PROGRAM, create_key, read_log};

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn changes_in_live_accounts_become_findings() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "123456789012", "--full-access"]);
    let python = std::env::var("RINGFENCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/watching.py"))
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
    for secret in ["testing", &key.secret] {
        assert!(!log.contains(secret), "the log holds a secret");
    }
}
