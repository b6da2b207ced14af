//! A server that behaves like AWS: PyPI's `moto`, on a port of this machine, for as long as a test runs.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The caller's account there.
pub(crate) const OWN: &str = "123456789012";
/// Others, which are read by an assumed role.
pub(crate) const OTHERS: [&str; 2] = ["222222222222", "333333333333"];

pub(crate) struct Moto {
    child: Child,
    pub(crate) port: u16,
}

fn python() -> Command {
    let python = std::env::var_os("RINGFENCE_PYTHON").expect("RINGFENCE_PYTHON names the Python");
    Command::new(python)
}

impl Moto {
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = python()
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .env("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < Duration::from_secs(120), "moto does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        Self { child, port }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Runs `plant.py` and gives what it prints.
    pub(crate) fn plant(&self, arguments: &[&str]) -> String {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/plant.py");
        let done = python().arg(script).arg(self.url()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs `install.py` and gives the role that it reads back.
    pub(crate) fn install(&self, arguments: &[&str]) -> serde_json::Value {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/install.py");
        let done = python().arg(script).arg(self.url()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    }

    /// Checks a snapshot against `docs/schemas`, and gives the number of its files.
    pub(crate) fn validate(out: &Path) -> usize {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/validate.py");
        let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schemas");
        let done = python().arg(script).arg(out).arg(schemas).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().parse().unwrap()
    }

    /// A server with every kind of resource in three accounts.
    pub(crate) fn planted() -> Self {
        let moto = Self::start();
        moto.plant(&["accounts", &ids()]);
        moto
    }
}

/// The ids of all three accounts.
pub(crate) fn ids() -> String {
    [OWN, OTHERS[0], OTHERS[1]].join(",")
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
