//! A store with many findings: how long the first page of a list takes, how many findings a second are read, how much
//! memory it needs. Run by `cargo xtask bench store`.

#[path = "../tests/conformance/folder.rs"]
mod folder;
#[path = "../tests/conformance/postgres.rs"]
mod postgres;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use folder::Folder;
use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{ArchivedBy, StatusUpdate};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::findings::UpdateTarget;
use ringfence_store::list::FindingsQuery;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Act, Location, Store};
use uuid::Uuid;

const ANALYZER: &str = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/bench";
const FINDINGS_PER_RESOURCE: usize = 10;
const RESOURCES_PER_CALL: usize = 100;
const TYPES: [&str; 4] = ["AWS::S3::Bucket", "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::KMS::Key"];

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|own| own != "--bench");
    let findings = arguments.next().and_then(|own| own.parse().ok()).unwrap_or(1_000_000);
    match arguments.next().as_deref() {
        Some("postgres") => {
            let server = postgres::Server::start();
            println!("PostgreSQL");
            measure(&Location::Url(server.database("bench").await), findings).await;
        }
        _ => {
            let folder = Folder::new("bench");
            println!("SQLite");
            measure(&Location::Folder(folder.0.clone()), findings).await;
        }
    }
}

async fn measure(location: &Location, findings: usize) {
    let store = Store::open(location).await.unwrap();
    let start = Instant::now();
    load(&store, findings).await;
    println!("  {findings} findings written in {:.0} s", start.elapsed().as_secs_f64());
    store.close().await;
    let store = Store::open(location).await.unwrap();
    for (name, filter, sort) in lists() {
        first_page(&store, name, &filter, sort).await;
    }
    get(&store, findings).await;
    println!("  most memory of the process: {} MiB", most_memory() / 1024);
    store.close().await;
}

async fn load(store: &Store, findings: usize) {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let act = Act { who: "bench", operation: "CreateAnalyzer", at: now, token: None };
    store.create_analyzer(&analyzer(now), &[], &act).await.unwrap();
    let resources = findings / FINDINGS_PER_RESOURCE;
    for first in (0..resources).step_by(RESOURCES_PER_CALL) {
        let last = (first + RESOURCES_PER_CALL).min(resources);
        let seen: Vec<Analysis> = (first..last).map(analysis).collect();
        let then = now + Duration::from_secs(first as u64);
        store.apply_reconciliation(ANALYZER, &seen, then).await.unwrap();
        if first.is_multiple_of(1000) {
            // One resource in a thousand is archived: findings that are active are many, archived ones few.
            let arn = arn(first);
            let by = ArchivedBy::Person { who: "bench".to_owned(), reason: None };
            let (target, act) = (UpdateTarget::Resource(&arn), Act { at: then, ..act });
            let status = StatusUpdate::Archived;
            store.update_findings(ANALYZER, target, status, &by, &act).await.unwrap();
        }
    }
}

fn lists() -> Vec<(&'static str, Filter, SortBy)> {
    let eq = |values: &[(&str, &str)]| {
        let one =
            |value: &str| Criterion { eq: Some(vec![value.to_owned()]), ..Criterion::default() };
        Filter(values.iter().map(|(key, value)| ((*key).to_owned(), one(value))).collect())
    };
    let contains = |key: &str, value: &str| {
        let criterion =
            Criterion { contains: Some(vec![value.to_owned()]), ..Criterion::default() };
        Filter(BTreeMap::from([(key.to_owned(), criterion)]))
    };
    let (status, kind) = (("status", "ACTIVE"), ("resourceType", "AWS::S3::Bucket"));
    vec![
        ("no filter", Filter::default(), SortBy::UpdatedAt),
        ("active", eq(&[status]), SortBy::UpdatedAt),
        ("active buckets", eq(&[status, kind]), SortBy::UpdatedAt),
        ("active buckets, by resource", eq(&[status, kind]), SortBy::Resource),
        ("archived", eq(&[("status", "ARCHIVED")]), SortBy::CreatedAt),
        ("public", eq(&[("isPublic", "true")]), SortBy::AnalyzedAt),
        ("one resource", eq(&[("resource", &arn(77))]), SortBy::UpdatedAt),
        ("one principal", eq(&[("principal.AWS", "000000000777")]), SortBy::UpdatedAt),
        ("one condition", eq(&[("condition.aws:SourceVpc", "vpc-00000123")]), SortBy::UpdatedAt),
        ("resource contains", contains("resource", "9-data"), SortBy::UpdatedAt),
        ("nothing meets it", contains("resource", "no such"), SortBy::UpdatedAt),
    ]
}

async fn first_page(store: &Store, name: &str, filter: &Filter, sort: SortBy) {
    let list = FindingsQuery { filter, sort, order: OrderBy::Desc, after: None, most: 100 };
    let (mut times, mut items) = (Vec::new(), 0);
    for _ in 0..30 {
        let start = Instant::now();
        items = store.list_findings(ANALYZER, &list).await.unwrap().items.len();
        times.push(start.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "  first page, {name}: {items} findings, median {:.2} ms, slowest {:.2} ms, cold {:.2} ms",
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1]),
        ms(first),
    );
}

/// Eight readers for some seconds.
async fn get(store: &Store, findings: usize) {
    let (start, time) = (Instant::now(), Duration::from_secs(5));
    let mut tasks = Vec::new();
    for reader in 0..8usize {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let (mut number, mut done) = (reader * 7919, 0u64);
            while start.elapsed() < time {
                number = (number + 104_729) % findings;
                let id = id(number / FINDINGS_PER_RESOURCE, number % FINDINGS_PER_RESOURCE);
                store.finding(ANALYZER, &id).await.unwrap();
                done += 1;
            }
            done
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    println!("  findings read one by one: {:.0} a second", done as f64 / time.as_secs_f64());
}

fn analyzer(now: Timestamp) -> Analyzer {
    Analyzer {
        arn: ANALYZER.to_owned(),
        name: "bench".to_owned(),
        account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
        analyzer_type: AnalyzerType::Organization,
        created_at: now,
        last_resource_analyzed: None,
        last_resource_analyzed_at: None,
        tags: BTreeMap::new(),
        status: AnalyzerStatus::Active,
        status_reason: None,
        configuration: None,
    }
}

fn arn(resource: usize) -> String {
    format!("arn:aws:s3:::team-{}-data-{resource}", resource % 37)
}

fn id(resource: usize, number: usize) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{resource}/{number}").as_bytes()).to_string()
}

fn analysis(resource: usize) -> Analysis {
    let resource_type = TYPES[resource % TYPES.len()].to_owned();
    let owner = format!("{:012}", resource % 500);
    let observations = (0..FINDINGS_PER_RESOURCE).map(|number| {
        // One finding in a thousand is public.
        let is_public = resource.is_multiple_of(100) && number == 0;
        let who = match is_public {
            true => "*".to_owned(),
            false => format!("{:012}", resource * FINDINGS_PER_RESOURCE + number),
        };
        let vpc = format!("vpc-{:08}", resource % 5000);
        Observation {
            id: id(resource, number),
            resource: arn(resource),
            resource_type: resource_type.clone(),
            resource_owner_account: owner.clone(),
            region: "eu-west-1".to_owned(),
            details: Details::External(ExternalAccess {
                principal: BTreeMap::from([("AWS".to_owned(), who)]),
                action: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"].map(String::from).into(),
                condition: BTreeMap::from([("aws:SourceVpc".to_owned(), vpc)]),
                is_public,
                sources: vec![serde_json::json!({ "type": "POLICY" })],
                resource_control_policy_restriction: "NOT_APPLICABLE".to_owned(),
                evidence: serde_json::json!({ "accessLevels": ["Read", "List", "Write"] }),
            }),
        }
    });
    Analysis {
        resource: arn(resource),
        observations: observations.collect(),
        resource_type: resource_type.clone(),
        resource_owner_account: owner.clone(),
        completeness: Completeness::Complete,
        presence: Presence::There,
    }
}

/// In KiB, since the process began.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
