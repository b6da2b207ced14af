//! What every request needs: settings, keys, limits, counters.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use ringfence_policy::Partition;
use ringfence_store::Store;
use tokio::task::JoinSet;

use crate::keys::{AccessKey, KeyFile, MasterKey};
use crate::limits::RateLimits;
use crate::metrics::Metrics;
use crate::watch::{self, Source};

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
    /// How often everything is looked at although the source has not changed.
    pub scan_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            partition: Partition::Aws,
            region: "us-east-1".to_owned(),
            max_body_bytes: 8 << 20,
            request_timeout: Duration::from_secs(30),
            requests_per_second: 100,
            source: None,
            scan_interval: Duration::from_secs(24 * 3600),
        }
    }
}

/// The service, shared by all requests.
pub struct Service {
    pub(crate) settings: Settings,
    pub(crate) keys: KeyFile,
    pub(crate) master: MasterKey,
    pub(crate) limits: RateLimits,
    pub(crate) metrics: Metrics,
    pub(crate) store: Store,
    /// Held by the scan that runs.
    pub(crate) scanning: tokio::sync::Mutex<()>,
    tasks: Mutex<JoinSet<()>>,
}

impl Service {
    /// A service with these keys and this store.
    #[must_use]
    pub fn new(settings: Settings, keys: KeyFile, master: MasterKey, store: Store) -> Arc<Self> {
        Arc::new(Self {
            limits: RateLimits::new(settings.requests_per_second),
            metrics: Metrics::default(),
            store,
            scanning: tokio::sync::Mutex::default(),
            tasks: Mutex::default(),
            settings,
            keys,
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
    pub(crate) key: &'s AccessKey,
    pub(crate) peer: IpAddr,
    pub(crate) security: Security,
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
