//! An event that its sink says is wrong.

use ringfence_store::outbox::Backlog;

use super::world::{SINK, World, webhook};
use crate::events::settings::EventsSettings;
use crate::listener::{Listener, Received};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_set_aside_holds_nobody_up_and_can_be_replayed() {
    let world = World::new().await;
    let healed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_healed = std::sync::Arc::clone(&healed);
    let answer = move |own: &Received| {
        let is_poison = own.body.contains("poison-") && own.body.contains("ACTIVE");
        match is_poison && !is_healed.load(std::sync::atomic::Ordering::SeqCst) {
            true => "HTTP/1.1 422 Unprocessable Content\r\n".to_owned(),
            false => "HTTP/1.1 204 No Content\r\n".to_owned(),
        }
    };
    let listener = Listener::start(0, answer).await;
    let settings = EventsSettings { refused_attempts: 3, ..EventsSettings::default() };
    let mut dispatcher = world.dispatcher(&settings, webhook(listener.port));
    world.see("poison", Some("444455556666"), 0).await;
    world.see("poison", None, 1).await;
    for number in 0..20 {
        world.see(&format!("good-{number}"), Some("444455556666"), 1).await;
    }
    dispatcher.step(world.at(2)).await.unwrap();
    assert_eq!(listener.received().len(), 21);
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog { pending: 2, dead: 0 });
    for second in 3..60 {
        dispatcher.step(world.at(second)).await.unwrap();
    }
    // The event behind it came after it was given up.
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog { pending: 0, dead: 1 });
    assert!(listener.received().last().unwrap().body.contains("RESOLVED"));
    let dead = world.store.dead_letters(SINK, 0, 10).await.unwrap();
    let error = dead[0].error.as_deref().unwrap();
    assert_eq!((dead[0].attempts, error), (3, "the webhook answered HTTP 422"));
    let before = listener.received();
    let refused = before.iter().find(|own| own.body.contains("poison-")).unwrap();

    healed.store(true, std::sync::atomic::Ordering::SeqCst);
    world.store.replay_dead_letters(SINK, world.at(100)).await.unwrap();
    dispatcher.step(world.at(100)).await.unwrap();
    assert_eq!(world.store.backlog(SINK).await.unwrap(), Backlog::default());
    let replayed = listener.received().last().unwrap().clone();
    // The receiver can tell that it is the same.
    assert_eq!(replayed.body, refused.body);
    assert_eq!(replayed.headers["x-ringfence-event-id"], refused.headers["x-ringfence-event-id"]);
    let metrics = world.service.metrics.told_text(&[]);
    assert!(metrics.contains("ringfence_given_up_total{sink=\"sink\"} 1"), "{metrics}");
    assert!(metrics.contains("ringfence_delivered_total{sink=\"sink\"} 22"), "{metrics}");
}
