//! What every request needs: settings, keys, limits, counters.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ringfence_policy::Partition;

use crate::idempotency::Idempotency;
use crate::keys::{AccessKey, KeyFile, MasterKey};
use crate::limits::RateLimits;
use crate::metrics::Metrics;

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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            partition: Partition::Aws,
            region: "us-east-1".to_owned(),
            max_body_bytes: 8 << 20,
            request_timeout: Duration::from_secs(30),
            requests_per_second: 100,
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
    pub(crate) idempotency: Idempotency,
}

impl Service {
    /// A service with these keys.
    #[must_use]
    pub fn new(settings: Settings, keys: KeyFile, master: MasterKey) -> Arc<Self> {
        Arc::new(Self {
            limits: RateLimits::new(settings.requests_per_second),
            metrics: Metrics::default(),
            idempotency: Idempotency::default(),
            settings,
            keys,
            master,
        })
    }
}

/// One authenticated request.
pub(crate) struct Call<'s> {
    pub(crate) service: &'s Service,
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
