//! Keeping watch: keeps the environment in memory, reads again what changed, analyzes, and lets the store make findings
//! of what was seen.
//!
//! ```text
//! change queue ─▶ changes ─▶ refresh ─┬─▶ current (one resource replaced) ─▶ scan (of that resource) ─▶ store
//!                                     └── live accounts, or the file that changed
//! source changed, interval ─▶ source ───▶ current (what changed is read) ─▶ scan (of everything) ─▶ store
//! ```
//!
//! What triggers a look is never the truth: the state that is read decides, and every look may be taken twice. What
//! cannot be looked at resolves nothing.

mod changes;
mod counters;
mod current;
mod internal;
mod observe;
mod prepared;
mod refresh;
mod scan;
mod settings;
mod source;
mod subject;

pub use changes::{SetAside, set_aside};
pub(crate) use counters::text as metrics;
pub(crate) use current::{Problem, State};
pub(crate) use observe::external;
pub use settings::{ChangeQueue, LiveAccounts, Source};
pub(crate) use source::environment;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ringfence_access::inventory::Inventory;
use ringfence_findings::analyzer::AnalyzerStatus;
use ringfence_store::StoreError;
use tokio::time::Instant;

use crate::api::Exception;
use crate::service::Service;
use subject::Subject;

/// How often the source is asked whether it has changed.
const LOOK: Duration = Duration::from_secs(2);

/// How long a source that cannot be read is left alone.
const PAUSE: Duration = Duration::from_secs(30);

/// Why a look did not end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScanError {
    /// The source cannot be read.
    #[error("the source cannot be read: {0}")]
    Source(#[from] ringfence_sources::SourceError),
    /// The first reading of live accounts has not ended.
    #[error("the accounts are being read for the first time")]
    NotYet,
    /// Live accounts cannot be read.
    #[error("the accounts cannot be read: {0}")]
    Live(String),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The analysis ended early: a fault of this program.
    #[error("the analysis ended early")]
    Analysis(#[from] tokio::task::JoinError),
    /// The analysis that was kept ready ended early: a fault of this program.
    #[error("the analysis that was kept ready ended early")]
    Ended,
}

impl From<ScanError> for Exception {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Store(error) => error.into(),
            ScanError::Source(_)
            | ScanError::NotYet
            | ScanError::Live(_)
            | ScanError::Analysis(_)
            | ScanError::Ended => Self::internal(&error),
        }
    }
}

/// Lets an analyzer look at everything, beside the requests.
pub(crate) fn start(service: &Arc<Service>, analyzer: &str) {
    let (owner, arn) = (Arc::clone(service), analyzer.to_owned());
    service.spawn(async move {
        match scan::whole(&owner, &arn).await {
            // What waits for the first reading is looked at when that ends; an analyzer that is gone needs no look.
            Ok(()) | Err(ScanError::NotYet | ScanError::Store(StoreError::NotFound(_))) => {}
            Err(error) => {
                tracing::error!(analyzer = arn, %error, cause = ?std::error::Error::source(&error), "a scan did not end");
                if matches!(error, ScanError::Source(_) | ScanError::Live(_)) {
                    blind(&owner, &arn).await;
                }
            }
        }
    });
}

/// Lets every analyzer look at everything.
async fn start_all(service: &Arc<Service>) -> Result<(), ScanError> {
    let analyzers = service.store.all_analyzers().await?;
    analyzers.iter().for_each(|own| start(service, &own.arn));
    Ok(())
}

/// Says of an analyzer that it sees nothing.
async fn blind(service: &Service, arn: &str) {
    let status = match service.store.analyzer(arn).await.map(|own| own.status) {
        Ok(AnalyzerStatus::Creating | AnalyzerStatus::Failed) => AnalyzerStatus::Failed,
        Ok(AnalyzerStatus::Active | AnalyzerStatus::Disabled) => AnalyzerStatus::Disabled,
        Err(_) => return,
    };
    if let Err(error) = scan::stand(service, arn, status).await {
        tracing::error!(analyzer = arn, %error, "the status could not be written");
    }
}

/// Reads one resource again, and makes the findings of every analyzer agree with it.
///
/// # Errors
/// When it cannot be read now, or the store cannot be written.
pub(crate) async fn refresh(service: &Arc<Service>, arn: &str) -> Result<(), ScanError> {
    let subject = Subject::Resource { arn: arn.to_owned(), account: None };
    refresh::subject(Arc::clone(service), subject).await.map(drop)
}

/// Looks at one resource now.
///
/// # Errors
/// `ResourceNotFoundException` where neither the source nor the analyzer knows it.
pub(crate) async fn scan_resource(
    service: &Arc<Service>,
    analyzer: &str,
    resource: &str,
) -> Result<(), Exception> {
    let owner = service.store.analyzer(analyzer).await?;
    let known = service.store.analyzed_resource(analyzer, resource).await;
    refresh(service, resource).await?;
    let is_there = service.watch.current().is_some_and(|own| {
        let arns = [resource.to_owned()];
        !observe::looked_at(&own.inventory, &owner, &arns).is_empty()
    });
    // What the analyzer knew and is not there any more is resolved by now; what it never knew is not found.
    if !is_there {
        known?;
    }
    Ok(())
}

/// The environment; an empty one where there is no source.
pub(crate) async fn inventory_or_empty(
    service: &Arc<Service>,
) -> Result<Arc<Inventory>, ScanError> {
    let partition = service.settings.partition;
    let environment = environment(service).await?;
    Ok(environment
        .map_or_else(|| Arc::new(Inventory::empty(partition)), |own| Arc::clone(&own.inventory)))
}

/// Keeps the environment and the findings up to date for as long as the service runs.
pub(crate) async fn keep(service: Arc<Service>, interval: Duration) {
    let Some(source) = service.settings.source.clone() else { return };
    let changes = changes::keep(Arc::clone(&service));
    match source {
        Source::Path(_) => {
            let ((), ()) = tokio::join!(keep_files(&service, &source, interval), changes);
        }
        Source::Live { accounts, .. } => {
            let interval = interval.min(accounts.collect_interval());
            let ((), ()) = tokio::join!(keep_live(&service, interval), changes);
        }
    }
}

/// Reads files whenever they have changed, and looks at everything every `interval`.
async fn keep_files(service: &Arc<Service>, source: &Source, interval: Duration) {
    let mut last: Option<(Option<SystemTime>, Instant)> = None;
    loop {
        let stamp = stamp(source);
        let is_due = last.is_none_or(|(seen, at)| seen != stamp || at.elapsed() >= interval);
        let is_to_try =
            service.watch.problem().is_some() && last.is_none_or(|(_, at)| at.elapsed() >= PAUSE);
        if is_due || is_to_try {
            last = Some((stamp, Instant::now()));
            look(service, source::everything(service).await).await;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Reads live accounts every `interval`; before the first time, what is there from before.
async fn keep_live(service: &Arc<Service>, interval: Duration) {
    match source::environment(service).await {
        Ok(_) => look(service, start_all(service).await).await,
        Err(error) => tracing::info!(%error, "nothing is there from before"),
    }
    loop {
        let read = source::everything(service).await;
        let pause = if read.is_ok() { interval } else { PAUSE };
        look(service, read).await;
        tokio::time::sleep(pause).await;
    }
}

/// Tells what became of a reading of everything.
async fn look(service: &Arc<Service>, read: Result<(), ScanError>) {
    let Err(error) = read else { return };
    tracing::error!(%error, cause = ?std::error::Error::source(&error), "the source cannot be read");
    if let Ok(analyzers) = service.store.all_analyzers().await {
        for own in analyzers {
            blind(service, &own.arn).await;
        }
    }
}

/// When the source was last written: a snapshot's `snapshot.json` is written last.
fn stamp(source: &Source) -> Option<SystemTime> {
    let file = source.path().join("snapshot.json");
    let path = if file.is_file() { file.as_path() } else { source.path() };
    std::fs::metadata(path).and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests;
