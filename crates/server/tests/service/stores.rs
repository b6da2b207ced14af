//! The service on both databases: the same life, several processes, kills, a database that goes, a disk that is full,
//! and backups that go from one to the other.

use std::time::{Duration, Instant};

use crate::clients::{life, payments, script};
use crate::postgres::Server;
use crate::running::{Folder, PROGRAM, Running, create_key, keys, python, run};

const KEY: [&str; 3] = ["--account", "111122223333", "--full-access"];

fn database(server: &Server, name: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(server.database(name))
}

/// Fails with what the program said.
fn done(folder: &Folder, arguments: &[&str]) -> String {
    let (code, out, err) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {err}");
    out
}

#[test]
#[ignore = "starts the PostgreSQL server of the Python environment"]
fn postgres_serves_as_sqlite_does_and_a_backup_goes_into_either() {
    let server = Server::start();
    let url = database(&server, "first");
    let folder = life(&["--database", &url]);
    let files: Vec<String> = ["one", "two", "three"]
        .iter()
        .map(|name| folder.path().join(name).to_str().unwrap().to_owned())
        .collect();
    done(&folder, &["backup", &files[0], "--database", &url]);
    // Into another database, into SQLite, and from there as well.
    let other = database(&server, "second");
    done(&folder, &["restore", &files[0], "--database", &other]);
    done(&folder, &["backup", &files[1], "--database", &other]);
    let into = Folder::new();
    done(&into, &["restore", &files[0]]);
    done(&into, &["backup", &files[2]]);
    python("same_tables.py", &[&files[0], &files[1], &files[2]]);
    let nothing = Folder::new();
    let (code, _, err) = run(&nothing, &["backup", nothing.path().join("b").to_str().unwrap()]);
    assert!(code == Some(1) && err.contains("no database to back up"), "{err}");
    // Nothing is written over.
    let (code, _, err) = run(&folder, &["restore", &files[0], "--database", &other]);
    assert!(code == Some(1) && err.contains("restore into an empty one"), "{err}");
    let (code, _, err) = run(&into, &["restore", &files[0]]);
    assert!(code == Some(1) && err.contains("not written over"), "{err}");
    let (code, _, err) = run(&into, &["backup", &files[0]]);
    assert!(code == Some(1) && err.contains("not written over"), "{err}");
    let (code, out, _) = run(&folder, &["doctor", "--database", &other]);
    assert!(
        code == Some(0) && out.contains("PostgreSQL answers") && out.contains("clock"),
        "{out}"
    );
}

#[test]
#[ignore = "starts the PostgreSQL server of the Python environment"]
fn processes_share_keys_and_a_database_may_go_and_come_back() {
    let mut server = Server::start();
    let url = database(&server, "shared");
    let (one, two) = (Folder::new(), Folder::new());
    let place = ["--database", &*url];
    let key = create_key(&one, &[&KEY[..], &place].concat());
    // What decrypts the secrets is shared as well.
    std::fs::copy(one.path().join("encryption.key"), two.path().join("encryption.key")).unwrap();
    let (first, second) = (Running::start(&one, &place), Running::start(&two, &place));
    let environment = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    script("one_call.py", &first, &environment);
    script("one_call.py", &second, &environment);
    server.stop();
    assert!(first.get("/ready").starts_with("HTTP/1.1 503"));
    assert!(first.get("/health").starts_with("HTTP/1.1 200"));
    server.resume();
    let end = Instant::now() + Duration::from_secs(30);
    while !first.get("/ready").starts_with("HTTP/1.1 200") {
        assert!(Instant::now() < end, "the service does not find its database again");
        std::thread::sleep(Duration::from_millis(100));
    }
    script("one_call.py", &first, &environment);
    keys(&two, &[&["revoke", &key.id][..], &place].concat());
    let refused = [environment[0], environment[1], ("REFUSED", "UnrecognizedClientException")];
    script("one_call.py", &first, &refused);
    script("one_call.py", &second, &refused);
}

/// Kills the service at random moments while clients write; the script says what has to hold.
fn kill_again_and_again(place: &[&str]) {
    let folder = Folder::new();
    let source = payments(&folder);
    let key = create_key(&folder, &[&KEY[..], place].concat());
    let data = folder.path().to_str().unwrap();
    let arguments = [PROGRAM, data, source.to_str().unwrap(), &key.id, &key.secret, "50"];
    python("killed.py", &[&arguments, place].concat());
}

#[test]
#[ignore = "kills the service fifty times"]
fn sqlite_keeps_what_was_acknowledged() {
    kill_again_and_again(&[]);
}

#[test]
#[ignore = "starts the PostgreSQL server of the Python environment, kills the service fifty times"]
fn postgres_keeps_what_was_acknowledged() {
    let server = Server::start();
    kill_again_and_again(&["--database", &database(&server, "killed")]);
}

/// A write beyond the limit on a file's size is as good as a full disk.
#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn a_full_disk_is_an_answer_and_no_loss() {
    let folder = Folder::new();
    let key = create_key(&folder, &KEY);
    let data = folder.path().to_str().unwrap();
    python("disk_full.py", &[PROGRAM, data, &key.id, &key.secret]);
}
