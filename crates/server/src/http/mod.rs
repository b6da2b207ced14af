//! HTTP: listens, limits size and time, and hands each request to the layers behind.

pub(crate) mod respond;
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};

use crate::service::{Security, Service};

/// How long the first line and the headers of a request may take to arrive.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long running requests have when the service stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// More connections wait.
const MAX_CONNECTIONS: usize = 2048;

/// How connections are encrypted.
#[derive(Clone, Debug)]
pub enum Transport {
    /// By TLS with the chain of certificates and the key in these PEM files.
    Tls {
        /// The certificate and those above it.
        certificates: PathBuf,
        /// The private key.
        key: PathBuf,
    },
    /// Not at all: on a loopback address.
    Plain,
    /// Not at all, although others may read along: somebody said that this is fine.
    PlainAnywhere,
}

impl Transport {
    /// What does the handshakes; nothing where nothing is encrypted.
    pub(crate) fn acceptor(&self) -> Result<Option<tokio_rustls::TlsAcceptor>, ListenError> {
        match self {
            Self::Tls { certificates, key } => Ok(Some(tls::acceptor(certificates, key)?)),
            Self::Plain | Self::PlainAnywhere => Ok(None),
        }
    }
}

/// Why the service cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Others could read along.
    #[error(
        "`{0}` is no loopback address: give a certificate with --tls-certificate and --tls-key, or say \
         --allow-plaintext where something in front of the service encrypts"
    )]
    Plaintext(SocketAddr),
    /// The address cannot be used.
    #[error("`{address}` cannot be listened on")]
    Address {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("`{path}` cannot be used for TLS: {reason}")]
    Tls {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// A service that accepts connections.
pub struct Listening {
    listener: TcpListener,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    address: SocketAddr,
}

/// Opens the port; connections are answered by [`Listening::serve`].
///
/// # Errors
/// When the address is not a loopback address and nothing encrypts, cannot be used, or the certificate cannot.
pub async fn listen(address: SocketAddr, transport: &Transport) -> Result<Listening, ListenError> {
    if matches!(transport, Transport::Plain) && !address.ip().is_loopback() {
        return Err(ListenError::Plaintext(address));
    }
    let acceptor = transport.acceptor()?;
    let failed = |source| ListenError::Address { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Listening { listener, acceptor, address })
}

impl Listening {
    /// Where it listens; with the port that was chosen where 0 was asked for.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients give as `--endpoint-url`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.acceptor.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Answers requests until `stop` is done; requests that are running then are answered still.
    pub async fn serve(self, service: Arc<Service>, stop: impl Future<Output = ()>) {
        let graceful = Arc::new(GracefulShutdown::new());
        let connections = Arc::new(tokio::sync::Semaphore::new(MAX_CONNECTIONS));
        let mut stop = std::pin::pin!(stop);
        loop {
            let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { break };
            let (stream, peer) = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Out of file descriptors, for example: others may end soon.
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
            };
            let (service, acceptor) = (Arc::clone(&service), self.acceptor.clone());
            let watcher = graceful.watcher();
            tokio::spawn(async move {
                connection(service, acceptor, stream, peer.ip(), watcher).await;
                drop(permit);
            });
        }
        drop(self.listener);
        tracing::info!("stopping: running requests are answered, new ones are not accepted");
        let Some(graceful) = Arc::into_inner(graceful) else { return };
        if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
            tracing::warn!("some requests were still running when the service stopped");
        }
    }
}

async fn connection(
    service: Arc<Service>,
    acceptor: Option<tokio_rustls::TlsAcceptor>,
    stream: TcpStream,
    peer: IpAddr,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let _ = stream.set_nodelay(true);
    let security = if acceptor.is_some() { Security::Tls } else { Security::Plain };
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(respond::respond(&service, request, peer, security).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let ended = match acceptor {
        None => watcher.watch(http.serve_connection(TokioIo::new(stream), answer)).await,
        Some(acceptor) => {
            match tokio::time::timeout(HEADER_TIMEOUT, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    watcher.watch(http.serve_connection(TokioIo::new(stream), answer)).await
                }
                Ok(Err(_)) | Err(_) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection broke");
    }
}
