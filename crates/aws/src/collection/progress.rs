//! What a run has done so far, for whoever shows it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts of a run.
#[derive(Debug, Default)]
pub struct Progress {
    accounts: AtomicUsize,
    accounts_done: AtomicUsize,
    resources: AtomicUsize,
    calls: AtomicUsize,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accounts to read; 0 as long as that is not known.
    pub accounts: usize,
    /// Accounts that are finished.
    pub accounts_done: usize,
    /// Resources that were written.
    pub resources: usize,
    /// Calls that were made, each counted once however often it was tried.
    pub calls: usize,
}

impl Progress {
    /// The counts now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Counts {
            accounts: read(&self.accounts),
            accounts_done: read(&self.accounts_done),
            resources: read(&self.resources),
            calls: read(&self.calls),
        }
    }

    pub(super) fn accounts(&self, number: usize) {
        self.accounts.store(number, Ordering::Relaxed);
    }

    pub(super) fn account_done(&self) {
        self.accounts_done.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn resource(&self) {
        self.resources.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}
