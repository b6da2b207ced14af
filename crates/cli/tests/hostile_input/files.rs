//! Things that are no readable files.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use super::policies::OPEN;
use super::scan::{QUEUES, about, queue, scan, snapshot};
use super::support::{Folder, run, watch};

/// A pipe that nobody writes to.
fn pipe(path: &str) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn pipes_loops_and_links_to_nowhere_are_entries() {
    let folder = snapshot();
    let queues = folder.path(QUEUES);
    pipe(&format!("{queues}/pipe.json"));
    symlink("loop.json", format!("{queues}/loop.json")).unwrap();
    symlink("gone", format!("{queues}/nowhere.json")).unwrap();
    symlink("../..", format!("{queues}/upwards.json")).unwrap();
    fs::create_dir(format!("{queues}/folder.json")).unwrap();
    let (_, entries) = scan(&folder);
    for (file, says) in [
        ("pipe.json", "is a pipe, socket or device, not a regular file"),
        ("loop.json", "cannot be read"),
        ("nowhere.json", "cannot be read"),
        ("upwards.json", "is a folder, not a regular file"),
        ("folder.json", "is a folder, not a regular file"),
    ] {
        let entry = about(&entries, file);
        assert!(entry["reason"].as_str().unwrap().contains(says), "{entry}");
    }
    assert_eq!(entries.len(), 5);
}

#[test]
fn targets_that_are_no_files_fail() {
    let folder = Folder::new();
    let (pipe_path, looped) = (folder.path("pipe"), folder.path("loop"));
    pipe(&pipe_path);
    symlink("loop", &looped).unwrap();
    let absent = folder.path("absent");
    for (target, says) in [
        (&pipe_path, "is a pipe, socket or device"),
        (&looped, "cannot be read"),
        (&absent, "cannot be read"),
        (&folder.path(""), "holds no snapshot"),
    ] {
        let done = run(&["scan", target]);
        assert!(
            done.code == 1 && done.err.contains(says) && done.err.contains(target.as_str()),
            "{done:?}"
        );
    }
    let open = folder.write("open.json", OPEN);
    for target in [&looped, &absent] {
        let files = ["--existing", &open, "--new", target, "--policy-type", "resource"];
        let done = run(&[["check", "no-new-access"].as_slice(), &files].concat());
        assert!(done.code == 1 && done.err.contains(target.as_str()), "{done:?}");
        let done = run(&["check", "no-new-access", "--batch", target]);
        assert!(done.code == 1 && done.err.contains(target.as_str()), "{done:?}");
        let done = run(&["simulate", target]);
        assert!(done.code == 1 && done.err.contains(target.as_str()), "{done:?}");
    }
}

/// Permissions do not bind the root user, so the command runs as somebody else then.
#[test]
fn a_folder_without_permission_is_an_entry() {
    let folder = snapshot();
    let locked = folder.path("accounts/111122223333/eu-west-2");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    let program = env!("CARGO_BIN_EXE_ringfence");
    let as_nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", program];
    let mut command = match fs::read_dir(&locked) {
        Err(_) => Command::new(program),
        Ok(_) => {
            let possible = Command::new("setpriv").args(as_nobody).arg("--version").output();
            if !possible.is_ok_and(|output| output.status.success()) {
                println!(
                    "skipped: permissions do not bind this user, and there is no way to be another"
                );
                return;
            }
            let mut command = Command::new("setpriv");
            command.args(as_nobody);
            command
        }
    };
    let done = watch(command.args(["scan", &folder.path(""), "--format", "json"]));
    fs::set_permissions(&locked, Permissions::from_mode(0o700)).unwrap();
    assert_eq!(done.code, 3, "{done:?}");
    let report = done.json();
    let entries = report["notAnalyzed"].as_array().unwrap();
    let entry = about(entries, "eu-west-2");
    assert!(entry["reason"].as_str().unwrap().contains("the folder cannot be read"), "{entry}");
    assert_eq!((entries.len(), report["findings"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn files_may_vanish_while_they_are_read() {
    let folder = snapshot();
    let path = folder.path(&format!("{QUEUES}/restless.json"));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                fs::write(&path, queue("restless", OPEN.as_bytes())).unwrap();
                fs::remove_file(&path).unwrap();
            }
        });
        for _ in 0..30 {
            let (_, entries) = scan(&folder);
            // It was there, it was gone, or it was caught half written.
            assert!(entries.len() <= 1, "{entries:?}");
        }
        done.store(true, Ordering::Relaxed);
    });
}
