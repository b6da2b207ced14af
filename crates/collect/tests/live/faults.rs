//! What comes out when calls are throttled, time out, break off, fail, expire or never end.

use crate::moto::Moto;
use crate::proxy::{Fate, Proxy, Random, Request};
use crate::run::{Folder, collector, content, not_read, said};

const SEED: u64 = 20_261_122;
/// A call that the endpoint does not have.
const GAP: &[u8] = b"GetSnapshotBlockPublicAccessState";

fn refusal(request: &Request, status: u16, code: &str) -> Fate {
    let error = format!("<Code>{code}</Code><Message>later</Message>");
    match request.service.as_str() {
        "s3" if !request.target.starts_with("/v2018") => {
            Fate::Instead(status, "application/xml", format!("<Error>{error}</Error>"))
        }
        "ec2" => {
            let body = format!("<Response><Errors><Error>{error}</Error></Errors></Response>");
            Fate::Instead(status, "text/xml", body)
        }
        "iam" | "sns" | "rds" | "s3" => {
            let body = format!("<ErrorResponse><Error>{error}</Error></ErrorResponse>");
            Fate::Instead(status, "text/xml", body)
        }
        _ => Fate::Instead(
            status,
            "application/x-amz-json-1.1",
            format!("{{\"__type\":\"{code}\",\"message\":\"later\"}}"),
        ),
    }
}

#[test]
#[ignore = "slow: every sixth call is broken; needs the Python environment"]
fn nothing_is_lost_and_nothing_comes_twice() {
    println!("seed {SEED}");
    let moto = Moto::start();
    moto.plant(&["accounts", crate::moto::OWN]);
    let folder = Folder::new("faults");
    let undisturbed = folder.out();
    let done = collector(&undisturbed, &moto.url()).args(["--max-attempts", "1"]).output().unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));

    let random = Random::new(SEED);
    let proxy = Proxy::start(moto.port, move |request| {
        // What the endpoint does not have fails anyway; which failure is told depends on which came last.
        let is_gap = request.text().windows(GAP.len()).any(|own| own == GAP);
        let is_absent = is_gap || request.service == "s3express";
        if request.service == "sts" || is_absent || random.below(6) != 0 {
            return Fate::Answer;
        }
        match random.below(6) {
            0 => refusal(request, 400, "ThrottlingException"),
            1 => Fate::Silence,
            2 => Fate::Reset,
            3 => Fate::Instead(503, "text/html", "<html>busy".to_owned()),
            4 => refusal(request, 400, "ExpiredTokenException"),
            _ => Fate::Slow,
        }
    });
    let out = folder.out().with_file_name("disturbed");
    let done = collector(&out, &proxy.url())
        .args(["--max-attempts", "12", "--call-timeout", "2"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    assert!(proxy.broken.load(std::sync::atomic::Ordering::Relaxed) > 10);
    // The address of a queue is where it was asked for.
    let at = |url: String, files: std::collections::BTreeMap<String, String>| {
        files.into_iter().map(move |(name, text)| (name, text.replace(&url, "URL")))
    };
    let before: Vec<_> = at(moto.url(), content(&undisturbed)).collect();
    let after: Vec<_> = at(proxy.url(), content(&out)).collect();
    assert_eq!(after, before);
}

#[test]
#[ignore = "needs the Python environment"]
fn listings_that_do_not_end_are_ended() {
    let moto = Moto::start();
    let folder = Folder::new("endless");
    for (name, changes) in [("same-token", false), ("new-tokens", true)] {
        let random = Random::new(SEED);
        let proxy = Proxy::start(moto.port, move |request| {
            if request.operation.as_deref() != Some("ListQueues") {
                return Fate::Answer;
            }
            let token = if changes { random.below(u64::MAX) } else { 1 };
            let body = format!("{{\"QueueUrls\":[],\"NextToken\":\"{token}\"}}");
            Fate::Instead(200, "application/x-amz-json-1.0", body)
        });
        let out = folder.out().with_file_name(name);
        let done = collector(&out, &proxy.url()).args(["--max-attempts", "1"]).output().unwrap();
        assert_eq!(done.status.code(), Some(4), "{}", said(&done));
        let entries = not_read(&out);
        let entry = entries.iter().find(|(action, _)| action == "sqs:ListQueues").unwrap();
        assert!(entry.1.starts_with("the listing does not end"), "{entry:?}");
    }
}

#[test]
#[ignore = "needs the Python environment"]
fn refusals_are_told_apart() {
    let moto = Moto::start();
    moto.plant(&["accounts", crate::moto::OWN]);
    let folder = Folder::new("refusals");
    let out = folder.out();
    let proxy = Proxy::start(moto.port, |request| {
        match request.operation.as_deref() {
        Some("GetKeyPolicy") => Fate::Instead(
            400,
            "application/x-amz-json-1.1",
            "{\"__type\":\"AccessDeniedException\",\"message\":\"User: u is not authorized to perform: \
             kms:GetKeyPolicy on resource: k\"}"
                .to_owned(),
        ),
        Some("GetTopicAttributes") => refusal(request, 404, "NotFound"),
        Some("ListSecrets") => refusal(request, 400, "OptInRequired"),
        Some("DescribeRepositories") => Fate::Instead(500, "text/html", "<html>".to_owned()),
        Some("DescribeDBSnapshots") => Fate::Instead(200, "text/xml", "<half".to_owned()),
        _ => Fate::Answer,
    }
    });
    let done = collector(&out, &proxy.url()).args(["--max-attempts", "1"]).output().unwrap();
    assert_eq!(done.status.code(), Some(4), "{}", said(&done));
    let entries = not_read(&out);
    for (action, reason) in [
        ("kms:GetKeyPolicy", "AccessDeniedException: User: u is not authorized"),
        ("sns:GetTopicAttributes", "deleted between listing and reading: NotFound"),
        ("secretsmanager:ListSecrets", "the region is not enabled for this account: OptInRequired"),
        ("ecr:DescribeRepositories", "the answer makes no sense: HTTP 500 with text/html"),
        ("rds:DescribeDBSnapshots", "the answer makes no sense: HTTP 200 with text/xml"),
    ] {
        let found = entries.iter().filter(|(own, _)| own == action).collect::<Vec<_>>();
        assert_eq!(found.len(), 1, "{action}: {entries:?}");
        assert!(found[0].1.starts_with(reason), "{:?}", found[0]);
    }
    // What was deleted has no file; what is only half known has one, and an entry.
    let region = out.join(format!("accounts/{}/eu-west-1", crate::moto::OWN));
    assert!(!region.join("AWS-SNS-Topic").exists());
    assert!(region.join("AWS-KMS-Key").exists());
}
