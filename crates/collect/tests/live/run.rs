//! Runs of the programs, and what they leave.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder that is gone afterwards.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ringfence-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.0.join("snapshot")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The collecting program with credentials, and without what this machine may have of its own.
pub(crate) fn collector(out: &Path, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringfence-collect"));
    command.arg("--out").arg(out).args(["--endpoint-url", url, "--region", "eu-west-1"]);
    clean(&mut command);
    command
}

/// Takes away what the environment says of AWS, and gives credentials.
pub(crate) fn clean(command: &mut Command) {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
}

/// `ringfence`, which lies beside the collecting program.
pub(crate) fn ringfence() -> Command {
    let beside = Path::new(env!("CARGO_BIN_EXE_ringfence-collect")).with_file_name("ringfence");
    assert!(beside.is_file(), "`cargo build --release -p ringfence` builds the command");
    let mut command = Command::new(beside);
    clean(&mut command);
    command
}

pub(crate) fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// Every file of a snapshot, by its name, but for the time in `snapshot.json`.
pub(crate) fn content(out: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.contains("\"createdAt\""));
            files.insert(name, lines.collect::<Vec<_>>().join("\n"));
        }
    }
    files
}

pub(crate) fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// What could not be read: action and beginning of the reason of each entry.
pub(crate) fn not_read(out: &Path) -> Vec<(String, String)> {
    let manifest = json(&out.join("snapshot.json"));
    let entries = manifest["notRead"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    entries.iter().map(|entry| (text(&entry["action"]), text(&entry["reason"]))).collect()
}
