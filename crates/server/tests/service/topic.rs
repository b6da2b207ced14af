//! Notifications by SNS, and the commands of a mail about a resolution.

use std::process::Command;

use jiff::Timestamp;
use ringfence_response::notification::{NotificationKind, sample};

use crate::python::{CREDENTIALS, Program, python, run, until};
use crate::running::{Folder, Running, command, read_log};
use crate::seed::{block_on, store};
use crate::stub::Stub;

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:people";

fn write(folder: &Folder, url: &str) -> String {
    let file = folder.path().join("notify.toml");
    let text = format!(
        "[[notifications.channel]]\nname = 'people'\n[notifications.channel.sns]\ntopic_arn = '{TOPIC}'\n\
         aws = {{ endpoint_url = '{url}', region = 'us-east-1' }}\n"
    );
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What SNS answers, in the form of its documentation: moto confirms every subscription by itself.
fn sns(body: &str) -> (u16, String) {
    let member = |endpoint: &str, arn: &str| {
        format!(
            "<member><TopicArn>{TOPIC}</TopicArn><Protocol>email</Protocol>\
             <SubscriptionArn>{arn}</SubscriptionArn><Owner>123456789012</Owner>\
             <Endpoint>{endpoint}</Endpoint></member>"
        )
    };
    let answer = |name: &str, inner: &str| {
        format!(
            "<{name}Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><{name}Result>{inner}</{name}Result>\
             <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{name}Response>"
        )
    };
    if body.contains("Action=ListSubscriptionsByTopic") {
        let members = member("a@example.com", "PendingConfirmation")
            + &member("b@example.com", &format!("{TOPIC}:b"));
        let inner = format!("<Subscriptions>{members}</Subscriptions>");
        return (200, answer("ListSubscriptionsByTopic", &inner));
    }
    (200, answer("Publish", "<MessageId>m</MessageId>"))
}

#[test]
fn a_subscription_that_waits_for_its_confirmation_is_said() {
    let folder = Folder::new();
    let stub = Stub::start(sns);
    let file = write(&folder, &format!("http://127.0.0.1:{}", stub.port));
    let (code, text) = command(&["notify", "test", "people", "--config", &file], &CREDENTIALS);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("`a@example.com` waits for its confirmation"), "{text}");
    assert!(!text.contains("b@example.com") && text.contains("took a sample"), "{text}");

    let queued = block_on(async {
        let store = store(&folder, &[]).await;
        let own = sample(NotificationKind::Failure, Timestamp::now());
        store.queue_notification(&own).await.unwrap();
        store.queue_notification(&own).await.unwrap();
        store.close().await;
        own
    });
    let before = stub.bodies().len();
    let service = Running::start_with(&folder, &["--config", &file], &CREDENTIALS);
    until("it is published", || read_log(&folder).contains("waits for its confirmation"));
    drop(service);
    let sent: Vec<String> = stub.bodies().split_off(before);
    let published: Vec<&String> =
        sent.iter().filter(|own| own.contains("Action=Publish")).collect();
    assert_eq!(published.len(), 1, "queued twice, it is sent once");
    assert!(published[0].contains(&queued.finding_id));
}

#[test]
#[ignore = "needs moto: `cargo xtask test` sets it up"]
fn the_mail_s_commands_take_the_statement_out_again() {
    let folder = Folder::new();
    let moto = Program::moto();
    let own = sample(NotificationKind::Resolved, Timestamp::now());
    let sid = own.resolution.clone().unwrap().sid.unwrap();
    run("role.py", &["plant", &moto.line, &sid]);
    let (code, text) = command(&["notify", "preview", "--kind", "resolved"], &[]);
    assert_eq!(code, Some(0), "{text}");
    let commands: Vec<&str> =
        text.lines().map(str::trim).filter(|line| line.starts_with("aws iam")).collect();
    assert_eq!(commands.len(), 2, "{text}");
    let programs = python().parent().unwrap().to_owned();
    let path = std::env::join_paths(
        std::iter::once(programs).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let done = Command::new("sh")
        .args(["-e", "-c", &commands.join("\n")])
        .current_dir(folder.path())
        .env("PATH", path.unwrap())
        .env("AWS_ENDPOINT_URL", &moto.line)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .envs(CREDENTIALS)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    run("role.py", &["check", &moto.line, &sid]);
}

#[test]
#[ignore = "needs moto: `cargo xtask test` sets it up"]
fn a_topic_of_moto_publishes_what_was_queued() {
    let folder = Folder::new();
    let moto = Program::moto();
    run("topic.py", &["plant", &moto.line]);
    let own = sample(NotificationKind::Resolved, Timestamp::now());
    block_on(async {
        let store = store(&folder, &[]).await;
        store.queue_notification(&own).await.unwrap();
        store.close().await;
    });
    let file = write(&folder, &moto.line);
    let service = Running::start_with(&folder, &["--config", &file], &CREDENTIALS);
    let text = run("topic.py", &["read", &moto.line]);
    assert!(
        text.contains("was resolved automatically") && text.contains(&own.finding_id),
        "{text}"
    );
    assert_eq!(service.terminate(), Some(0));
}
