//! `notify preview`: every kind in every form, of a sample, of a stored finding, of what is queued, with own templates.

use jiff::Timestamp;
use ringfence_response::notification::{NotificationKind, sample};
use serde_json::Value;

use crate::running::{Folder, command, run};
use crate::seed::{ago, block_on, see, store};

fn preview(arguments: &[&str]) -> String {
    let (code, text) = command(&[&["notify", "preview"], arguments].concat(), &[]);
    assert_eq!(code, Some(0), "{arguments:?} {text}");
    text
}

#[test]
fn every_kind_reads_in_every_form() {
    let finding = "5e4f8a10-2b7c-5d3e-9f01-6a7b8c9d0e1f";
    for kind in NotificationKind::ALL.map(NotificationKind::template) {
        let text = preview(&["--kind", kind]);
        let (subject, body) = text.split_once("\n\n").unwrap();
        assert!(subject.starts_with("Subject: [Ringfence] ") && !subject.contains('\n'), "{text}");
        assert!(body.contains(finding) || subject.contains(finding), "{text}");
        let html = preview(&["--kind", kind, "--format", "html"]);
        assert!(
            html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"),
            "{html}"
        );
        for (format, inside) in [("slack", "/blocks"), ("teams", "/attachments/0/content/body")] {
            let shape: Value =
                serde_json::from_str(&preview(&["--kind", kind, "--format", format])).unwrap();
            assert!(shape.pointer(inside).is_some_and(|own| own[0].is_object()), "{shape}");
        }
    }
    let (code, told) = command(&["notify", "preview", "--kind", "gossip"], &[]);
    assert!(code == Some(2) && told.contains("new-finding, "), "{told}");
}

#[test]
fn what_is_stored_reads_as_it_would_be_sent() {
    let folder = Folder::new();
    let data = folder.path().to_str().unwrap();
    let mut queued = sample(NotificationKind::Failure, Timestamp::now());
    queued.reason = Some("</p><script>alert(1)</script> {{ 7 * 7 }}".to_owned());
    block_on(async {
        let store = store(&folder, &[]).await;
        see(&store, &["payroll".to_owned()], Some("444455556666"), ago(10)).await;
        store.queue_notification(&queued).await.unwrap();
        store.close().await;
    });
    let shown = |rest: &[&str]| preview(&[&["--data", data, "--id"], rest].concat());
    let text = shown(&["payroll-444455556666", "--kind", "new-finding"]);
    for part in ["arn:aws:s3:::payroll", "444455556666", "s3:GetObject", "payroll-444455556666"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let html = shown(&[&queued.id, "--format", "html"]);
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
    assert!(html.contains("{{ 7 * 7 }}"), "{html}");
    let (code, _, err) = run(&folder, &["notify", "preview", "--id", "nobody"]);
    assert!(code == Some(1) && err.contains("neither a finding nor a notification"), "{err}");

    // Templates of one's own, and one that cannot be used, with its place.
    let templates = folder.path().join("templates");
    std::fs::create_dir(&templates).unwrap();
    let place = templates.to_str().unwrap();
    let write = |text: &str| std::fs::write(templates.join("new-finding.txt"), text).unwrap();
    write("Look at {{ resourceName }}\n\n{{ principal }} gets in.\n");
    let own = ["payroll-444455556666", "--kind", "new-finding", "--templates", place];
    assert_eq!(shown(&own), "Subject: Look at payroll\n\n444455556666 gets in.\n");
    write("Look\n\n{{ resourceName }");
    let (code, _, err) = run(&folder, &["notify", "preview", "--templates", place]);
    assert!(code == Some(1) && err.contains("new-finding.txt"), "{err}");
}
