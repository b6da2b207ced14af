//! One request over one connection: look up, check, connect, send, read a little, close.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::{Network, is_permitted};
use super::url::{Scheme, Url};

/// More of an answer is not read.
const MOST_OF_ANSWER: usize = 16 << 10;
/// More addresses of a name are not tried.
const MOST_ADDRESSES: usize = 4;
const AGENT: &str = concat!("Ringfence/", env!("CARGO_PKG_VERSION"));

/// Looks up the addresses of a host.
pub(crate) type Resolve = Arc<
    dyn Fn(String, u16) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<SocketAddr>>> + Send>>
        + Send
        + Sync,
>;

/// Makes requests within limits.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) allow: Vec<Network>,
    pub(super) allow_plaintext: bool,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) timeout: Duration,
    pub(super) resolve: Resolve,
}

/// The beginning of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

/// Why there was no answer. Nothing of a URL but its host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    /// Others could read along.
    #[error("`{0}` is reached by http, which `allow_plaintext` would have to allow")]
    Plaintext(String),
    /// The name has no address.
    #[error("the name `{host}` cannot be looked up: {reason}")]
    Lookup { host: String, reason: String },
    /// An address that no request may go to.
    #[error(
        "`{host}` is at {address}, which is not in the public Internet; `allow_addresses` would have to allow it"
    )]
    Address { host: String, address: std::net::IpAddr },
    /// No connection.
    #[error("`{host}` cannot be connected to: {reason}")]
    Connect { host: String, reason: String },
    /// The connection cannot be encrypted.
    #[error("TLS with `{host}` failed: {reason}")]
    Tls { host: String, reason: String },
    /// The connection broke.
    #[error("the connection with `{host}` broke: {reason}")]
    Broke { host: String, reason: String },
    /// It took too long.
    #[error("`{0}` did not answer in time")]
    TimedOut(String),
}

/// Lookups by the system.
pub(super) fn system() -> Resolve {
    Arc::new(|host, port| {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    })
}

impl Client {
    /// Posts a body and gives the beginning of the answer, whatever its status.
    ///
    /// # Errors
    /// When there was no answer, or no request was made.
    pub(crate) async fn post(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, PostError> {
        tokio::time::timeout(self.timeout, self.exchange(url, headers, body))
            .await
            .unwrap_or_else(|_| Err(PostError::TimedOut(url.host.clone())))
    }

    /// The same client with other lookups.
    #[cfg(test)]
    pub(crate) fn resolving(self, resolve: Resolve) -> Self {
        Self { resolve, ..self }
    }

    async fn exchange(
        &self,
        url: &Url,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Answer, PostError> {
        if url.scheme == Scheme::Http && !self.allow_plaintext {
            return Err(PostError::Plaintext(url.host.clone()));
        }
        let stream = self.connect(url).await?;
        let request = request(url, headers, body)?;
        match url.scheme {
            Scheme::Http => send(url, stream, request).await,
            Scheme::Https => {
                let failed = |reason: String| PostError::Tls { host: url.host.clone(), reason };
                let name = match url.address() {
                    Some(address) => ServerName::IpAddress(address.into()),
                    None => ServerName::try_from(url.host.clone())
                        .map_err(|error| failed(error.to_string()))?,
                };
                let connector = TlsConnector::from(Arc::clone(&self.tls));
                let stream = connector.connect(name, stream).await;
                send(url, stream.map_err(|error| failed(error.to_string()))?, request).await
            }
        }
    }

    /// Connects to an address that was checked; the name is not looked up again.
    async fn connect(&self, url: &Url) -> Result<TcpStream, PostError> {
        let host = || url.host.clone();
        let addresses = match url.address() {
            Some(address) => vec![SocketAddr::new(address, url.port)],
            None => (self.resolve)(url.host.clone(), url.port)
                .await
                .map_err(|error| PostError::Lookup { host: host(), reason: error.to_string() })?,
        };
        // A name that stands for both kinds of address is not one that somebody means well with.
        for address in &addresses {
            if !is_permitted(address.ip(), &self.allow) {
                return Err(PostError::Address { host: host(), address: address.ip() });
            }
        }
        let mut reason = "it has no address".to_owned();
        for address in addresses.iter().take(MOST_ADDRESSES) {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Err(error) => reason = error.to_string(),
            }
        }
        Err(PostError::Connect { host: host(), reason })
    }
}

fn request(
    url: &Url,
    headers: &[(HeaderName, HeaderValue)],
    body: Bytes,
) -> Result<Request<Full<Bytes>>, PostError> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(&url.path)
        .header(HOST, &url.authority)
        .header(USER_AGENT, AGENT)
        .header(CONTENT_LENGTH, body.len());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request
        .body(Full::new(body))
        .map_err(|error| PostError::Broke { host: url.host.clone(), reason: error.to_string() })
}

async fn send<S>(url: &Url, stream: S, request: Request<Full<Bytes>>) -> Result<Answer, PostError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broke = |error: hyper::Error| PostError::Broke {
        host: url.host.clone(),
        reason: error.to_string(),
    };
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broke)?;
    // It goes with this set, also when the request takes too long.
    let mut connections = tokio::task::JoinSet::new();
    connections.spawn(async move {
        let _ = connection.await;
    });
    let answer = sender.send_request(request).await.map_err(broke)?;
    let status = answer.status();
    let (mut incoming, mut body) = (answer.into_body(), Vec::new());
    while body.len() < MOST_OF_ANSWER {
        // The status is what counts: an answer that breaks off after it is an answer.
        let Some(Ok(frame)) = incoming.frame().await else { break };
        if let Some(data) = frame.data_ref() {
            body.extend(data.iter().take(MOST_OF_ANSWER.saturating_sub(body.len())));
        }
    }
    Ok(Answer { status, body })
}
