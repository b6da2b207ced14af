//! What an operator sees: `doctor`, dry runs of rules, certificates, the configuration.

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::{NotificationKind, sample};
use ringfence_store::notifications::ChannelDue;
use ringfence_store::outbox::RetryPolicy;

use crate::clients::{payments, script};
use crate::running::{Folder, Running, create_key, python, read_log, run};
use crate::seed::{ANALYZER, ago, block_on, see, store};

const KEY: [&str; 3] = ["--account", "111122223333", "--full-access"];

#[test]
fn doctor_says_what_is_wrong() {
    let folder = Folder::new();
    let (code, out, _) = run(&folder, &["doctor", "--source", "nowhere"]);
    assert!(code == Some(3) && out.contains("problem") && out.contains("nowhere"), "{out}");
    create_key(&folder, &KEY);
    let (code, out, _) = run(&folder, &["doctor"]);
    assert!(code == Some(0) && out.contains("1 of 1 are accepted"), "{out}");
    let key = folder.path().join("encryption.key");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&key, open).unwrap();
    let (code, out, _) = run(&folder, &["doctor"]);
    assert!(code == Some(3) && out.contains("others may read"), "{out}");
    // A key that is not the one that secrets were encrypted under.
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let (code, out, _) = run(&folder, &["doctor"]);
    assert!(code == Some(3) && out.contains("encrypted under another key"), "{out}");
}

#[test]
fn a_configuration_that_is_wrong_is_refused_with_its_place() {
    let folder = Folder::new();
    let file = folder.path().join("ringfence.toml");
    let name = file.to_str().unwrap();
    std::fs::write(&file, "[serve]\nregion = 1\n").unwrap();
    let (code, _, err) = run(&folder, &["serve", "--config", name]);
    assert!(code == Some(1) && err.contains("ringfence.toml:2: `serve.region`"), "{err}");
    let (code, _, err) = run(&folder, &["serve", "--scan-interval", "daily"]);
    assert!(code == Some(2) && err.contains("--scan-interval"), "{err}");
    std::fs::write(&file, "[serve]\nlisten = \"127.0.0.1:0\"\nregion = \"eu-west-1\"\n").unwrap();
    let service = Running::start(&folder, &["--config", name]);
    assert!(service.get("/ready").starts_with("HTTP/1.1 200"));
    assert!(read_log(&folder).contains("eu-west-1"));
}

#[test]
#[ignore = "needs Python: `cargo xtask test` sets it up"]
fn what_is_printed_is_as_the_schemas_say() {
    let folder = Folder::new();
    let write = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let printed = |name: &str, file: &str, arguments: &[&str]| {
        let (code, out, err) = run(&folder, arguments);
        assert!(matches!(code, Some(0 | 3)), "{arguments:?}: {err}");
        format!("{name}={}", write(file, out))
    };
    block_on(a_store_with_letters_that_were_given_up(&folder));
    let finding = ["data-444455556666", "--analyzer", ANALYZER];
    let filter = write("filter", r#"{"resourceType":{"eq":["AWS::S3::Bucket"]}}"#.to_owned());
    let dry = ["archive-rules", "dry-run", "--analyzer", ANALYZER, "--format", "json"];
    let show = ["config", "show", "--format", "json", "--region", "eu-west-1"];
    let all = [
        printed("doctor", "doctor.json", &["doctor", "--format", "json"]),
        printed("config-show", "show.json", &show),
        printed("dead-event", "events.jsonl", &["events", "dead", "hook"]),
        printed("dead-notification", "told.jsonl", &["notify", "dead", "mail"]),
        printed("archive-rules-dry-run", "dry.json", &[&dry[..], &["--filter", &filter]].concat()),
        printed(
            "archive-rules-explain",
            "explain.json",
            &[&["archive-rules", "explain"], &finding[..]].concat(),
        ),
    ];
    python("schemas.py", &all.each_ref().map(String::as_str));
}

/// A finding, its event that no sink took, and a notification that no channel sent.
async fn a_store_with_letters_that_were_given_up(folder: &Folder) {
    let store = store(folder, &["hook"]).await;
    see(&store, &["data".to_owned()], Some("444455556666"), ago(60)).await;
    let now = Timestamp::now();
    let once = RetryPolicy {
        first_wait: SignedDuration::ZERO,
        longest_wait: SignedDuration::ZERO,
        attempts: 1,
    };
    let lease = SignedDuration::from_secs(60);
    for event in store.take_deliveries("hook", now, lease, 10).await.unwrap() {
        store.delivery_failed("hook", event.position, "HTTP 400", &once, now).await.unwrap();
    }
    store.queue_notification(&sample(NotificationKind::Proposal, now)).await.unwrap();
    let mail = |_: &_| vec![ChannelDue { channel: "mail".to_owned(), due: now }];
    assert_eq!(store.route_notifications(mail, 10).await.unwrap(), 1);
    for own in store.take_notifications("mail", now, lease, 10).await.unwrap() {
        store.notification_failed("mail", own.position, "refused", &once, now).await.unwrap();
    }
    store.close().await;
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn broad_archive_rules_are_told_of_or_refused() {
    let folder = Folder::new();
    let source = payments(&folder);
    let source = source.to_str().unwrap();
    let key = create_key(&folder, &KEY);
    let environment = |setting| {
        [
            ("AWS_ACCESS_KEY_ID", &*key.id),
            ("AWS_SECRET_ACCESS_KEY", &*key.secret),
            ("SETTING", setting),
            ("SOURCE", source),
        ]
    };
    let service = Running::start(&folder, &["--source", source]);
    script("broad_rules.py", &service, &environment("warn"));
    assert_eq!(service.terminate(), Some(0));
    let log = read_log(&folder);
    let later = std::fs::read_to_string(format!("{source}/later-finding")).unwrap();
    let told = log.lines().filter(|line| line.contains("archived a public finding"));
    assert_eq!(told.filter(|line| line.contains(&later)).count(), 1, "{log}");
    let noted = block_on(async {
        let store = store(&folder, &[]).await;
        let noted = store.audit_log(0, 10_000).await.unwrap();
        store.close().await;
        noted
    });
    let by_the_scan = noted.iter().filter(|own| {
        own.operation == "ringfence:BroadArchiveRule"
            && own.who == "ringfence"
            && own.subject == format!("{ANALYZER}/archive-rule/broad")
            && own.after.as_ref().unwrap()["publicFindings"] == serde_json::json!([later])
    });
    assert_eq!(by_the_scan.count(), 1, "{noted:?}");
    assert!(
        log.contains("could hide a public exposure") && log.contains("/archive-rule/broad"),
        "{log}"
    );
    let (code, out, _) = run(&folder, &["doctor"]);
    let told = "/archive-rule/broad` does not name isPublic and has archived";
    assert!(code == Some(0) && out.contains(told), "{out}");
    let (code, ..) = run(&folder, &["doctor", "--broad-archive-rules", "enforce"]);
    assert_eq!(code, Some(3));
    // What the next rule would do, before it is made.
    let filter = folder.path().join("filter.json");
    std::fs::write(&filter, r#"{"resourceType":{"eq":["AWS::IAM::Role"]}}"#).unwrap();
    let analyzer = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account";
    let dry =
        ["archive-rules", "dry-run", "--analyzer", analyzer, "--filter", filter.to_str().unwrap()];
    let (code, out, err) = run(&folder, &dry);
    assert!(
        code == Some(0) && out.contains(":role/") && err.contains("would be archived"),
        "{out}{err}"
    );
    let service =
        Running::start(&folder, &["--source", source, "--broad-archive-rules", "enforce"]);
    script("broad_rules.py", &service, &environment("enforce"));
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn clients_speak_tls_by_an_authority_of_their_own() {
    let folder = Folder::new();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    python("certificate.py", &[folder.path().to_str().unwrap(), "365"]);
    let (certificate, private, authority) =
        (file("certificate.pem"), file("key.pem"), file("authority.pem"));
    let key = create_key(&folder, &KEY);
    let tls = ["--tls-certificate", &*certificate, "--tls-key", &*private];
    let service = Running::start(&folder, &tls);
    assert!(service.url.starts_with("https://"));
    let own = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    script("one_call.py", &service, &[own[0], own[1], ("AWS_CA_BUNDLE", &authority)]);
    script("tls_refused.py", &service, &own);
    let doctor = |days: &str| {
        python("certificate.py", &[folder.path().to_str().unwrap(), days]);
        let (code, out, _) = run(&folder, &[&["doctor"][..], &tls].concat());
        (code, out)
    };
    for (days, code, told) in
        [("365", 0, "valid until"), ("3", 0, "ends on"), ("-3", 3, "ended on")]
    {
        let (found, out) = doctor(days);
        assert!(found == Some(code) && out.contains(told), "{days} {out}");
    }
    // A key that is not the certificate's.
    let old = std::fs::read(&private).unwrap();
    python("certificate.py", &[folder.path().to_str().unwrap(), "365"]);
    std::fs::write(&private, old).unwrap();
    let (code, out, _) = run(&folder, &[&["doctor"][..], &tls].concat());
    assert!(code == Some(3) && out.contains("cannot be used for TLS"), "{out}");
}
