//! Keeping watch: reads the source, analyzes, and lets the store make findings of what was seen.
//!
//! What triggers a scan is never the truth: every scan reads the source again and writes the difference, and may run
//! twice. What cannot be looked at resolves nothing.

mod internal;
mod observe;
mod scan;

pub(crate) use observe::analyses;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use ringfence_access::inventory::Inventory;
use ringfence_findings::reconcile::Completeness;
use ringfence_store::StoreError;
use ringfence_store::reconciliation::{Analysis, Presence};

use crate::api::Exception;
use crate::service::Service;

/// How often the source is asked whether it has changed.
const LOOK: Duration = Duration::from_secs(2);

/// Where the environment is read from.
#[derive(Clone, Debug)]
pub struct Source {
    /// A snapshot folder, or a file of GetAccountAuthorizationDetails.
    pub path: PathBuf,
}

/// Why a scan did not end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScanError {
    /// The source cannot be read.
    #[error("the source cannot be read")]
    Source(#[from] ringfence_sources::SourceError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The analysis ended early: a fault of this program.
    #[error("the analysis ended early")]
    Analysis(#[from] tokio::task::JoinError),
}

impl From<ScanError> for Exception {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Store(error) => error.into(),
            ScanError::Source(_) | ScanError::Analysis(_) => Self::internal(&error),
        }
    }
}

/// Lets an analyzer look at everything, beside the requests.
pub(crate) fn start(service: &Arc<Service>, analyzer: &str) {
    let (owner, arn) = (Arc::clone(service), analyzer.to_owned());
    service.spawn(async move {
        if let Err(error) = scan::whole(&owner, &arn).await {
            tracing::error!(analyzer = arn, %error, cause = ?std::error::Error::source(&error), "a scan did not end");
        }
    });
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
    let now = Timestamp::now();
    let owner = service.store.analyzer(analyzer).await?;
    let Some(inventory) = inventory(service).await? else {
        return Err(Exception::not_found("Resource", resource));
    };
    let arn = resource.to_owned();
    let analyses =
        tokio::task::spawn_blocking(move || analyses(&inventory, &owner, |own| own == arn))
            .await
            .map_err(ScanError::from)?;
    if !analyses.is_empty() {
        service.store.apply_reconciliation(analyzer, &analyses, now).await?;
        return Ok(());
    }
    let known = service.store.analyzed_resource(analyzer, resource).await?;
    let gone = Analysis {
        resource: known.resource_arn,
        resource_type: known.resource_type,
        resource_owner_account: known.resource_owner_account,
        observations: Vec::new(),
        completeness: Completeness::Complete,
        presence: Presence::Gone,
    };
    service.store.apply_reconciliation(analyzer, &[gone], now).await?;
    Ok(())
}

/// The environment as the source has it now; nothing where there is no source.
async fn inventory(service: &Service) -> Result<Option<Inventory>, ScanError> {
    let Some(Source { path }) = service.settings.source.clone() else { return Ok(None) };
    let read = tokio::task::spawn_blocking(move || ringfence_sources::read_target(&path));
    Ok(Some(read.await??))
}

/// The environment as the source has it now; an empty one where there is no source.
pub(crate) async fn inventory_or_empty(service: &Service) -> Result<Inventory, ScanError> {
    let partition = service.settings.partition;
    Ok(inventory(service).await?.unwrap_or_else(|| Inventory::empty(partition)))
}

/// Scans whenever the source has changed, and every `interval`, for as long as the service runs.
pub(crate) async fn keep(service: Arc<Service>, interval: Duration) {
    let Some(source) = service.settings.source.clone() else { return };
    let mut last: Option<(Option<SystemTime>, tokio::time::Instant)> = None;
    loop {
        let stamp = stamp(&source);
        let is_due = last.is_none_or(|(seen, at)| seen != stamp || at.elapsed() >= interval);
        if is_due {
            last = Some((stamp, tokio::time::Instant::now()));
            match service.store.all_analyzers().await {
                Ok(analyzers) => {
                    analyzers.iter().for_each(|own| start(&service, &own.arn));
                }
                Err(error) => tracing::error!(%error, "the analyzers cannot be read"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// When the source was last written: a snapshot's `snapshot.json` is written last.
fn stamp(source: &Source) -> Option<SystemTime> {
    let file = source.path.join("snapshot.json");
    let path = if file.is_file() { &file } else { &source.path };
    std::fs::metadata(path).and_then(|found| found.modified()).ok()
}
