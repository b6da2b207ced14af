//! A burst of findings: how long it takes until each is decided, and that none is lost.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::finding::FindingStatus;
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_response::rules::Safety;
use ringfence_response::workflow::gate::{ChangeLimits, Mode};
use ringfence_store::outbox::Backlog;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Act, Location, Store};

use crate::keys::MasterKey;
use crate::response::accounts::LiveAccounts;
use crate::response::rules::InForce;
use crate::response::settings::ResponseSettings;
use crate::response::terms::Terms;
use crate::response::{Responder, SINK};
use crate::service::{Service, Settings};

const FINDINGS: usize = 10_000;
const ACCOUNT: &str = "111122223333";

const RULES: &str = r#"
@id("readers")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::S3::Bucket" && resource.accessLevels == ["Read"] && !resource.isPublic };
@id("never-public")
forbid (principal, action == Action::"Archive", resource)
when { resource.isPublic };
"#;

fn analysis(number: usize) -> Analysis {
    let resource = format!("arn:aws:s3:::bucket-{number:05}");
    let observation = Observation {
        id: uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, resource.as_bytes()).to_string(),
        resource: resource.clone(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: ACCOUNT.to_owned(),
        region: "eu-west-1".to_owned(),
        details: Details::External(ExternalAccess {
            principal: [("AWS".to_owned(), "999988887777".to_owned())].into(),
            action: vec!["s3:GetObject".to_owned()],
            is_public: number.is_multiple_of(3),
            resource_control_policy_restriction: "NOT_APPLICABLE".to_owned(),
            evidence: serde_json::json!({ "accessLevels": ["Read"] }),
            ..ExternalAccess::default()
        }),
    };
    Analysis {
        resource,
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: ACCOUNT.to_owned(),
        observations: vec![observation],
        completeness: Completeness::Complete,
        presence: Presence::There,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures: ten thousand findings"]
async fn ten_thousand_findings_are_decided_in_half_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("rules/burst.cedar"), RULES).unwrap();
    let store = Store::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
    store.set_sinks(&[SINK]).await.unwrap();
    let now = Timestamp::now();
    let analyzer = Analyzer {
        arn: format!("arn:aws:access-analyzer:us-east-1:{ACCOUNT}:analyzer/a"),
        name: "a".to_owned(),
        account: ACCOUNT.to_owned(),
        region: "us-east-1".to_owned(),
        analyzer_type: AnalyzerType::Account,
        created_at: now,
        last_resource_analyzed: None,
        last_resource_analyzed_at: None,
        tags: std::collections::BTreeMap::new(),
        status: AnalyzerStatus::Active,
        status_reason: None,
        configuration: None,
    };
    let act = Act { who: "alice", operation: "CreateAnalyzer", at: now, token: None };
    store.create_analyzer(&analyzer, &[], &act).await.unwrap();
    let analyses: Vec<Analysis> = (0..FINDINGS).map(analysis).collect();
    for some in analyses.chunks(500) {
        store.apply_reconciliation(&analyzer.arn, some, now).await.unwrap();
    }
    assert_eq!(store.backlog(SINK).await.unwrap().pending, FINDINGS as u64);

    let master = MasterKey::parse("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").unwrap();
    let service = Service::new(Settings::default(), master, store.clone());
    let responder = Responder {
        live: LiveAccounts { service: Arc::clone(&service), accounts: None },
        terms: Terms { mode: Mode::Propose, limits: ChangeLimits::default(), quiet: None },
        safety: Safety::default(),
        settings: ResponseSettings {
            rules: Some(folder.path().join("rules")),
            ..ResponseSettings::default()
        },
        in_force: Mutex::new(InForce::default()),
    };
    let started = Instant::now();
    while responder.round().await.unwrap() > 0 {}
    let took = started.elapsed();
    eprintln!(
        "{FINDINGS} findings decided in {:.1} s, {} µs each",
        took.as_secs_f64(),
        took.as_micros() / FINDINGS as u128
    );

    assert_eq!(store.backlog(SINK).await.unwrap(), Backlog::default());
    assert!(store.list_hints(None, 10).await.unwrap().is_empty());
    let counts = store.statistics(&analyzer.arn).await.unwrap();
    let archived = counts.resource_types["AWS::S3::Bucket"].archived;
    assert_eq!(archived, (FINDINGS - FINDINGS.div_ceil(3)) as u64);
    // Three entries a finding, and a fourth for what was archived: nothing is decided twice.
    let end = store.record_end().await.unwrap().position;
    assert_eq!(end, 3 * FINDINGS as u64 + archived);
    let first =
        store.findings_of_resource(&analyzer.arn, "arn:aws:s3:::bucket-00001").await.unwrap();
    assert_eq!(first[0].status, FindingStatus::Archived);
    assert!(took.as_secs() < 30, "{took:?}");
}
