//! Reads the source: the files that changed, or the live accounts behind them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ringfence_aws::Access;
use ringfence_aws::collection::{AccountChoice, Limits, Live, Progress, RegionChoice, Request};

use super::current::Environment;
use super::refresh;
use super::settings::{LiveAccounts, Source};
use super::subject::Subject;
use super::{ScanError, start_all};
use crate::service::Service;

/// The environment; it is read first where it never was. Nothing where there is no source.
///
/// # Errors
/// When it was never read and cannot be.
pub(crate) async fn environment(
    service: &Arc<Service>,
) -> Result<Option<Arc<Environment>>, ScanError> {
    if service.settings.source.is_none() {
        return Ok(None);
    }
    if let Some(environment) = service.watch.current() {
        return Ok(Some(environment));
    }
    if let Some(source @ Source::Live { .. }) = &service.settings.source
        && !source.path().join("snapshot.json").exists()
    {
        return Err(ScanError::NotYet);
    }
    read_files(service).await?;
    Ok(service.watch.current())
}

/// Reads what has changed in the files of the source.
///
/// # Errors
/// When nothing of it can be read.
pub(super) async fn read_files(service: &Arc<Service>) -> Result<(), ScanError> {
    let Some(source) = service.settings.source.clone() else { return Ok(()) };
    let _turn = service.watch.reading_all.lock().await;
    let own = Arc::clone(service);
    let read = tokio::task::spawn_blocking(move || own.watch.read_all(&source)).await?;
    match read {
        Ok(since) => {
            service.watch.set_problem(None);
            again(service, since);
            Ok(())
        }
        Err(error) => {
            service.watch.set_problem(Some(error.to_string()));
            Err(error.into())
        }
    }
}

/// What was read by itself while everything was read is read once more, beside the rest.
fn again(service: &Arc<Service>, since: std::collections::BTreeSet<Subject>) {
    for subject in since {
        let owner = Arc::clone(service);
        service.spawn(async move {
            if let Err(error) = refresh::subject(owner, subject.clone()).await {
                tracing::error!(?subject, %error, "it could not be read again");
            }
        });
    }
}

/// Reads everything, of live accounts from them, and lets every analyzer look at it.
///
/// # Errors
/// When the source cannot be read.
pub(super) async fn everything(service: &Arc<Service>) -> Result<(), ScanError> {
    let collected = collect(service).await;
    if let Err(error) = &collected {
        service.watch.set_problem(Some(error.to_string()));
    }
    collected?;
    read_files(service).await?;
    start_all(service).await
}

async fn collect(service: &Arc<Service>) -> Result<(), ScanError> {
    let Some(live) = live(service).await? else { return Ok(()) };
    service.watch.begin_all();
    let (live, runtime) = (Arc::clone(live), tokio::runtime::Handle::current());
    let collecting = tokio::task::spawn_blocking(move || runtime.block_on(live.collect()));
    let collected = collecting.await?.map_err(|error| ScanError::Live(told(&error)))?;
    tracing::info!(
        accounts = collected.accounts,
        resources = collected.resources,
        not_read = collected.not_read.len(),
        "collected"
    );
    Ok(())
}

/// The live accounts, where the source is such. They are opened once.
pub(super) async fn live(service: &Service) -> Result<Option<&Arc<Live>>, ScanError> {
    let Some(Source::Live { accounts, folder }) = &service.settings.source else { return Ok(None) };
    let opening = open(accounts.as_ref().clone(), folder.clone());
    service.watch.live.get_or_try_init(|| opening).await.map(Some)
}

/// Opens live accounts.
async fn open(own: LiveAccounts, folder: PathBuf) -> Result<Arc<Live>, ScanError> {
    std::fs::create_dir_all(&folder).map_err(|error| {
        ScanError::Live(format!("`{}` cannot be made: {error}", folder.display()))
    })?;
    let request = Request {
        out: folder,
        access: Access {
            profile: own.profile,
            endpoint_url: own.endpoint_url,
            region: own.regions.first().cloned(),
            call_timeout: Duration::from_secs(own.call_timeout_seconds.max(1)),
            max_attempts: own.max_attempts,
        },
        accounts: AccountChoice {
            organization: own.organization,
            accounts: own.accounts,
            units: own.organizational_units,
            exclude: own.exclude,
        },
        regions: match own.regions.is_empty() {
            true => RegionChoice::Enabled,
            false => RegionChoice::These(own.regions),
        },
        role_name: own.role_name,
        external_id: own.external_id,
        limits: Limits::default(),
        progress: Arc::new(Progress::default()),
        created_by: concat!("ringfence serve ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    Live::open(request).await.map(Arc::new).map_err(|error| ScanError::Live(told(&error)))
}

fn told(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
