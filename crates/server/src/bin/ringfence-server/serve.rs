//! `ringfence serve`: starts the service and ends it.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use ringfence_server::keys::KeyFile;
use ringfence_server::{Service, Settings, Source, Transport, listen};
use ringfence_store::{Location, Store};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::LevelFilter;

use crate::arguments::{LogFormat, ServeArguments};
use crate::keys::master_key;

/// How long scans that run have when the service stops.
const SETTLE: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &ServeArguments) -> Result<()> {
    log(arguments.log_format);
    let settings = Settings {
        partition: arguments.partition,
        region: arguments.region.clone(),
        max_body_bytes: arguments.max_body_bytes,
        request_timeout: Duration::from_secs(arguments.request_timeout),
        requests_per_second: arguments.requests_per_second,
        source: arguments.source.clone().map(|path| Source { path }),
        scan_interval: Duration::from_secs(arguments.scan_interval),
    };
    if let Some(source) = &settings.source {
        std::fs::metadata(&source.path)
            .with_context(|| format!("the source `{}` cannot be read", source.path.display()))?;
    }
    let keys = KeyFile::new(&arguments.data.data);
    if keys.all()?.is_empty() {
        tracing::warn!("there is no key yet; `ringfence keys create` makes one");
    }
    let master = master_key(&arguments.data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads of the service cannot be started")?;
    runtime.block_on(async {
        let stop = stop_signal()?;
        let store = Store::open(&location(arguments)).await?;
        let service = Service::new(settings, keys, master, store.clone());
        let listening = listen(arguments.listen, &transport(arguments)).await?;
        let url = listening.url();
        tracing::info!(%url, region = arguments.region, "listening");
        println!("{url}");
        std::io::stdout().flush().context("the URL cannot be printed")?;
        let watching = tokio::spawn(Arc::clone(&service).watch());
        listening.serve(Arc::clone(&service), stop).await;
        watching.abort();
        if tokio::time::timeout(SETTLE, service.settle()).await.is_err() {
            tracing::warn!(
                "a scan was running when the service stopped; the next start does it again"
            );
        }
        store.close().await;
        anyhow::Ok(())
    })
}

fn location(arguments: &ServeArguments) -> Location {
    match &arguments.database {
        Some(url) => Location::Url(url.clone()),
        None => Location::Folder(arguments.data.data.clone()),
    }
}

fn transport(arguments: &ServeArguments) -> Transport {
    match (&arguments.tls_certificate, &arguments.tls_key) {
        (Some(certificates), Some(key)) => {
            Transport::Tls { certificates: certificates.clone(), key: key.clone() }
        }
        _ if arguments.allow_plaintext => Transport::PlainAnywhere,
        _ => Transport::Plain,
    }
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
