//! When channels send, with time as an argument, and what a chat gets.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::{Notification, NotificationKind, sample};
use ringfence_store::outbox::Backlog;
use ringfence_store::{Location, Store};
use serde_json::Value;

use super::dispatcher::Sender;
use super::{NotificationSettings, Notifications, routed};
use crate::keys::MasterKey;
use crate::listener::Listener;
use crate::service::{Service, Settings};

struct World {
    store: Store,
    service: Arc<Service>,
    notifications: Notifications,
    start: Timestamp,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
        let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let service = Service::new(Settings::default(), master, store.clone());
        let notifications = open(settings).unwrap();
        let start = "2026-01-01T00:00:10Z".parse().unwrap();
        Self { store, service, notifications, start, _folder: folder }
    }

    fn at(&self, seconds: i64) -> Timestamp {
        self.start.checked_add(SignedDuration::from_secs(seconds)).unwrap()
    }

    async fn queue(&self, kind: NotificationKind, number: usize) {
        let mut own: Notification = sample(kind, self.start);
        own.id = format!("{}/{number}", kind.template());
        own.finding_id = format!("finding-{number}");
        super::notify(&self.store, &own).await.unwrap();
    }

    /// Routes what is queued and sends what is due; gives how much was due for the channel.
    async fn step(&self, channel: &str, seconds: i64) -> usize {
        let now = self.at(seconds);
        let Notifications { channels, routes, templates } = &self.notifications;
        let route = |own: &Notification| routed(own, channels, routes, now);
        self.store.route_notifications(route, 1_000).await.unwrap();
        let sender = Sender {
            service: Arc::clone(&self.service),
            name: channel.to_owned(),
            channel: Arc::clone(&channels[channel]),
            templates: Arc::clone(templates),
        };
        sender.step(now).await.unwrap()
    }

    async fn backlog(&self) -> Backlog {
        self.store
            .notification_backlogs()
            .await
            .unwrap()
            .first()
            .map(|own| own.1)
            .unwrap_or_default()
    }
}

fn open(settings: &str) -> Result<Notifications, String> {
    let settings: NotificationSettings =
        toml::from_str(settings).map_err(|error| error.to_string())?;
    let environment = |name: &str| {
        name.strip_prefix("URL_").map(|port| format!("http://127.0.0.1:{port}/SECRET"))
    };
    Notifications::open(&settings, &environment).map_err(|error| error.to_string())
}

fn chat(name: &str, shape: &str, port: u16, rest: &str) -> String {
    format!(
        "[[channel]]\nname = '{name}'\n{rest}\n[channel.{shape}]\nurl = {{ env = 'URL_{port}' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = ['127.0.0.1'] }}\n"
    )
}

const OK: &str = "HTTP/1.1 200 OK\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_waits_for_its_window_and_what_is_urgent_does_not() {
    let listener = Listener::start(0, |_| OK.to_owned()).await;
    let world = World::new(&chat("team", "slack", listener.port, "digest_minutes = 15")).await;
    for number in 0..120 {
        world.queue(NotificationKind::NewFinding, number).await;
    }
    world.queue(NotificationKind::Proposal, 0).await;
    assert_eq!(world.step("team", 1).await, 1);
    assert_eq!(listener.received().len(), 1);
    assert!(listener.received()[0].body.contains("Approve a change"));
    assert_eq!(world.step("team", 880).await, 0, "its window ends at a quarter past");
    world.queue(NotificationKind::NewFinding, 500).await;
    for expected in [50, 50, 20, 0] {
        assert_eq!(world.step("team", 890).await, expected);
    }
    let next = world.step("team", 1790).await;
    assert_eq!(next, 1, "what came when the window was over is in the next");
    let bodies: Vec<Value> =
        listener.received().iter().map(|own| serde_json::from_str(&own.body).unwrap()).collect();
    let titles: Vec<&str> =
        bodies.iter().skip(1).map(|own| own["text"].as_str().unwrap()).collect();
    let title = |number: usize| format!("[Ringfence] {number} notifications");
    assert_eq!(titles[..3], [title(50), title(50), title(20)]);
    assert!(titles.len() == 4 && titles[3].contains("finding-500"), "{titles:?}");
    assert_eq!(world.backlog().await, Backlog::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_down_gets_it_later_and_one_that_refuses_it_does_not() {
    let down = Listener::start(0, |_| "HTTP/1.1 503 Service Unavailable\r\n".to_owned()).await;
    let world = World::new(&chat("team", "teams", down.port, "")).await;
    world.queue(NotificationKind::Failure, 0).await;
    for second in 0..600 {
        world.step("team", second).await;
    }
    assert_eq!(world.backlog().await, Backlog { pending: 1, dead: 0 });
    assert!((4..12).contains(&down.received().len()), "{} attempts", down.received().len());
    drop(down);
    let refuses = Listener::start(0, |_| "HTTP/1.1 400 Bad Request\r\n".to_owned()).await;
    let world = World::new(&chat("team", "teams", refuses.port, "")).await;
    world.queue(NotificationKind::Failure, 0).await;
    for second in 0..60 {
        world.step("team", second).await;
    }
    assert_eq!(world.backlog().await, Backlog { pending: 0, dead: 1 });
    let dead = world.store.dead_notifications("team", 0, 10).await.unwrap();
    assert!(dead[0].error.as_deref().unwrap().contains("HTTP 400"));
    assert_eq!(world.store.replay_notifications("team", world.at(60)).await.unwrap(), 1);
    assert_eq!(world.step("team", 61).await, 1);
    assert_eq!(refuses.received().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_choose_channels() {
    let listener = Listener::start(0, |_| OK.to_owned()).await;
    let settings = format!(
        "{}{}[routes]\nalways = ['security']\n[[routes.route]]\nmatch = {{ tags = {{ team = 'payments' }}, kinds = ['Failure'] }}\nchannels = []\n",
        chat("payments", "slack", listener.port, ""),
        chat("security", "teams", listener.port, "")
    );
    let world = World::new(&settings).await;
    world.queue(NotificationKind::Failure, 0).await;
    assert_eq!(world.step("payments", 0).await, 0);
    assert_eq!(world.step("security", 0).await, 1);
    world.queue(NotificationKind::Proposal, 0).await;
    assert_eq!((world.step("payments", 0).await, world.step("security", 0).await), (1, 1));
    let body: Value = serde_json::from_str(&listener.received()[0].body).unwrap();
    assert_eq!(body["attachments"][0]["content"]["type"], "AdaptiveCard");
}

#[test]
fn settings_and_templates_that_cannot_work_are_refused() {
    let refused = |text: &str| open(text).err().unwrap_or_default();
    assert!(refused("[[channel]]\nname = 'a'").contains("one of `mail`"));
    assert!(refused("[routes]\nalways = ['nobody']").contains("`nobody`"));
    let mail = "[[channel]]\nname = 'a'\n[channel.mail]\nserver = 'x'\nto = ['a@example.com']\n";
    assert!(refused(&format!("{mail}from = 'no address'")).contains("no mail address"));
    assert!(
        refused(&format!("{mail}from = 'a@example.com'\nuser = 'x'")).contains("belong together")
    );
    let folder = tempfile::tempdir().unwrap();
    let templates = format!("templates = '{}'", folder.path().display());
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("resolved.txt", "{{ findingId }} is gone\n\n{{ nothingLikeThis.x }}");
    let told = refused(&templates);
    assert!(told.contains("resolved.txt") && told.contains("line 3"), "{told}");
    write("resolved.txt", "{{ findingId }} is gone\n\nBye");
    let own = sample(NotificationKind::Resolved, Timestamp::UNIX_EPOCH);
    let rendered = open(&templates).unwrap().render(&own).unwrap();
    assert_eq!(rendered.subject, format!("{} is gone", own.finding_id));
}
