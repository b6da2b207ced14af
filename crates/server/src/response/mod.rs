//! What is done about findings: hints come in, rules decide, plans are proved, approved, applied, verified and undone.
//!
//! ```text
//! outbox, queue ──intake──▶ hints ──decide──▶ archived, told, or a resolution ──advance──▶ verified, undone
//!                                                                  ▲
//!                               operations, page, commands ────────┘
//! ```
//!
//! What becomes of a resolution is decided in `ringfence_response::workflow`, kept by `store::resolutions`. Here it is
//! carried out: by one loop that takes what is due, and may stop at any moment.

mod accounts;
mod advance;
mod aws_findings;
mod context;
mod decide;
mod decide_aws;
pub mod desk;
mod drill;
mod dry_run;
mod edits;
mod history;
mod intake;
mod judged;
mod links;
mod live;
mod message;
pub(crate) mod operations;
pub(crate) mod page;
mod rules;
mod settings;
mod terms;
mod undone;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ringfence_aws::Access;
use ringfence_aws::live::{AccountRole, Accounts, Managed, OwnAccount, Settings as Reach};
use ringfence_aws::queue::Queue;
use ringfence_response::rules::Safety;
use ringfence_store::StoreError;

pub use drill::{Drill, DrillError};
pub use dry_run::{DryRun, Tried};
pub use intake::SINK;
pub use settings::{
    AccountSettings, ApprovalSettings, Approver, LimitSettings, QuietSettings, ResponseMode,
    ResponseSettings, SafetySettings,
};

use accounts::LiveAccounts;
use advance::Mover;
use message::Words;
use rules::InForce;
use terms::Terms;

use crate::service::Service;

/// How often is looked for what is due.
const LOOK: Duration = Duration::from_millis(200);
/// How long is waited when the store does not answer, or accounts cannot be opened.
const PAUSE: Duration = Duration::from_secs(5);
/// How many hints are decided in one transaction, and for how long nobody else gets them.
const HINTS: usize = 1000;
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// How many resolutions are taken at once.
const RESOLUTIONS: usize = 20;

/// What is done about findings, as it is configured.
#[derive(Debug)]
pub struct Response {
    settings: ResponseSettings,
    terms: Terms,
}

/// Why the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// A time cannot be read.
    #[error("{0}")]
    Quiet(String),
    /// Links of mails need a place to lead to.
    #[error(
        "approvers have links, and `base_url` of `[response.approval]` has to say where they lead"
    )]
    NoBaseUrl,
    /// Links of mails lead to pages.
    #[error("`base_url` is `{0}`, and has to begin with https:// (or http:// on this machine)")]
    BaseUrl(String),
    /// Whoever approves has to be somebody.
    #[error(
        "requester and approver have to differ, so approver `{0}` needs a `key` to authenticate with"
    )]
    NoKey(String),
}

impl Response {
    /// Checks the settings. Nothing is connected to.
    ///
    /// # Errors
    /// When they cannot be used.
    pub fn open(settings: ResponseSettings) -> Result<Self, ResponseError> {
        let quiet = settings.quiet().map_err(ResponseError::Quiet)?;
        let approval = &settings.approval;
        match &approval.base_url {
            None if !approval.approvers.is_empty() => return Err(ResponseError::NoBaseUrl),
            Some(url) if !is_page(url) => return Err(ResponseError::BaseUrl(url.clone())),
            None | Some(_) => {}
        }
        if approval.requester_and_approver_differ
            && let Some(own) = approval.approvers.iter().find(|own| own.key.is_none())
        {
            return Err(ResponseError::NoKey(own.name.clone()));
        }
        let terms = Terms { mode: settings.mode.into(), limits: settings.change_limits(), quiet };
        Ok(Self { settings, terms })
    }

    /// Starts to act, for as long as the service runs.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn start(self, service: &Arc<Service>) -> Result<(), StoreError> {
        let _ = service.response.set(self.settings.clone());
        service.store.release_leases(Timestamp::now()).await?;
        tracing::info!(mode = ?self.settings.mode, "findings are responded to");
        service.keep(run(Arc::clone(service), self.settings, self.terms));
        Ok(())
    }
}

/// Whether a URL is one that a mail may lead to.
fn is_page(url: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    url.starts_with("https://") || local.iter().any(|own| url.starts_with(own))
}

/// What acts.
pub(crate) struct Responder {
    live: LiveAccounts,
    terms: Terms,
    safety: Safety,
    settings: ResponseSettings,
    in_force: Mutex<InForce>,
}

async fn run(service: Arc<Service>, settings: ResponseSettings, terms: Terms) {
    let accounts = match &settings.accounts {
        None => None,
        Some(own) => Some(open(own).await),
    };
    if let Some(url) = &settings.queue {
        let access = settings.accounts.as_ref().map_or_else(|| Reach::default().access, access);
        let queue = Queue::open(&access, url).await;
        service.keep(intake::keep_queue(service.store.clone(), queue));
    }
    let responder = Responder {
        safety: settings.safety(),
        live: LiveAccounts { service, accounts },
        terms,
        settings,
        in_force: Mutex::default(),
    };
    responder.keep().await;
}

/// Opens the accounts; without them nothing can be done, so it is tried until it works.
async fn open(settings: &AccountSettings) -> Accounts {
    loop {
        match Accounts::open(reach(settings)).await {
            Ok(accounts) => return accounts,
            Err(failure) => {
                tracing::error!(%failure, "accounts cannot be reached; it is tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn access(settings: &AccountSettings) -> Access {
    Access {
        endpoint_url: settings.endpoint_url.clone(),
        region: settings.region.clone(),
        ..Reach::default().access
    }
}

/// How accounts are reached.
pub(crate) fn reach(settings: &AccountSettings) -> Reach {
    let role = |name: &str| AccountRole {
        name: name.to_owned(),
        external_id: settings.external_id.clone(),
    };
    Reach {
        access: access(settings),
        reading: role(&settings.reading_role),
        remediation: role(&settings.remediation_role),
        own_account: match settings.own_account_by_credentials {
            true => OwnAccount::Credentials,
            false => OwnAccount::Roles,
        },
        managed: match settings.managed.is_empty() {
            true => Managed::EveryAccount,
            false => Managed::Only(settings.managed.iter().cloned().collect::<BTreeSet<_>>()),
        },
        settle: Duration::from_secs(u64::from(settings.settle_seconds)),
    }
}

impl Responder {
    fn service(&self) -> &Arc<Service> {
        &self.live.service
    }

    fn settings(&self) -> &ResponseSettings {
        &self.settings
    }

    fn words(&self) -> Words<'_> {
        Words {
            approval: &self.settings.approval,
            safety: &self.safety,
            master: &self.live.service.master,
        }
    }

    fn in_force(&self) -> InForce {
        let mut own = self.in_force.lock().unwrap_or_else(PoisonError::into_inner);
        own.renew(&self.settings);
        own.clone()
    }

    async fn keep(self) {
        loop {
            match self.round().await {
                Ok(0) => tokio::time::sleep(LOOK).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "the store does not answer; what was to be done is done later");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Takes what is due and does it; gives how much there was.
    async fn round(&self) -> Result<usize, StoreError> {
        let store = &self.service().store;
        let events = intake::take_own(store).await?;
        let hints = store.take_hints(Timestamp::now(), LEASE, HINTS).await?;
        let decided = hints.len();
        if decided > 0 {
            Box::pin(self.decide(hints)).await?;
        }
        let due = store.take_resolutions(Timestamp::now(), LEASE, RESOLUTIONS).await?;
        let moved = due.len();
        let mover = Mover { store, live: &self.live, terms: self.terms, words: self.words() };
        for resolution in due {
            Box::pin(mover.advance(resolution)).await?;
        }
        Ok(events + decided + moved)
    }
}
