//! Notifications by mail, to a real mail server.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_response::notification::{NotificationKind, sample};

use crate::python::{Program, run, until};
use crate::running::{Folder, Running, command, read_log};
use crate::seed::{block_on, store};

const PASSWORD: [(&str, &str); 1] = [("MAIL_PASSWORD", "open sesame")];

fn settings(port: &str, rest: &str) -> String {
    format!(
        "[[notifications.channel]]\nname = 'mail'\n[notifications.channel.mail]\nserver = 'localhost'\nport = {port}\n\
         from = 'Ringfence <ringfence@example.com>'\nto = ['owner@example.com', 'Security <security@example.com>']\n\
         {rest}"
    )
}

fn write(folder: &Folder, text: &str) -> String {
    let file = folder.path().join("notify.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs aiosmtpd: `cargo xtask test` sets it up"]
fn a_mail_arrives_by_starttls_and_says_what_was_done() {
    let folder = Folder::new();
    let place = folder.path().to_str().unwrap();
    run("certificates.py", &[place]);
    let server = Program::start("mail_server.py", &[place, "starttls"]);
    let ca = folder.path().join("ca.pem");
    let rest = format!(
        "user = 'ringfence'\npassword = {{ env = 'MAIL_PASSWORD' }}\nca_file = '{}'\n",
        ca.display()
    );
    let file = write(&folder, &settings(&server.line, &rest));
    let mut own = sample(NotificationKind::Resolved, Timestamp::now());
    own.tags = BTreeMap::from([(
        "team\r\nBcc: everybody@example.com".to_owned(),
        "<script>alert(1)</script>{{ 7 * 7 }}\r\n.\r\nMAIL FROM:<x@example.com>".to_owned(),
    )]);
    own.target.arn.push_str("\r\nSubject: forged");
    block_on(async {
        let store = store(&folder, &[]).await;
        store.queue_notification(&own).await.unwrap();
        store.close().await;
    });
    let arguments = ["--config", file.as_str()];
    let service = Running::start_with(&folder, &arguments, &PASSWORD);
    let mails = || std::fs::read_dir(folder.path().join("mails")).unwrap().count();
    until("the mail is there", || mails() > 0);
    run("mail_check.py", &[place, &own.finding_id]);
    // Once, also after a restart, and also when it is queued again.
    assert_eq!(service.terminate(), Some(0));
    block_on(async {
        let store = store(&folder, &[]).await;
        store.queue_notification(&own).await.unwrap();
        let other = sample(NotificationKind::Proposal, Timestamp::now());
        store.queue_notification(&other).await.unwrap();
        store.close().await;
    });
    let service = Running::start_with(&folder, &arguments, &PASSWORD);
    until("the other mail is there", || mails() > 1);
    assert_eq!(service.terminate(), Some(0));
    assert_eq!(mails(), 2);
    let log = read_log(&folder);
    assert!(!log.contains("sesame"), "{log}");
}

#[test]
#[ignore = "needs aiosmtpd: `cargo xtask test` sets it up"]
fn a_server_that_cannot_be_trusted_gets_no_mail_and_no_password() {
    let folder = Folder::new();
    let place = folder.path().to_str().unwrap();
    run("certificates.py", &[place]);
    let (trusted, plain) = (
        Program::start("mail_server.py", &[place, "starttls"]),
        Program::start("mail_server.py", &[place, "plain"]),
    );
    let ca = format!("ca_file = '{}'\n", folder.path().join("ca.pem").display());
    let credentials = "user = 'ringfence'\npassword = { env = 'MAIL_PASSWORD' }\n";
    let test = |text: &str| {
        let file = write(&folder, text);
        command(&["notify", "test", "mail", "--config", &file], &PASSWORD)
    };
    for (what, text) in [
        ("an unknown authority", settings(&trusted.line, credentials)),
        ("no STARTTLS", settings(&plain.line, &(ca.clone() + credentials))),
        (
            "a password in the clear",
            settings(&plain.line, &format!("security = 'none'\n{credentials}")),
        ),
        (
            "a wrong password",
            settings(&trusted.line, &(ca.clone() + &credentials.replace("ringfence", "nobody"))),
        ),
    ] {
        let (code, told) = test(&text);
        assert_eq!(code, Some(1), "{what}: {told}");
        assert!(told.contains("the channel `mail`") && !told.contains("sesame"), "{what}: {told}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("mails")).unwrap().count(), 0);
    let (code, told) = test(&settings(&trusted.line, &(ca + credentials)));
    assert_eq!(code, Some(0), "{told}");
    let (code, told) = test(&settings(&plain.line, "security = 'none'\n"));
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(std::fs::read_dir(folder.path().join("mails")).unwrap().count(), 2);
}
