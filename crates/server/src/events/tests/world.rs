//! A store with findings in it, and a service around it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Act, Location, Store};
use uuid::Uuid;

use crate::events::dispatcher::Dispatcher;
use crate::events::settings::{EventsSettings, SinkSettings};
use crate::events::sinks::Sink;
use crate::keys::MasterKey;
use crate::service::{Service, Settings};

pub(super) const ANALYZER: &str = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account";
pub(super) const SINK: &str = "sink";

pub(super) struct World {
    pub(super) store: Store,
    pub(super) service: Arc<Service>,
    pub(super) start: Timestamp,
    pub(super) folder: tempfile::TempDir,
}

impl World {
    /// A store with an analyzer, and one sink that gets its events.
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let analyzer = Analyzer {
            arn: ANALYZER.to_owned(),
            name: "account".to_owned(),
            account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            analyzer_type: AnalyzerType::Account,
            created_at: start,
            last_resource_analyzed: None,
            last_resource_analyzed_at: None,
            tags: BTreeMap::new(),
            status: AnalyzerStatus::Active,
            status_reason: None,
            configuration: None,
        };
        let act = Act { who: "alice", operation: "CreateAnalyzer", at: start, token: None };
        store.create_analyzer(&analyzer, &[], &act).await.unwrap();
        store.set_sinks(&[SINK]).await.unwrap();
        let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let service = Service::new(Settings::default(), master, store.clone());
        Self { store, service, start, folder }
    }

    pub(super) fn at(&self, seconds: i64) -> Timestamp {
        self.start.checked_add(SignedDuration::from_secs(seconds)).unwrap()
    }

    /// Sees the access of `who` to a bucket; nobody's resolves the finding.
    pub(super) async fn see(&self, bucket: &str, who: Option<&str>, seconds: i64) {
        let observation = |who: &str| Observation {
            id: format!("{bucket}-{who}"),
            resource: format!("arn:aws:s3:::{bucket}"),
            resource_type: "AWS::S3::Bucket".to_owned(),
            resource_owner_account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            details: Details::External(ExternalAccess {
                principal: BTreeMap::from([("AWS".to_owned(), who.to_owned())]),
                action: vec!["s3:GetObject".to_owned()],
                ..ExternalAccess::default()
            }),
        };
        let analysis = Analysis {
            resource: format!("arn:aws:s3:::{bucket}"),
            resource_type: "AWS::S3::Bucket".to_owned(),
            resource_owner_account: "111122223333".to_owned(),
            observations: who.into_iter().map(observation).collect(),
            completeness: Completeness::Complete,
            presence: Presence::There,
        };
        let at = self.at(seconds);
        self.store.apply_reconciliation(ANALYZER, &[analysis], at).await.unwrap();
    }

    pub(super) fn dispatcher(&self, settings: &EventsSettings, sink: Sink) -> Dispatcher {
        let (store, service) = (self.store.clone(), Arc::clone(&self.service));
        Dispatcher::new(store, SINK.to_owned(), sink, settings, Uuid::NAMESPACE_OID, service)
    }
}

/// The sink that a TOML text describes.
pub(super) fn sink(text: &str) -> Sink {
    let settings: SinkSettings = toml::from_str(text).unwrap();
    Sink::open(&settings, &secret).unwrap()
}

/// The environment of these tests.
pub(super) fn secret(name: &str) -> Option<String> {
    (name == "HOOK_SECRET").then(|| "open sesame".to_owned())
}

/// A webhook on a loopback port, which its settings allow.
pub(super) fn webhook(port: u16) -> Sink {
    sink(&format!(
        "name = 'sink'\n[webhook]\nurl = 'http://127.0.0.1:{port}/hook?key=k'\nsecret = {{ env = 'HOOK_SECRET' }}\n\
         limits = {{ allow_plaintext = true, allow_addresses = ['127.0.0.1'], timeout_seconds = 5 }}"
    ))
}
