//! How many calls are in flight.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How much is done at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Accounts that are read at once.
    pub accounts: usize,
    /// Calls in flight for one account.
    pub calls_per_account: usize,
    /// Calls in flight for one service of one region of one account.
    pub calls_per_service: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { accounts: 8, calls_per_account: 32, calls_per_service: 8 }
    }
}

/// What a call waits for: a place among those of its service, then among those of its account.
#[derive(Clone, Debug)]
pub(super) struct Permits {
    account: Arc<Semaphore>,
    service: Arc<Semaphore>,
}

impl Permits {
    /// Permits for a service of an account.
    pub(super) fn new(account: &Arc<Semaphore>, limits: Limits) -> Self {
        Self {
            account: Arc::clone(account),
            service: Arc::new(Semaphore::new(limits.calls_per_service.max(1))),
        }
    }

    /// Waits for both. They are free again when the result is dropped.
    pub(super) async fn acquire(
        &self,
    ) -> (Option<SemaphorePermit<'_>>, Option<SemaphorePermit<'_>>) {
        // Neither is ever closed, so there always is a permit in the end.
        let service = self.service.acquire().await.ok();
        let account = self.account.acquire().await.ok();
        (service, account)
    }
}
