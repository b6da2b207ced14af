//! AWS's own clients: boto3, which parses answers by AWS's model, and the AWS CLI.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::running::{Folder, Running, create_key, keys, read_log};

/// Runs a script of this folder with the Python of the tests, and gives what it prints.
pub(crate) fn script(name: &str, service: &Running, environment: &[(&str, &str)]) -> String {
    let python = std::env::var("RINGFENCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let path = format!("{}/tests/service/{name}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python)
        .arg(path)
        .envs(environment.iter().copied())
        .env("AWS_ENDPOINT_URL", &service.url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}\n{out}\n{err}");
    out.into_owned()
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn boto3() {
    let folder = Folder::new();
    let key =
        create_key(&folder, &["--account", "111122223333", "--full-access", "--name", "boto3"]);
    let policy = folder.path().join("policy.json");
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"access-analyzer:Check*","Resource":"*"},
        {"Effect":"Allow","Action":"access-analyzer:GetAnalyzer","Resource":"arn:aws:access-analyzer:us-east-1:111122223333:analyzer/shown"}]}"#;
    std::fs::write(&policy, text).unwrap();
    let limited = create_key(
        &folder,
        &["--account", "111122223333", "--policy", policy.to_str().unwrap(), "--name", "limited"],
    );
    let revoked = create_key(&folder, &["--account", "111122223333", "--full-access"]);
    keys(&folder, &["revoke", &revoked.id]);
    let service = Running::start(&folder, &["--requests-per-second", "10000"]);
    script(
        "boto3_client.py",
        &service,
        &[
            ("AWS_ACCESS_KEY_ID", &key.id),
            ("AWS_SECRET_ACCESS_KEY", &key.secret),
            ("LIMITED_ID", &limited.id),
            ("LIMITED_SECRET", &limited.secret),
            ("REVOKED_ID", &revoked.id),
            ("REVOKED_SECRET", &revoked.secret),
        ],
    );
    let log = read_log(&folder);
    assert!(log.contains("CheckNoNewAccess"));
    for secret in [&key.secret, &limited.secret, &"Signature=".to_owned()] {
        assert!(!log.contains(secret.as_str()), "the log holds a secret");
    }
}

/// Copies the example environment, for a test to change.
pub(crate) fn payments(folder: &Folder) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/payments");
    let copy = folder.path().join("payments");
    copy_folder(&source, &copy);
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => std::fs::write(target, std::fs::read(entry.path()).unwrap()).unwrap(),
        }
    }
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn boto3_life() {
    life(&[]);
}

/// The life of findings in the database that `place` names; gives the folder of what was kept.
pub(crate) fn life(place: &[&str]) -> Folder {
    let folder = Folder::new();
    let create_key =
        |folder: &Folder, arguments: &[&str]| create_key(folder, &[arguments, place].concat());
    let source = payments(&folder);
    let key = create_key(&folder, &["--account", "111122223333", "--full-access"]);
    let other = create_key(&folder, &["--account", "444455556666", "--full-access"]);
    let policy = folder.path().join("policy.json");
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"access-analyzer:ListAnalyzers","Resource":"*"},
        {"Effect":"Allow","Action":["access-analyzer:GetAnalyzer","access-analyzer:ListFindings"],
         "Resource":"arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account"}]}"#;
    std::fs::write(&policy, text).unwrap();
    let limited =
        create_key(&folder, &["--account", "111122223333", "--policy", policy.to_str().unwrap()]);
    let source = source.to_str().unwrap();
    let arguments = [&["--requests-per-second", "10000", "--source", source], place].concat();
    let service = Running::start(&folder, &arguments);
    script(
        "boto3_life.py",
        &service,
        &[
            ("SOURCE", source),
            ("AWS_ACCESS_KEY_ID", &key.id),
            ("AWS_SECRET_ACCESS_KEY", &key.secret),
            ("OTHER_ID", &other.id),
            ("OTHER_SECRET", &other.secret),
            ("LIMITED_ID", &limited.id),
            ("LIMITED_SECRET", &limited.secret),
        ],
    );
    // What was written is there after a restart.
    assert_eq!(service.terminate(), Some(0));
    let service = Running::start(&folder, &arguments);
    let environment = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    script("restarted.py", &service, &environment);
    assert_eq!(service.terminate(), Some(0));
    folder
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn a_key_that_calls_too_often_waits() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "111122223333", "--full-access"]);
    let service = Running::start(&folder, &["--requests-per-second", "3"]);
    let environment = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    script("throttled.py", &service, &environment);
}

#[test]
#[ignore = "needs the AWS CLI: `cargo xtask test` sets it up"]
fn aws_cli() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", "111122223333", "--full-access", "--name", "cli"]);
    let source = payments(&folder);
    let service = Running::start(&folder, &["--source", source.to_str().unwrap()]);
    let environment = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    script("aws_cli.py", &service, &environment);
}
