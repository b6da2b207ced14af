//! `ringfence serve`: starts the service and ends it.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use jiff::Timestamp;
use ringfence_server::config::{Config, LogFormat};
use ringfence_server::events::Events;
use ringfence_server::notifications::Notifications;
use ringfence_server::record::{RecordKey, keep_anchoring};
use ringfence_server::response::{Response, SINK};
use ringfence_server::{Service, Settings, keys, listen};
use ringfence_store::Store;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tracing_subscriber::filter::LevelFilter;

/// How long scans that run have when the service stops.
const SETTLE: Duration = Duration::from_secs(10);

pub(crate) fn run(config: &Config) -> Result<()> {
    log(config.log.format);
    let settings = Settings::from(config);
    let transport = config.tls.transport().map_err(anyhow::Error::msg)?;
    let environment = |name: &str| std::env::var(name).ok();
    let events = Events::open(&config.events, &environment)?;
    let notifications = Notifications::open(&config.notifications, &environment)?;
    let response = config.response.clone().map(Response::open).transpose()?;
    let master = config.data.master_key()?;
    crate::runtime()?.block_on(async {
        let stop = stop_signal()?;
        let store = Store::open(&config.data.location()).await?;
        let imported = keys::import(&store, &config.data.folder, Timestamp::now()).await?;
        if imported > 0 {
            tracing::info!(imported, "the keys of keys.json are in the store now");
        }
        if store.list_keys().await?.is_empty() {
            tracing::warn!("there is no key yet; `ringfence keys create` makes one");
        }
        let service = Service::new(settings, master, store.clone());
        let listening = listen(config.serve.listen, &transport).await?;
        let url = listening.url();
        tracing::info!(%url, region = config.serve.region, "listening");
        println!("{url}");
        std::io::stdout().flush().context("the URL cannot be printed")?;
        let internal: &[&str] = if response.is_some() { &[SINK] } else { &[] };
        events.start(&service, internal).await?;
        notifications.start(&service);
        service.retain(config.retention.clone());
        if let Some(response) = response {
            response.start(&service).await?;
        }
        let anchoring = anchoring(config, &store)?;
        let watching = tokio::spawn(Arc::clone(&service).watch());
        listening.serve(Arc::clone(&service), stop).await;
        watching.abort();
        if let Some(anchoring) = anchoring {
            anchoring.abort();
        }
        service.stop();
        if tokio::time::timeout(SETTLE, service.settle()).await.is_err() {
            tracing::warn!(
                "a scan was running when the service stopped; the next start does it again"
            );
        }
        store.close().await;
        anyhow::Ok(())
    })
}

/// Keeps the head of the record outside, where a file for it is named.
fn anchoring(config: &Config, store: &Store) -> Result<Option<JoinHandle<()>>> {
    if config.record.anchor_file.is_none() {
        return Ok(None);
    }
    let key = RecordKey::of(&config.record, &config.data.folder)?;
    Ok(Some(tokio::spawn(keep_anchoring(store.clone(), key, config.record.clone()))))
}

/// Done at SIGTERM or Ctrl-C.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be read")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be read")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn log(format: LogFormat) {
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(LevelFilter::INFO)
        .with_target(false);
    match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
}
