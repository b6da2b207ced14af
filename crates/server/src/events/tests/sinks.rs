//! What a receiver sees, and where requests do not go.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ring::hmac;
use serde_json::Value;

use super::world::{SINK, World, secret, sink, webhook};
use crate::events::Events;
use crate::events::settings::EventsSettings;
use crate::events::sinks::Sink;
use crate::listener::Listener;
use crate::outbound::Resolve;

const OK: &str = "HTTP/1.1 200 OK\r\n";

/// Delivers one event and gives what its sink said of it where it did not take it.
async fn error_of(sink: Sink) -> Option<String> {
    let world = World::new().await;
    let settings = EventsSettings::default();
    let mut dispatcher = world.dispatcher(&settings, sink);
    world.see("data", Some("444455556666"), 0).await;
    dispatcher.step(world.at(1)).await.unwrap();
    let left =
        world.store.take_deliveries(SINK, world.at(1000), jiff::SignedDuration::from_secs(1), 1);
    left.await.unwrap().first().map(|own| own.error.clone().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_aws_envelope_with_a_signature() {
    let world = World::new().await;
    let listener = Listener::start(0, |_| OK.to_owned()).await;
    let mut dispatcher = world.dispatcher(&EventsSettings::default(), webhook(listener.port));
    world.see("data", Some("444455556666"), 0).await;
    dispatcher.step(world.at(1)).await.unwrap();
    let received = listener.received();
    let own = &received[0];
    let body: Value = serde_json::from_str(&own.body).unwrap();
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "version",
            "id",
            "detail-type",
            "source",
            "account",
            "time",
            "region",
            "resources",
            "detail"
        ]
    );
    assert_eq!(body["source"], "aws.access-analyzer");
    assert_eq!(body["detail-type"], "Access Analyzer Finding");
    assert_eq!(body["time"], "2026-01-01T00:00:00Z");
    assert_eq!(body["detail"]["status"], "ACTIVE");
    let timestamp = &own.headers["x-ringfence-timestamp"];
    assert_eq!(timestamp, &world.at(1).as_second().to_string());
    let signed = format!("{timestamp}.{}", own.body);
    let given = own.headers["x-ringfence-signature"].strip_prefix("v1=").unwrap();
    let tag: Vec<u8> = (0..given.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&given[at..at + 2], 16).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"open sesame");
    assert!(hmac::verify(&key, signed.as_bytes(), &tag).is_ok());
    assert!(hmac::verify(&key, format!("1.{}", own.body).as_bytes(), &tag).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_not_followed() {
    let elsewhere = Listener::start(0, |_| OK.to_owned()).await;
    let location = format!("http://127.0.0.1:{}/", elsewhere.port);
    let listener = Listener::start(0, move |_| {
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\n")
    })
    .await;
    let error = error_of(webhook(listener.port)).await.unwrap();
    assert!(error.contains("HTTP 307") && error.contains("not followed"), "{error}");
    assert_eq!((listener.received().len(), elsewhere.received().len()), (1, 0));
}

/// A webhook at a name, which stands for another address each time it is looked up.
fn rebinding(
    port: u16,
    allow: &str,
    addresses: &'static [&'static [&'static str]],
) -> (Sink, Arc<AtomicUsize>) {
    let lookups = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&lookups);
    let resolve: Resolve = Arc::new(move |host, port| {
        assert_eq!(host, "hooks.example.com");
        let number = counted.fetch_add(1, Ordering::SeqCst);
        let own = addresses[number.min(addresses.len() - 1)];
        let own = own.iter().map(|text| SocketAddr::new(text.parse().unwrap(), port)).collect();
        Box::pin(async move { Ok(own) })
    });
    let text = format!(
        "name = 'sink'\n[webhook]\nurl = 'http://hooks.example.com:{port}/'\nsecret = {{ env = 'HOOK_SECRET' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = [{allow}], timeout_seconds = 2 }}"
    );
    let Sink::Webhook(webhook) = sink(&text) else { panic!("it is a webhook") };
    (Sink::Webhook(Box::new(webhook.resolving(resolve))), lookups)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_stands_for_this_machine_is_no_way_in() {
    let listener = Listener::start(0, |_| OK.to_owned()).await;
    let port = listener.port;
    let cases: [&'static [&'static [&'static str]]; 4] = [
        &[&["127.0.0.1"]],
        &[&["198.51.100.7", "127.0.0.1"]],
        &[&["::ffff:127.0.0.1"]],
        &[&["169.254.169.254"]],
    ];
    for addresses in cases {
        let (sink, _) = rebinding(port, "'198.51.100.7'", addresses);
        let error = error_of(sink).await.unwrap();
        assert!(error.contains("not in the public Internet"), "{addresses:?}: {error}");
    }
    // The system's own lookups, and addresses in other clothes.
    for host in ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"] {
        let text = format!(
            "name = 'sink'\n[webhook]\nurl = 'http://{host}:{port}/'\nsecret = {{ env = 'HOOK_SECRET' }}\n\
             limits = {{ allow_plaintext = true, timeout_seconds = 2 }}"
        );
        assert!(error_of(sink(&text)).await.is_some(), "{host}");
    }
    assert_eq!(listener.received().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_was_checked_is_the_one_connected_to() {
    let listener = Listener::start(0, |_| OK.to_owned()).await;
    // Looked up a second time, the name would stand for something else.
    let (sink, lookups) =
        rebinding(listener.port, "'127.0.0.1'", &[&["127.0.0.1"], &["127.0.0.2"]]);
    assert_eq!(error_of(sink).await, None);
    assert_eq!((listener.received().len(), lookups.load(Ordering::SeqCst)), (1, 1));
    assert!(listener.received()[0].headers["host"].starts_with("hooks.example.com:"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_answer_ends() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(stream.read(&mut [0; 8192]).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
        let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
        while stream.write_all(chunk.as_bytes()).await.is_ok() {}
    });
    assert_eq!(error_of(webhook(port)).await, None);
    tokio::time::timeout(std::time::Duration::from_secs(5), serve).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_anew_after_it_was_moved_and_torn_lines_stay_apart() {
    let world = World::new().await;
    let path = world.folder.path().join("events.jsonl");
    std::fs::write(&path, "{\"torn\": ").unwrap();
    let text = format!("name = 'sink'\n[file]\npath = '{}'", path.display());
    let mut dispatcher = world.dispatcher(&EventsSettings::default(), sink(&text));
    world.see("one", Some("444455556666"), 0).await;
    dispatcher.step(world.at(1)).await.unwrap();
    let moved = world.folder.path().join("events.jsonl.1");
    std::fs::rename(&path, &moved).unwrap();
    world.see("two", Some("444455556666"), 2).await;
    dispatcher.step(world.at(3)).await.unwrap();
    let ids = |path: &std::path::Path| -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.ends_with('\n'));
        let whole = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        whole.map(|own| own["detail"]["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&moved), ["one-444455556666"]);
    assert_eq!(ids(&path), ["two-444455556666"]);
    // A folder that is not there is a sink that is down.
    let nowhere = format!("name = 'sink'\n[file]\npath = '{}/no/x'", world.folder.path().display());
    assert!(error_of(sink(&nowhere)).await.unwrap().contains("cannot be written"));
}

#[test]
fn settings_that_cannot_work_are_refused_and_show_no_secret() {
    let refused = |text: &str| {
        let settings: EventsSettings = match toml::from_str(text) {
            Ok(settings) => settings,
            Err(error) => return error.to_string(),
        };
        Events::open(&settings, &secret).unwrap_err().to_string()
    };
    let sink = |text: &str| refused(&format!("[[sink]]\nname = 'a'\n{text}"));
    assert!(sink("[sink.eventbridge]\nsource = 'aws.access-analyzer'").contains("AWS's"));
    assert!(sink("").contains("one of"));
    assert!(
        sink("[sink.file]\npath = 'x'\n[sink.sqs]\nqueue_url = 'https://x'").contains("one of")
    );
    assert!(sink("[sink.webhook]\nurl = 'https://x'\nurll = 'https://y'").contains("urll"));
    assert!(sink("[sink.webhook]\nurl = 'https://x'").contains("a secret has to be"));
    let hidden =
        sink("[sink.webhook]\nurl = 'https://u:PASSWORD@x'\nsecret = { env = 'HOOK_SECRET' }");
    assert!(hidden.contains("user name") && !hidden.contains("PASSWORD"), "{hidden}");
    assert!(refused("[[sink]]\nname = 'response'\n[sink.file]\npath = 'x'").contains("reserved"));
    let twice = "[[sink]]\nname = 'a'\n[sink.file]\npath = 'x'\n";
    assert!(refused(&format!("{twice}{twice}")).contains("another sink"));
    let one: EventsSettings = toml::from_str(twice).unwrap();
    assert!(Events::open(&one, &secret).is_ok());
}
