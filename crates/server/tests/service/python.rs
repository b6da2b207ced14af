//! Programs of the tests' Python that run beside a test: moto's server, a mail server, a receiver with TLS.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::running::{Folder, PROGRAM};

/// Moto takes any.
pub(crate) const CREDENTIALS: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
];

/// The interpreter.
pub(crate) fn python() -> PathBuf {
    std::env::var_os("RINGFENCE_PYTHON").expect("RINGFENCE_PYTHON names the Python").into()
}

/// Runs a script of this folder to its end, and gives what it prints.
pub(crate) fn run(script: &str, arguments: &[&str]) -> String {
    let output = Command::new(python())
        .arg(format!("{}/tests/service/{script}", env!("CARGO_MANIFEST_DIR")))
        .args(arguments)
        .envs(CREDENTIALS)
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{out}\n{err}");
    out.into_owned()
}

/// Runs a script that starts the service and what is around it by itself, in a data folder, and gives what it prints.
pub(crate) fn run_world(script: &str, folder: &Folder, arguments: &[&OsStr]) -> String {
    let output = Command::new(python())
        .arg(format!("{}/tests/service/{script}", env!("CARGO_MANIFEST_DIR")))
        .args([PROGRAM.as_ref(), folder.path().as_os_str()])
        .args(arguments)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script}\n{out}\n{err}");
    println!("{out}");
    out.into_owned()
}

/// A program that runs until it is dropped.
pub(crate) struct Program {
    child: Child,
    /// The first line that it printed.
    pub(crate) line: String,
}

impl Program {
    /// Starts a script of this folder, and waits for its first line.
    pub(crate) fn start(script: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(python())
            .arg(format!("{}/tests/service/{script}", env!("CARGO_MANIFEST_DIR")))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, line: line.trim().to_owned() }
    }

    /// Moto's server; the line is its URL.
    pub(crate) fn moto() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(python())
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moto = Self { child, line: format!("http://127.0.0.1:{port}") };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(120), "moto does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        moto
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
