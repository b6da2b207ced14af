//! Credentials that are asked for once, however many clients use them.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Future;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider};
use tokio::sync::Mutex;

/// How long before they expire they are asked for again.
const MARGIN: Duration = Duration::from_secs(60);

/// Keeps what a provider gave for as long as it is good. Asking a chain again costs a process or a call each time, and
/// every client has a cache of its own only.
#[derive(Debug)]
pub(crate) struct Kept {
    provider: SharedCredentialsProvider,
    kept: Mutex<Option<Credentials>>,
}

impl Kept {
    /// Nothing is asked before it is needed.
    pub(crate) fn new(provider: SharedCredentialsProvider) -> Self {
        Self { provider, kept: Mutex::new(None) }
    }

    async fn credentials(&self) -> Result {
        let mut kept = self.kept.lock().await;
        if let Some(credentials) = kept.as_ref().filter(|kept| is_good(kept)) {
            return Ok(credentials.clone());
        }
        let fresh = self.provider.provide_credentials().await?;
        Ok(kept.insert(fresh).clone())
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> Future<'a>
    where
        Self: 'a,
    {
        Future::new(self.credentials())
    }
}

fn is_good(credentials: &Credentials) -> bool {
    credentials.expiry().is_none_or(|expiry| expiry > SystemTime::now() + MARGIN)
}
