//! A sink that is down.

use std::collections::BTreeMap;

use ringfence_store::outbox::Backlog;
use serde_json::Value;

use super::world::{SINK, World, webhook};
use crate::events::dispatcher::Step;
use crate::events::settings::EventsSettings;
use crate::listener::Listener;

const OK: &str = "HTTP/1.1 200 OK\r\n";

/// A port that nothing listens on.
async fn free_port() -> u16 {
    Listener::start(0, |_| OK.to_owned()).await.port
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_hour_without_the_sink_everything_arrives_in_order() {
    let world = World::new().await;
    let port = free_port().await;
    let mut dispatcher = world.dispatcher(&EventsSettings::default(), webhook(port));
    let mut tried = 0;
    for second in 0..3600 {
        if second % 300 == 0 {
            let bucket = format!("bucket-{}", second / 600);
            let who = (second % 600 == 0).then_some("444455556666");
            world.see(&bucket, who, second).await;
        }
        let step = dispatcher.step(world.at(second)).await.unwrap();
        tried += u32::from(step == Step::Tried);
    }
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog { pending: 12, dead: 0 });
    assert!((30..100).contains(&tried), "a sink that is down was tried {tried} times in an hour");

    // It is back: what is first tried then may wait as long as its last wait was.
    let listener = Listener::start(port, |_| OK.to_owned()).await;
    for second in 3600..4300 {
        dispatcher.step(world.at(second)).await.unwrap();
    }
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog::default());
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for own in listener.received() {
        let body: Value = serde_json::from_str(&own.body).unwrap();
        let text = |member: &str| body["detail"][member].as_str().unwrap().to_owned();
        told.entry(text("id")).or_default().push(text("status"));
    }
    assert_eq!(told.len(), 6);
    assert!(told.values().all(|own| own == &["ACTIVE", "RESOLVED"]), "{told:?}");
    // From then on nothing waits.
    world.see("late", Some("444455556666"), 4300).await;
    dispatcher.step(world.at(4300)).await.unwrap();
    assert_eq!(listener.received().len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_does_not_let_us_in_is_no_reason_to_give_events_up() {
    let world = World::new().await;
    let listener = Listener::start(0, |_| "HTTP/1.1 403 Forbidden\r\n".to_owned()).await;
    let settings = EventsSettings { refused_attempts: 1, ..EventsSettings::default() };
    let mut dispatcher = world.dispatcher(&settings, webhook(listener.port));
    world.see("data", Some("444455556666"), 0).await;
    for second in 0..60 {
        dispatcher.step(world.at(second)).await.unwrap();
    }
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog { pending: 1, dead: 0 });
}
