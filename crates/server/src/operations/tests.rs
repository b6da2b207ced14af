//! The registry against AWS's list, and the pages.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ringfence_page_test::Block;
use ringfence_policy::AccountId;
use serde_json::Value;

use super::*;
use crate::api::shapes;
use crate::api::validate::{Problems, validate};
use crate::http::respond::{answer_routed, find as find_route};
use crate::keys::{AccessKey, KeyFile, MasterKey};
use crate::service::{Security, Service, Settings};

#[test]
fn every_operation_is_built_or_listed_and_none_is_both() {
    let of_aws: BTreeSet<&str> = shapes::OPERATIONS.iter().map(|own| own.name).collect();
    let built: BTreeSet<&str> = OPERATIONS.iter().map(|own| own.name).collect();
    let not_built: BTreeSet<&str> = NOT_BUILT.iter().copied().collect();
    assert_eq!(of_aws.len(), 39);
    assert_eq!(built.len(), OPERATIONS.len());
    assert_eq!(built.intersection(&not_built).count(), 0);
    assert_eq!(built.union(&not_built).copied().collect::<BTreeSet<_>>(), of_aws);
}

#[test]
fn what_is_not_built_gets_less() {
    let at_most = [
        "ApplyArchiveRule",
        "CancelPolicyGeneration",
        "CreateAccessPreview",
        "CreateAnalyzer",
        "CreateArchiveRule",
        "DeleteAnalyzer",
        "DeleteArchiveRule",
        "GenerateFindingRecommendation",
        "GetAccessPreview",
        "GetAnalyzedResource",
        "GetAnalyzer",
        "GetArchiveRule",
        "GetFinding",
        "GetFindingRecommendation",
        "GetFindingV2",
        "GetFindingsStatistics",
        "GetGeneratedPolicy",
        "ListAccessPreviewFindings",
        "ListAccessPreviews",
        "ListAnalyzedResources",
        "ListAnalyzers",
        "ListArchiveRules",
        "ListFindings",
        "ListFindingsV2",
        "ListPolicyGenerations",
        "ListTagsForResource",
        "StartPolicyGeneration",
        "StartResourceScan",
        "TagResource",
        "UntagResource",
        "UpdateAnalyzer",
        "UpdateArchiveRule",
        "UpdateFindings",
    ];
    assert!(NOT_BUILT.iter().all(|name| at_most.contains(name)), "{NOT_BUILT:?}");
}

/// `docs/operations.md` says what is built, what differs, and which tests call it. `UPDATE_EXPECT=1` writes it.
#[test]
fn the_table_of_operations_is_what_is_built() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    let table = table();
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        std::fs::write(&path, &table).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == table, "docs/operations.md is out of date: UPDATE_EXPECT=1 writes it");
}

fn table() -> String {
    let boto3 = include_str!("../../tests/service/boto3_client.py");
    let aws_cli = include_str!("../../tests/service/aws_cli.py");
    let mut text = String::from(HEAD);
    let (mut built, mut all) = (0, 0);
    for fact in operation_facts() {
        all += 1;
        let OperationFact { name, differs, .. } = fact;
        let Some(_) = find(name) else {
            text.push_str(&format!("| {name} | no | answers `notSupported` | – |\n"));
            continue;
        };
        built += 1;
        let page = snake(name);
        let mut tested = vec!["page"];
        tested.extend(boto3.contains(&page).then_some("boto3"));
        tested.extend(aws_cli.contains(&page.replace('_', "-")).then_some("AWS CLI"));
        let link = format!("[{name}](../crates/server/src/operations/{page}.md)");
        let differs = if differs.is_empty() { "–" } else { differs };
        text.push_str(&format!("| {link} | yes | {differs} | {} |\n", tested.join(", ")));
    }
    text.push_str(&format!("\n{built} of {all} operations are built.\n"));
    text
}

const HEAD: &str = "\
# Operations

Every operation of AWS IAM Access Analyzer's API, as `ringfence serve` answers it. A test writes this page from the
registry of operations. *Page* is the operation's page, whose examples are run; *boto3* and *AWS CLI* are AWS's own
clients against the running service.

| Operation | Built | Differs from AWS | Tested by |
|---|---|---|---|
";

/// `ListFindingsV2` as `list_findings_v2`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The service that the blocks of a page talk to, one after the other.
pub(crate) struct Bench {
    runtime: tokio::runtime::Runtime,
    service: Arc<Service>,
    key: AccessKey,
    now: Timestamp,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join("ringfence-no-such-folder");
        let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let policy =
            r#"{"Statement":[{"Effect":"Allow","Action":"access-analyzer:*","Resource":"*"}]}"#;
        let account = AccountId::new("111122223333").unwrap();
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let key = AccessKey::create("page", &account, policy, &master, now).unwrap().key;
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            service: Service::new(Settings::default(), KeyFile::new(&folder), master),
            key,
            now,
        }
    }

    /// The status, and the body or the exception.
    pub(crate) fn request(&mut self, method: &str, target: &str, body: &str) -> String {
        self.now = self.now.checked_add(SignedDuration::from_secs(1)).unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = Call {
            service: &self.service,
            key: &self.key,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            security: Security::Plain,
            now: self.now,
        };
        let route = match find_route(method, path) {
            Ok(route) => route,
            Err(exception) => return told(&exception),
        };
        let answer = answer_routed(&call, &route, query, body.as_bytes());
        match self.runtime.block_on(answer) {
            Ok(output) => {
                check_output(&output, route.operation);
                let body = output.map(|own| format!("{own:#}")).unwrap_or_default();
                format!("{}\n{body}", route.operation.status)
            }
            Err(exception) => {
                let errors = route.operation.errors;
                assert!(errors.contains(&exception.name()), "{} of {route:?}", exception.name());
                told(&exception)
            }
        }
    }
}

fn told(exception: &Exception) -> String {
    format!("{} {}\n{:#}", exception.status(), exception.name(), exception.body())
}

/// What is answered fulfils the model too.
fn check_output(output: &Option<Value>, operation: &OperationModel) {
    let (Some(shape), Some(output)) = (operation.output, output) else { return };
    let mut problems = Problems::default();
    let kept = validate(shape, output, "", &mut problems);
    assert!(problems.is_empty(), "{}: {problems:?}", operation.name);
    assert_eq!(kept.as_ref(), Some(output), "{} answers what the model lacks", operation.name);
}

/// A block is one request: its method and path in the first line, its body behind.
#[test]
fn pages() {
    let mut bench = ("", Bench::new());
    let mut seen = String::new();
    ringfence_page_test::run(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/operations"),
        &[],
        |block: &Block<'_>| {
            if seen != block.page {
                seen = block.page.to_owned();
                bench = ("", Bench::new());
            }
            let (first, body) = block.content.split_once('\n').unwrap_or((block.content, ""));
            let (method, target) = first.split_once(' ').unwrap_or((first, ""));
            without_ids(&bench.1.request(method, target, body))
        },
    );
}

/// Random ids, numbered in the order of their appearance.
fn without_ids(text: &str) -> String {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";
    let mut text = text.to_owned();
    let found: Vec<String> = {
        let uuid = regex_lite::Regex::new(uuid).unwrap();
        uuid.find_iter(&text).map(|own| own.as_str().to_owned()).collect()
    };
    for id in found {
        text = text.replace(&id, "RANDOM-UUID");
    }
    text
}
