//! Events out, and what is deleted when it is old.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ringfence_store::StoreError;

use crate::python::{Program, run, until};
use crate::running::{Folder, Running, command, read_log};
use crate::seed::{ANALYZER, ago, block_on, see, store};
use crate::stub::Stub;

const SECRET: [(&str, &str); 1] = [("HOOK_SECRET", "open sesame")];

fn write(folder: &Folder, text: &str) -> String {
    let file = folder.path().join("events.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn what_is_old_is_deleted_and_told() {
    let folder = Folder::new();
    let (old, new) = (["old".to_owned()], ["new".to_owned()]);
    block_on(async {
        let store = store(&folder, &["file"]).await;
        see(&store, &old, Some("444455556666"), ago(100 * 24 * 3600)).await;
        see(&store, &old, None, ago(91 * 24 * 3600)).await;
        see(&store, &new, Some("444455556666"), ago(90 * 24 * 3600)).await;
        see(&store, &new, None, ago(89 * 24 * 3600)).await;
        store.close().await;
    });
    let lines = folder.path().join("events.jsonl");
    let text =
        format!("[[events.sink]]\nname = 'file'\nfile = {{ path = '{}' }}\n", lines.display());
    let service = Running::start(&folder, &["--config", &write(&folder, &text)]);
    let told = || std::fs::read_to_string(&lines).unwrap_or_default();
    until("the deletion is told", || told().contains("\"isDeleted\":true"));
    until("everything is told", || told().lines().count() == 5);
    assert_eq!(told().matches("\"isDeleted\":true").count(), 1);
    let metrics = service.get("/metrics");
    assert!(metrics.contains("ringfence_delivered_total{sink=\"file\"} 5"), "{metrics}");
    assert!(metrics.contains("ringfence_backlog{sink=\"file\"} 0"), "{metrics}");
    assert_eq!(service.terminate(), Some(0));
    block_on(async {
        let store = store(&folder, &["file"]).await;
        let gone = store.finding(ANALYZER, "old-444455556666").await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))), "{gone:?}");
        assert!(store.finding(ANALYZER, "new-444455556666").await.is_ok());
        store.close().await;
    });
}

#[test]
fn what_was_given_up_is_shown_and_tried_again() {
    let folder = Folder::new();
    block_on(async {
        let store = store(&folder, &["hook"]).await;
        see(&store, &["data".to_owned()], Some("444455556666"), ago(10)).await;
        store.close().await;
    });
    let healed = Arc::new(AtomicBool::new(false));
    let is_healed = Arc::clone(&healed);
    let receiver = Stub::start(move |_| match is_healed.load(Ordering::SeqCst) {
        true => (200, String::new()),
        false => (400, String::new()),
    });
    let text = format!(
        "[events]\nrefused_attempts = 1\n[[events.sink]]\nname = 'hook'\n[events.sink.webhook]\n\
         url = 'http://127.0.0.1:{}/TOKEN'\nsecret = {{ env = 'HOOK_SECRET' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = ['127.0.0.1'] }}\n",
        receiver.port
    );
    let service = Running::start_with(&folder, &["--config", &write(&folder, &text)], &SECRET);
    let data = folder.path().to_str().unwrap();
    let events = |arguments: &[&str]| {
        let (code, text) = command(&[&["events"], arguments, &["--data", data]].concat(), &[]);
        assert_eq!(code, Some(0), "{text}");
        text
    };
    until("it is given up", || events(&["backlog"]).contains("hook\t0 waiting\t1 given up"));
    let dead = events(&["dead", "hook"]);
    assert!(dead.contains("data-444455556666") && dead.contains("HTTP 400"), "{dead}");
    healed.store(true, Ordering::SeqCst);
    assert!(events(&["replay", "hook"]).contains("1 events are tried again"));
    until("it is taken", || events(&["backlog"]).contains("hook\t0 waiting\t0 given up"));
    assert_eq!(receiver.bodies().len(), 2);
    let (code, text) = command(&["events", "dead", "nobody", "--data", data], &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("there are: hook"), "{text}");
    drop(service);
    let log = read_log(&folder);
    assert!(!log.contains("sesame") && !log.contains("TOKEN"), "{log}");
}

#[test]
fn a_change_leaves_within_a_second() {
    let folder = Folder::new();
    let data = block_on(store(&folder, &["hook"]));
    let receiver = Stub::start(|_| (200, String::new()));
    let text = format!(
        "[[events.sink]]\nname = 'hook'\n[events.sink.webhook]\nurl = 'http://127.0.0.1:{}/'\n\
         secret = {{ env = 'HOOK_SECRET' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = ['127.0.0.1'] }}\n",
        receiver.port
    );
    let service = Running::start_with(&folder, &["--config", &write(&folder, &text)], &SECRET);
    let mut took = Vec::new();
    for number in 0..5 {
        let bucket = [format!("bucket-{number}")];
        block_on(see(&data, &bucket, Some("444455556666"), ago(0)));
        let changed = std::time::Instant::now();
        until("it is told", || receiver.bodies().len() > number);
        took.push(changed.elapsed());
    }
    took.sort();
    eprintln!("from the change to the webhook: {took:?}");
    assert!(took[2] < std::time::Duration::from_secs(1), "{took:?}");
    drop(service);
}

#[test]
fn settings_that_cannot_work_end_the_start() {
    let folder = Folder::new();
    let file = write(&folder, "[[events.sink]]\nname = 'a'\neventbridge = { source = 'aws.x' }\n");
    let data = folder.path().to_str().unwrap();
    let (code, text) = command(&["serve", "--config", &file, "--data", data], &[]);
    assert_eq!(code, Some(1));
    assert!(text.contains("the sink `a`") && text.contains("AWS's"), "{text}");
}

#[test]
#[ignore = "needs Python: `cargo xtask test` sets it up"]
fn a_webhook_with_tls_is_told_if_its_certificate_is_trusted() {
    let folder = Folder::new();
    run("certificates.py", &[folder.path().to_str().unwrap()]);
    let receiver = Program::start("receiver.py", &[folder.path().to_str().unwrap()]);
    block_on(async {
        let store = store(&folder, &["trusted", "untrusted", "other"]).await;
        see(&store, &["data".to_owned()], Some("444455556666"), ago(10)).await;
        store.close().await;
    });
    let sink = |name: &str, host: &str, ca: &str| {
        format!(
            "[[events.sink]]\nname = '{name}'\n[events.sink.webhook]\nurl = 'https://{host}:{}/{name}'\n\
             secret = {{ env = 'HOOK_SECRET' }}\nlimits = {{ allow_addresses = ['127.0.0.1', '::1']{ca} }}\n",
            receiver.line
        )
    };
    let ca = format!(", ca_file = '{}'", folder.path().join("ca.pem").display());
    let text = sink("trusted", "localhost", &ca)
        + &sink("untrusted", "localhost", "")
        + &sink("other", "127.0.0.1", &ca);
    let service = Running::start_with(&folder, &["--config", &write(&folder, &text)], &SECRET);
    let received = folder.path().join("received");
    let data = folder.path().to_str().unwrap();
    until("it is told", || {
        std::fs::read_to_string(&received).unwrap_or_default().contains("/trusted")
    });
    until("the others failed", || {
        let log = read_log(&folder);
        log.contains("\"untrusted\"") && log.matches("TLS with").count() >= 2
    });
    let (_, backlog) = command(&["events", "backlog", "--data", data], &[]);
    assert!(backlog.contains("trusted\t0 waiting") && backlog.contains("untrusted\t1 waiting"));
    // Its certificate is for the name, not for the address.
    assert!(backlog.contains("other\t1 waiting"), "{backlog}");
    assert_eq!(std::fs::read_to_string(&received).unwrap().lines().count(), 1);
    drop(service);
}
