//! The registry against AWS's list, and the pages.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ringfence_page_test::Block;
use ringfence_policy::AccountId;
use ringfence_store::{Location, Store};
use serde_json::Value;

use super::*;
use crate::api::shapes;
use crate::api::validate::{Problems, validate};
use crate::http::respond::{answer_routed, find as find_route};
use crate::keys::{self, KnownKey, MasterKey};
use crate::service::{Security, Service, Settings};
use crate::watch::Source;

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
        "CancelPolicyGeneration",
        "GenerateFindingRecommendation",
        "GetFindingRecommendation",
        "GetGeneratedPolicy",
        "ListPolicyGenerations",
        "StartPolicyGeneration",
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
    let boto3 = concat!(
        include_str!("../../tests/service/boto3_client.py"),
        include_str!("../../tests/service/boto3_life.py"),
    );
    let aws_cli = include_str!("../../tests/service/aws_cli.py");
    let rust_sdk = include_str!("../../tests/service/rust_sdk.rs");
    let terraform = include_str!("../../tests/service/terraform/operations.txt");
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
        let calls = [format!(".{page}("), format!(".{page},"), format!("\"{page}\"")];
        tested.extend(calls.iter().any(|call| boto3.contains(call)).then_some("boto3"));
        let command = format!("\"{}\"", page.replace('_', "-"));
        tested.extend(aws_cli.contains(&command).then_some("AWS CLI"));
        tested.extend(rust_sdk.contains(&format!(".{page}()")).then_some("Rust SDK"));
        tested.extend(terraform.lines().any(|own| own == name).then_some("Terraform"));
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
registry of operations. *Page* is the operation's page, whose examples are run; *boto3*, *AWS CLI*, *Rust SDK* and
*Terraform* are clients of AWS, or of its provider, against the running service.

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
    key: KnownKey,
    now: Timestamp,
    /// The id of the preview that was made last.
    preview: String,
    _folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let place = Location::Folder(folder.path().to_owned());
        let store = runtime.block_on(Store::open(&place)).unwrap();
        let source = Source::Path(write_environment(folder.path()));
        let settings = Settings { source: Some(source), ..Settings::default() };
        let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let policy =
            r#"{"Statement":[{"Effect":"Allow","Action":"access-analyzer:*","Resource":"*"}]}"#;
        let account = AccountId::new("111122223333").unwrap();
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let key = keys::create("page", &account, policy, &master, now).unwrap().key;
        let key = KnownKey::new(key, &master).unwrap();
        let service = Service::new(settings, master, store);
        Self { runtime, service, key, now, preview: String::new(), _folder: folder }
    }

    /// What the pages write as FINDING: the id of the queue's finding.
    fn finding(&self) -> String {
        let analyzer = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account";
        let found = self.service.store.findings_of_resource(analyzer, RESOURCE);
        let found = self.runtime.block_on(found).unwrap_or_default();
        found.first().map(|own| own.id().to_owned()).unwrap_or_default()
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
            reason: None,
            now: self.now,
        };
        let route = match find_route(method, path) {
            Ok(route) => route,
            Err(exception) => return told(&exception),
        };
        let answer = answer_routed(&call, &route, query, body.as_bytes());
        let answer = self.runtime.block_on(answer);
        self.runtime.block_on(self.service.settle());
        match answer {
            Ok(output) => {
                if let Some(id) = output.as_ref().and_then(|own| own.get("id")?.as_str()) {
                    self.preview = id.to_owned();
                }
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
            let own = &mut bench.1;
            let finding = own.finding();
            let fill = |text: &str| {
                text.replace("PREVIEW", &own.preview)
                    .replace("RESOURCE", RESOURCE)
                    .replace("FINDING", &finding)
            };
            let (target, body) = (fill(target), fill(body));
            let answer = own.request(method, &target, &body);
            normal(&answer, &own.finding())
        },
    );
}

/// What the pages write as RESOURCE: the queue of the environment that they look at.
const RESOURCE: &str = "arn:aws:sqs:us-east-1:111122223333:orders";

/// A snapshot with one queue, which another account may send to.
fn write_environment(folder: &Path) -> std::path::PathBuf {
    let snapshot = folder.join("snapshot");
    let place = snapshot.join("accounts/111122223333/us-east-1/AWS-SQS-Queue");
    std::fs::create_dir_all(&place).unwrap();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": { "AWS": "444455556666" },
            "Action": "sqs:SendMessage",
            "Resource": RESOURCE,
        }],
    });
    let queue = serde_json::json!({
        "resourceType": "AWS::SQS::Queue",
        "arn": RESOURCE,
        "tags": [],
        "configuration": { "sqsQueue": { "queuePolicy": policy.to_string() } },
    });
    std::fs::write(place.join("orders.json"), queue.to_string()).unwrap();
    snapshot
}

/// The answer without what differs from run to run: ids, and the moments of scans.
fn normal(text: &str, finding: &str) -> String {
    let id = "[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";
    let moment = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]{3})?Z";
    let text = match finding {
        "" => text.to_owned(),
        finding => text.replace(finding, "FINDING"),
    };
    let text = regex_lite::Regex::new(id).unwrap().replace_all(&text, "UUID").into_owned();
    regex_lite::Regex::new(moment).unwrap().replace_all(&text, "MOMENT").into_owned()
}
