//! What every request needs: settings, keys, limits, counters.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ringfence_access::inventory::Inventory;
use ringfence_findings::broad_rule::BroadRules;
use ringfence_policy::Partition;
use ringfence_store::Store;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::keys::{KnownKey, KnownKeys, MasterKey};
use crate::limits::RateLimits;
use crate::metrics::Metrics;
use crate::response::ResponseSettings;
use crate::retention::{self, RetentionSettings};
use crate::watch::{self, ChangeQueue, Source};

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The partition of the ARNs it gives.
    pub partition: Partition,
    /// The Region it stands for: requests have to be signed for it.
    pub region: String,
    /// More bytes no body may have.
    pub max_body_bytes: usize,
    /// Longer no request may take.
    pub request_timeout: Duration,
    /// How many requests a second a key may make, and as many again at once.
    pub requests_per_second: u32,
    /// Where the environment is read from.
    pub source: Option<Source>,
    /// Where changes of the environment are told.
    pub changes: ChangeQueue,
    /// The folder of what the service keeps besides the store.
    pub data: Option<PathBuf>,
    /// How often everything is looked at although the source has not changed.
    pub scan_interval: Duration,
    /// What is done about archive rules that could hide a public exposure.
    pub broad_rules: BroadRules,
}

impl Default for Settings {
    fn default() -> Self {
        Self::from(&Config::default())
    }
}

impl From<&Config> for Settings {
    fn from(config: &Config) -> Self {
        let Config { serve, source, limits, .. } = config;
        Self {
            partition: serve.partition,
            region: serve.region.clone(),
            max_body_bytes: limits.max_body_bytes,
            request_timeout: Duration::from_secs(limits.request_timeout_seconds),
            requests_per_second: limits.requests_per_second,
            source: source.source(&config.data.folder),
            changes: source.changes.clone(),
            data: Some(config.data.folder.clone()),
            scan_interval: Duration::from_secs(source.scan_interval_seconds),
            broad_rules: config.archive_rules.broad,
        }
    }
}

/// The service, shared by all requests.
pub struct Service {
    pub(crate) settings: Settings,
    pub(crate) keys: KnownKeys,
    pub(crate) master: MasterKey,
    pub(crate) limits: RateLimits,
    pub(crate) metrics: Metrics,
    pub(crate) store: Store,
    /// What is known of the environment.
    pub(crate) watch: watch::State,
    /// Held by the scan that runs.
    pub(crate) scanning: tokio::sync::Mutex<()>,
    /// What is done about findings, once that has started.
    pub(crate) response: OnceLock<ResponseSettings>,
    tasks: Mutex<JoinSet<()>>,
    kept: Mutex<JoinSet<()>>,
}

impl Service {
    /// A service with this store, whose secrets are encrypted under `master`.
    #[must_use]
    pub fn new(settings: Settings, master: MasterKey, store: Store) -> Arc<Self> {
        Arc::new(Self {
            limits: RateLimits::new(settings.requests_per_second),
            metrics: Metrics::default(),
            store,
            watch: watch::State::default(),
            scanning: tokio::sync::Mutex::default(),
            response: OnceLock::new(),
            tasks: Mutex::default(),
            kept: Mutex::default(),
            settings,
            keys: KnownKeys::default(),
            master,
        })
    }

    /// Ends what a stopped process left half done, then keeps looking at the source. Runs until it is dropped.
    pub async fn watch(self: Arc<Self>) {
        if let Err(error) = self.store.finish_deletions(jiff::Timestamp::now()).await {
            tracing::error!(%error, "deletions that were interrupted could not be ended");
        }
        let interval = self.settings.scan_interval;
        watch::keep(self, interval).await;
    }

    /// Deletes what is old, from time to time, until the service is dropped.
    pub fn retain(self: &Arc<Self>, settings: RetentionSettings) {
        self.keep(retention::keep(Arc::clone(self), settings));
    }

    /// Runs something beside the requests for as long as the service runs: [`Service::stop`] ends it wherever it is.
    pub(crate) fn keep(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.spawn(task);
    }

    /// Ends what runs for as long as the service does. It keeps in the store what it has not done.
    pub fn stop(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// The environment as it was read last, if it was ever read. It stays as it is while newer ones take its place.
    #[must_use]
    pub fn current(&self) -> Option<Arc<Inventory>> {
        self.watch.current().map(|own| Arc::clone(&own.inventory))
    }

    /// Waits for the scans that run.
    pub async fn settle(&self) {
        loop {
            let mut running = {
                let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
                std::mem::take(&mut *tasks)
            };
            if running.is_empty() {
                return;
            }
            while running.join_next().await.is_some() {}
        }
    }

    /// Runs a task beside the requests.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }
}

/// One authenticated request.
pub(crate) struct Call<'s> {
    pub(crate) service: &'s Arc<Service>,
    pub(crate) key: &'s KnownKey,
    pub(crate) peer: IpAddr,
    pub(crate) security: Security,
    /// Why, in the caller's words, where they say so.
    pub(crate) reason: Option<String>,
    pub(crate) now: Timestamp,
}

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    Tls,
    Plain,
}

impl Call<'_> {
    /// The ARN that an analyzer of the key's account has.
    pub(crate) fn analyzer_arn(&self, name: &str) -> String {
        let Settings { partition, region, .. } = &self.service.settings;
        let account = &self.key.account;
        format!("arn:{}:access-analyzer:{region}:{account}:analyzer/{name}", partition.as_str())
    }

    /// The value of `aws:SecureTransport`.
    pub(crate) fn secure_transport(&self) -> &'static str {
        match self.security {
            Security::Tls => "true",
            Security::Plain => "false",
        }
    }
}
