//! A store with many findings, ten to a resource: what the benches of the store and of the service ask.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{ArchivedBy, StatusUpdate};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_findings::sort::SortBy;
use ringfence_store::findings::UpdateTarget;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Act, Store};
use uuid::Uuid;

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ANALYZER: &str = "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/bench";
const FINDINGS_PER_RESOURCE: usize = 10;
const RESOURCES_PER_CALL: usize = 100;
const TYPES: [&str; 4] = ["AWS::S3::Bucket", "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::KMS::Key"];

/// Writes an analyzer and its findings.
pub(crate) async fn load(store: &Store, findings: usize) {
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

/// Lists that somebody would ask for: what they are called, their filters and orders.
pub(crate) fn lists() -> Vec<(&'static str, Filter, SortBy)> {
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

fn analyzer(now: Timestamp) -> Analyzer {
    Analyzer {
        arn: ANALYZER.to_owned(),
        name: "bench".to_owned(),
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
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

/// The id of the finding of that number.
pub(crate) fn nth_id(number: usize) -> String {
    id(number / FINDINGS_PER_RESOURCE, number % FINDINGS_PER_RESOURCE)
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
            region: REGION.to_owned(),
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
