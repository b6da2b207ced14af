//! A store with findings in it, before a service starts.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Act, Location, Store};

use crate::running::Folder;

pub(crate) const ANALYZER: &str = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account";

/// Runs something that waits.
pub(crate) fn block_on<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(task)
}

/// So many seconds ago.
pub(crate) fn ago(seconds: i64) -> Timestamp {
    Timestamp::now().checked_sub(SignedDuration::from_secs(seconds)).unwrap()
}

/// The store in a folder, with an analyzer where there is none.
pub(crate) async fn store(folder: &Folder, sinks: &[&str]) -> Store {
    let store = Store::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
    let at = ago(400 * 24 * 3600);
    let analyzer = Analyzer {
        arn: ANALYZER.to_owned(),
        name: "account".to_owned(),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        analyzer_type: AnalyzerType::Account,
        created_at: at,
        last_resource_analyzed: None,
        last_resource_analyzed_at: None,
        tags: BTreeMap::new(),
        status: AnalyzerStatus::Active,
        status_reason: None,
        configuration: None,
    };
    if store.all_analyzers().await.unwrap().is_empty() {
        let act = Act { who: "alice", operation: "CreateAnalyzer", at, token: None };
        store.create_analyzer(&analyzer, &[], &act).await.unwrap();
    }
    store.set_sinks(sinks).await.unwrap();
    store
}

/// Sees the access of `who` to each bucket; nobody's resolves the findings.
pub(crate) async fn see(store: &Store, buckets: &[String], who: Option<&str>, at: Timestamp) {
    let analysis = |bucket: &String| Analysis {
        resource: format!("arn:aws:s3:::{bucket}"),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: "111122223333".to_owned(),
        observations: who
            .iter()
            .map(|who| Observation {
                id: format!("{bucket}-{who}"),
                resource: format!("arn:aws:s3:::{bucket}"),
                resource_type: "AWS::S3::Bucket".to_owned(),
                resource_owner_account: "111122223333".to_owned(),
                region: "us-east-1".to_owned(),
                details: Details::External(ExternalAccess {
                    principal: BTreeMap::from([("AWS".to_owned(), (*who).to_owned())]),
                    action: vec!["s3:GetObject".to_owned()],
                    ..ExternalAccess::default()
                }),
            })
            .collect(),
        completeness: Completeness::Complete,
        presence: Presence::There,
    };
    let all: Vec<Analysis> = buckets.iter().map(analysis).collect();
    store.apply_reconciliation(ANALYZER, &all, at).await.unwrap();
}
