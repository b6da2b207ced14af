//! The service killed in the middle of telling.

use std::collections::BTreeMap;
use std::time::Duration;

use ringfence_store::outbox::Backlog;
use ringfence_store::{Location, Store};
use serde_json::Value;

use crate::python::until;
use crate::running::{Folder, Running};
use crate::seed::{ago, block_on, see, store};
use crate::stub::Stub;

const FINDINGS: usize = 60;

#[test]
#[ignore = "takes half a minute"]
fn nothing_is_lost_and_each_finding_is_told_in_order() {
    let folder = Folder::new();
    let buckets: Vec<String> = (0..FINDINGS).map(|number| format!("bucket-{number}")).collect();
    block_on(async {
        let store = store(&folder, &["hook"]).await;
        for (round, who) in
            [Some("444455556666"), None, Some("444455556666"), None].iter().enumerate()
        {
            see(&store, &buckets, *who, ago(1000 - round as i64)).await;
        }
        assert_eq!(store.backlog("hook").await.unwrap().pending, 4 * FINDINGS as u64);
        store.close().await;
    });
    let receiver = Stub::start(|_| {
        std::thread::sleep(Duration::from_millis(30));
        (200, String::new())
    });
    let file = folder.path().join("events.toml");
    let text = format!(
        "[events]\nlease_seconds = 2\nbatch = 16\n[[events.sink]]\nname = 'hook'\n[events.sink.webhook]\n\
         url = 'http://127.0.0.1:{}/'\nsecret = {{ env = 'HOOK_SECRET' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = ['127.0.0.1'] }}\n",
        receiver.port
    );
    std::fs::write(&file, text).unwrap();
    let arguments = ["--config", file.to_str().unwrap()];
    let secret = [("HOOK_SECRET", "open sesame")];
    let mut kills = 0;
    for round in 0u64..6 {
        let service = Running::start_with(&folder, &arguments, &secret);
        let before = receiver.bodies().len();
        until("something is told", || receiver.bodies().len() > before || all_told(&folder));
        std::thread::sleep(Duration::from_millis(17 * round));
        service.kill();
        kills += u32::from(!all_told(&folder));
    }
    let service = Running::start_with(&folder, &arguments, &secret);
    until("everything is told", || all_told(&folder));
    assert_eq!(service.terminate(), Some(0));

    let mut told: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let bodies = receiver.bodies();
    for body in &bodies {
        let body: Value = serde_json::from_str(body).unwrap();
        let text = |member: &str| body["detail"][member].as_str().unwrap().to_owned();
        let own = (text("updatedAt"), text("status"));
        let all = told.entry(text("id")).or_default();
        // The same again is a repetition, which its id shows.
        if all.last() != Some(&own) {
            all.push(own);
        }
    }
    assert_eq!(told.len(), FINDINGS);
    for (id, own) in &told {
        assert!(own.is_sorted(), "{id}: {own:?}");
        let statuses: Vec<&str> = own.iter().map(|(_, status)| status.as_str()).collect();
        assert_eq!(statuses, ["ACTIVE", "RESOLVED", "ACTIVE", "RESOLVED"], "{id}");
    }
    assert!(kills >= 3, "the service was hardly killed while it was telling: {kills}");
    eprintln!("{kills} kills while telling, {} requests for {} events", bodies.len(), 4 * FINDINGS);
}

fn all_told(folder: &Folder) -> bool {
    block_on(async {
        let place = Location::Folder(folder.path().to_owned());
        let store = Store::open(&place).await.unwrap();
        let backlog = store.backlog("hook").await.unwrap();
        store.close().await;
        backlog == Backlog::default()
    })
}
