//! Hostile facts, and what the templates have to say.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;

fn at() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn templates() -> Templates {
    Templates::new(BTreeMap::new()).unwrap()
}

/// A sample in which everything that others can write is meant to do harm.
fn hostile(kind: NotificationKind, text: &str) -> Notification {
    let mut own = sample(kind, at());
    own.principal = text.to_owned();
    own.actions = vec![text.to_owned()];
    own.tags = BTreeMap::from([(text.to_owned(), text.to_owned())]);
    own.target.arn = format!("arn:aws:iam::111122223333:role/{text}");
    own.finding_id = text.to_owned();
    own.reason = Some(text.to_owned());
    if let Some(account) = &mut own.account {
        account.name = text.to_owned();
    }
    if let Some(changed_by) = &mut own.changed_by {
        changed_by.who = text.to_owned();
    }
    if let Some(resolution) = &mut own.resolution {
        resolution.sid = Some(text.to_owned());
        resolution.added[0].sids = vec![text.to_owned()];
        resolution.summary = vec![text.to_owned()];
        resolution.approval_url = Some(format!("https://x.example.com/{text}"));
    }
    own
}

const ATTACKS: &[&str] = &[
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&",
    "x\r\nBcc: everybody@example.com\r\n\r\nbody",
    "{{ 7 * 7 }}{% for x in range(100000) %}x{% endfor %}{# #}",
    "<!channel> <https://evil.example.com|click> *bold* [click](https://evil.example.com)",
    "x\u{2028}y\u{85}z\u{202e}fdp.exe\u{0}\u{1b}[31m",
    "javascript:alert(1)",
    "\u{1}__minijinja_ValueHandle",
];

#[test]
fn markup_newlines_and_template_syntax_stay_text() {
    let templates = templates();
    for kind in NotificationKind::ALL {
        let plain = render(&templates, &hostile(kind, "X")).unwrap();
        for attack in ATTACKS {
            let rendered = render(&templates, &hostile(kind, attack)).unwrap();
            assert!(!rendered.subject.contains(['\r', '\n']), "{attack:?}");
            let html = &rendered.html;
            for begin in ["<script", "<img", "<!channel", "<https", "href=\"javascript"] {
                assert!(!html.contains(begin), "{attack:?} in {kind:?}: {html}");
            }
            // As many lines, tags and links as with a harmless word in the place of the attack.
            let lines = |own: &Rendered| own.text.lines().count();
            let tags = |own: &Rendered| own.html.matches('<').count();
            let shown = (lines(&rendered), rendered.text.contains("aws iam"));
            let archive = rendered.text.contains("update-findings");
            assert!(!archive || attack.starts_with("javascript"), "{}", rendered.text);
            assert!(shown.0 <= lines(&plain), "{attack:?} in {kind:?}:\n{}", rendered.text);
            assert!(tags(&rendered) <= tags(&plain), "{attack:?} in {kind:?}:\n{html}");
            assert!(!rendered.text.contains("49") && !rendered.text.contains("xxxx"));
            if attack.contains("{{") {
                assert!(rendered.text.contains("{{ 7 * 7 }}"), "{}", rendered.text);
            }
            assert!(!shown.1, "a command with {attack:?} in it: {}", rendered.text);
            let slack = slack(&rendered).to_string();
            assert!(!slack.contains("mrkdwn\":true") && !slack.contains("\"type\":\"mrkdwn\""));
            assert!(!teams(&rendered).to_string().contains("TextBlock\",\"text"));
        }
    }
}

#[test]
fn what_slack_reads_as_markup_is_escaped_and_the_rest_is_plain() {
    let own = hostile(NotificationKind::Failure, "<!channel> & <https://evil.example.com|x>");
    let message = slack(&render(&templates(), &own).unwrap());
    let text = message["text"].as_str().unwrap();
    assert!(text.contains("&lt;!channel&gt; &amp; &lt;https") && !text.contains('<'), "{text}");
    for block in message["blocks"].as_array().unwrap() {
        let kind = block["text"]["type"].as_str().unwrap_or("plain_text");
        assert_eq!(kind, "plain_text");
    }
    let rendered = render(&templates(), &sample(NotificationKind::Proposal, at())).unwrap();
    let message = slack(&rendered);
    let button = &message["blocks"].as_array().unwrap().last().unwrap()["elements"][0];
    assert_eq!(button["url"], "https://ringfence.example.com/approve/EXAMPLE");
    let message = teams(&rendered);
    let card = &message["attachments"][0]["content"];
    assert_eq!(card["actions"][0]["url"], "https://ringfence.example.com/approve/EXAMPLE");
    let kinds: Vec<_> = card["body"].as_array().unwrap().iter().map(|own| &own["type"]).collect();
    assert!(kinds.iter().all(|own| **own == "RichTextBlock"), "{kinds:?}");
}

#[test]
fn the_mail_about_a_resolution_says_what_was_done_and_what_to_do() {
    let rendered = render(&templates(), &sample(NotificationKind::Resolved, at())).unwrap();
    let finding = "5e4f8a10-2b7c-5d3e-9f01-6a7b8c9d0e1f";
    assert_eq!(
        rendered.subject,
        format!("[Ringfence] Finding {finding} was resolved automatically: Audit_CrossAccountRole")
    );
    let sid = "Ringfence5e4f8a102b7c5d3e9f016a7b8c9d0e1f";
    for part in [
        "arn:aws:iam::111122223333:role/Audit_CrossAccountRole",
        "arn:aws:iam::999988887777:user/Alice",
        "Created by:  arn:aws:iam::111122223333:user/bob, CreateRole at 2025-12-31T23:58:00Z",
        &format!("- Sid: {sid}"),
        "was updated",
        "ringfence resolution intended 0d9c8b7a-6f5e-4d3c-8b1a-0f1e2d3c4b5a",
        "ringfence resolution delete-role 0d9c8b7a-6f5e-4d3c-8b1a-0f1e2d3c4b5a",
        &format!("Statement[?Sid!='{sid}']"),
        "aws iam update-assume-role-policy --role-name Audit_CrossAccountRole",
    ] {
        assert!(rendered.text.contains(part), "{part}\n{}", rendered.text);
    }
    // The same facts, and the command as it has to be typed once the page is shown.
    assert!(rendered.html.contains(sid) && rendered.html.contains("delete-role"));
    assert!(rendered.html.contains("&#x27;"), "{}", rendered.html);
}

#[test]
fn the_command_that_approves_names_the_plan_and_is_not_given_when_it_is_too_late() {
    let templates = templates();
    let approve = format!(
        "resolution approve 0d9c8b7a-6f5e-4d3c-8b1a-0f1e2d3c4b5a --plan {}",
        "5f".repeat(6)
    );
    for kind in
        [NotificationKind::Proposal, NotificationKind::Reminder, NotificationKind::Escalation]
    {
        let rendered = render(&templates, &sample(kind, at())).unwrap();
        for text in [&rendered.text, &rendered.html] {
            assert!(text.contains(&approve), "{kind:?} {text}");
        }
    }
    let mut own = sample(NotificationKind::Escalation, at());
    let resolution = own.resolution.as_mut().unwrap();
    (resolution.approval_url, resolution.expires_at) = (None, None);
    let rendered = render(&templates, &own).unwrap();
    for text in [&rendered.text, &rendered.html] {
        assert!(
            !text.contains("resolution approve") && !text.contains("resolution reject"),
            "{text}"
        );
        assert!(text.contains("ringfence resolution show 0d9c8b7a"), "{text}");
    }
}

#[test]
fn nothing_but_a_resolution_says_updated() {
    for kind in NotificationKind::ALL {
        let rendered = render(&templates(), &sample(kind, at())).unwrap();
        let says = rendered.text.contains("updated") || rendered.html.contains("updated");
        assert_eq!(says, kind == NotificationKind::Resolved, "{kind:?}");
        assert!(!rendered.text.contains("\n\n\n"), "{kind:?}\n{}", rendered.text);
    }
}

#[test]
fn what_is_not_known_is_not_invented() {
    let mut own = sample(NotificationKind::Resolved, at());
    own.account = None;
    own.changed_by = None;
    own.risk_score = None;
    own.resolution = None;
    let rendered = render(&templates(), &own).unwrap();
    assert!(rendered.text.contains("Created by:  not known"), "{}", rendered.text);
    assert!(!rendered.text.contains("Risk score") && !rendered.text.contains("none"));
}

#[test]
fn an_own_template_takes_the_place_of_a_shipped_one_and_cannot_switch_escaping_off() {
    let text =
        "{% autoescape false %}{{ principal | safe }}{% endautoescape %}{{ target.arn | upper }}";
    let own = BTreeMap::from([("failure.html".to_owned(), text.to_owned())]);
    let templates = Templates::new(own).unwrap();
    let rendered = render(&templates, &hostile(NotificationKind::Failure, "<b>")).unwrap();
    assert!(rendered.html.contains("&lt;b&gt;") && !rendered.html.contains("<b>"));
    let wrong = |name: &str, text: &str| {
        let own = BTreeMap::from([(name.to_owned(), text.to_owned())]);
        match Templates::new(own) {
            Err(error) => error.to_string(),
            Ok(templates) => {
                let own = sample(NotificationKind::Failure, at());
                render(&templates, &own).unwrap_err().to_string()
            }
        }
    };
    assert!(wrong("failure.htm", "x").contains("failure.html"));
    assert!(wrong("failure.txt", "x\n{% if").contains("line 2"));
    let missing = wrong("failure.txt", "x\n\n{{ princpal }}");
    assert!(missing.contains("failure.txt") && missing.contains("line 3"), "{missing}");
}

#[test]
fn a_digest_tells_all_of_it_in_order() {
    let all: Vec<Notification> = (0..3)
        .map(|number| {
            let mut own = sample(NotificationKind::NewFinding, at());
            own.finding_id = format!("finding-{number}");
            own
        })
        .collect();
    let rendered = render_digest(&templates(), &all.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(rendered.subject, "[Ringfence] 3 notifications");
    let places: Vec<usize> =
        (0..3).map(|own| rendered.text.find(&format!("finding-{own}")).unwrap()).collect();
    assert!(places.is_sorted());
    assert_eq!(rendered.html.matches("<html").count(), 1);
    let blocks = slack(&rendered)["blocks"].as_array().unwrap().clone();
    assert!(blocks.len() < 50);
}

#[test]
fn the_first_route_that_matches_decides_and_nothing_is_told_to_nobody() {
    let routes = Routes {
        always: vec!["security".to_owned()],
        route: vec![
            Route {
                matches: Match { ou: Some("ou-abcd-11111111".to_owned()), ..Match::default() },
                channels: vec!["payments".to_owned()],
            },
            Route {
                matches: Match {
                    tags: BTreeMap::from([("team".to_owned(), "web".to_owned())]),
                    kinds: vec![NotificationKind::Failure],
                    ..Match::default()
                },
                channels: vec!["web".to_owned()],
            },
        ],
    };
    let all = ["payments", "security", "web"].into();
    let mut own = sample(NotificationKind::Failure, at());
    let chosen = |own: &Notification| routes.channels(own, &all).into_iter().collect::<Vec<_>>();
    assert_eq!(chosen(&own), ["payments", "security"]);
    own.account = None;
    assert_eq!(chosen(&own), ["payments", "security", "web"], "an unknown account is in no unit");
    own.tags.insert("team".to_owned(), "web".to_owned());
    assert_eq!(chosen(&own), ["security", "web"]);
    own.kind = NotificationKind::Resolved;
    assert_eq!(chosen(&own).len(), 3);
    let path = Match { ou: Some("o-example/r-abcd".to_owned()), ..Match::default() };
    let by_path = Routes {
        route: vec![Route { matches: path, channels: vec!["web".to_owned()] }],
        ..Routes::default()
    };
    let own = sample(NotificationKind::Failure, at());
    assert_eq!(by_path.channels(&own, &all).into_iter().collect::<Vec<_>>(), ["web"]);
    let by = |matches: Match, own: &Notification| {
        let route = vec![Route { matches, channels: vec!["web".to_owned()] }];
        Routes { route, ..Routes::default() }.channels(own, &all).len() == 1
    };
    let accounts = |id: &str| Match { accounts: vec![id.to_owned()], ..Match::default() };
    assert!(by(accounts("111122223333"), &own) && !by(accounts("444455556666"), &own));
    let account_tags = BTreeMap::from([("stage".to_owned(), "production".to_owned())]);
    let tagged = || Match { account_tags: account_tags.clone(), ..Match::default() };
    assert!(!by(tagged(), &own), "a tag that the account does not have");
    let mut own = own;
    own.account.as_mut().unwrap().tags.clone_from(&account_tags);
    assert!(by(tagged(), &own));
}
