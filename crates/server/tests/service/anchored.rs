//! Heads of the record that the service keeps outside, and what they show of a record that was changed.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::python::until;
use crate::running::{Folder, Running, read_log, run};
use crate::seed::block_on;

fn note(folder: &Folder, text: &str) {
    let (code, _, err) = run(folder, &["audit", "note", "f1", text, "--by", "alice"]);
    assert_eq!(code, Some(0), "{err}");
}

/// Changes the database behind the program's back.
fn tamper(folder: &Folder, sql: &str) {
    let file = folder.path().join("ringfence.db");
    block_on(async {
        let options = SqliteConnectOptions::new().filename(&file);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let done = sqlx::query(sql).execute(&mut connection).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
        connection.close().await.unwrap();
    });
}

#[test]
fn the_service_keeps_heads_outside_that_show_what_was_changed() {
    let (folder, outside) = (Folder::new(), Folder::new());
    let path = |name: &str| outside.path().join(name).to_str().unwrap().to_owned();
    let anchors = outside.path().join("kept/anchors");
    let config = path("ringfence.toml");
    let text = format!(
        "[record]\nkey_file = '{}'\nanchor_file = '{}'\nanchor_interval = 1\n",
        path("record.key"),
        anchors.display()
    );
    std::fs::write(&config, text).unwrap();
    note(&folder, "seen by hand");
    let service = Running::start(&folder, &["--config", &config]);
    // A place that cannot be written is told, and taken once it can.
    until("it is told", || read_log(&folder).contains("cannot be anchored"));
    std::fs::create_dir(anchors.parent().unwrap()).unwrap();
    let heads = || std::fs::read_to_string(&anchors).unwrap_or_default();
    until("the first head is kept", || heads().lines().count() == 1);
    note(&folder, "asked the team");
    until("the second head is kept", || heads().lines().count() == 2);
    note(&folder, "it was intended");
    until("the third head is kept", || heads().lines().count() == 3);
    // Nothing is added where nothing has happened.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(heads().lines().count(), 3, "{}", heads());
    assert_eq!(service.terminate(), Some(0));
    assert!(!folder.path().join("record.key").exists(), "the key is where the configuration says");

    let own = ["--config", &*config];
    let (_, key, _) = run(&folder, &[&["audit", "public-key"], &own[..]].concat());
    std::fs::write(path("public-key"), key).unwrap();
    let (public_key, kept) = (path("public-key"), anchors.to_str().unwrap().to_owned());
    let export = path("export");
    let verify = |with: &[&str]| {
        let written = ["audit", "export", "--output", &export, own[0], own[1]];
        assert_eq!(run(&folder, &written).0, Some(0));
        let output = std::process::Command::new(crate::running::PROGRAM)
            .args(["audit", "verify", &export])
            .args(with)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let signed = ["--public-key", &*public_key];
    let anchored = ["--public-key", &*public_key, "--anchor", &*kept];
    assert_eq!(verify(&anchored), (Some(0), String::new()));

    // Somebody who has the database and the key cuts the end off: only the anchors show it.
    tamper(&folder, "DELETE FROM record WHERE position = 3");
    assert_eq!(verify(&signed), (Some(0), String::new()));
    let (code, told) = verify(&anchored);
    assert_eq!(code, Some(3));
    assert!(told.contains("the record ended at entry 3 when it was anchored"), "{told}");
    // And goes on with another history of the same length.
    note(&folder, "nothing to see here");
    assert_eq!(verify(&signed).0, Some(0));
    let (code, told) = verify(&anchored);
    assert!(code == Some(3) && told.contains("entry 3"), "{told}");
    // An entry that was changed where it stands needs no anchor.
    tamper(
        &folder,
        "UPDATE record SET body = replace(body, 'seen', 'never seen') WHERE position = 1",
    );
    let (code, told) = verify(&signed);
    assert!(code == Some(3) && told.contains("entry 1 was changed"), "{told}");
}
