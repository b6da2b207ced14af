//! A proxy between collector and endpoint that notes what is called, and breaks what it is told to.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request, as far as the proxy looks at it.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// The service that the signature is for.
    pub(crate) service: String,
    /// The operation, where the protocol names it.
    pub(crate) operation: Option<String>,
    text: Vec<u8>,
}

impl Request {
    /// All of it, as it came.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }
}

/// What becomes of a request.
pub(crate) enum Fate {
    /// The endpoint answers.
    Answer,
    /// The proxy answers: status, type and body.
    Instead(u16, &'static str, String),
    /// Nobody answers, for as long as the caller may wait.
    Silence,
    /// The answer breaks off in the middle.
    Reset,
    /// The answer comes drop by drop.
    Slow,
}

pub(crate) struct Proxy {
    pub(crate) port: u16,
    /// Service and operation of every call, or method and target where the protocol has no names.
    pub(crate) calls: Arc<Mutex<BTreeSet<(String, String)>>>,
    pub(crate) broken: Arc<AtomicUsize>,
}

impl Proxy {
    /// Stands before the endpoint at a port, until the test ends.
    pub(crate) fn start(
        upstream: u16,
        fate: impl Fn(&Request) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(Mutex::new(BTreeSet::new()));
        let broken = Arc::new(AtomicUsize::new(0));
        let (noted, counted, fate) = (Arc::clone(&calls), Arc::clone(&broken), Arc::new(fate));
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (noted, counted, fate) =
                    (Arc::clone(&noted), Arc::clone(&counted), Arc::clone(&fate));
                std::thread::spawn(move || {
                    let Some(request) = read(&connection) else { return };
                    let named = request.operation.clone();
                    let named =
                        named.unwrap_or_else(|| format!("{} {}", request.method, request.target));
                    noted.lock().unwrap().insert((request.service.clone(), named));
                    let fate = fate(&request);
                    if !matches!(fate, Fate::Answer) {
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                    let _ = answer(&connection, upstream, &request, fate);
                    let _ = connection.shutdown(Shutdown::Both);
                });
            }
        });
        Self { port, calls, broken }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn read(mut connection: &TcpStream) -> Option<Request> {
    let (mut text, mut piece) = (Vec::new(), [0; 8192]);
    let end = loop {
        if let Some(end) = text.windows(4).position(|part| part == b"\r\n\r\n") {
            break end + 4;
        }
        match connection.read(&mut piece).ok()? {
            0 => return None,
            length => text.extend_from_slice(&piece[..length]),
        }
    };
    let head = String::from_utf8_lossy(&text[..end]).into_owned();
    let header = |name: &str| {
        let mut lines = head.lines().skip(1);
        lines.find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while text.len() < end + length {
        match connection.read(&mut piece).ok()? {
            0 => return None,
            length => text.extend_from_slice(&piece[..length]),
        }
    }
    let body = String::from_utf8_lossy(&text[end..]).into_owned();
    let in_body = body.split('&').find_map(|pair| pair.strip_prefix("Action=").map(str::to_owned));
    let in_target = header("x-amz-target").and_then(|it| Some(it.rsplit_once('.')?.1.to_owned()));
    let scope = header("authorization").unwrap_or_default();
    let mut words = head.lines().next()?.split(' ');
    Some(Request {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        service: scope.split('/').nth(3).unwrap_or_default().to_owned(),
        operation: in_target.or(in_body),
        text,
    })
}

fn answer(
    mut connection: &TcpStream,
    upstream: u16,
    request: &Request,
    fate: Fate,
) -> std::io::Result<()> {
    if let Fate::Instead(status, kind, body) = fate {
        let length = body.len();
        return write!(
            connection,
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        );
    }
    if matches!(fate, Fate::Silence) {
        std::thread::sleep(Duration::from_secs(20));
        return Ok(());
    }
    let mut endpoint = TcpStream::connect(("127.0.0.1", upstream))?;
    // The answer ends with the connection, which an endpoint would otherwise keep open for the next request.
    let head = request.text.iter().position(|own| *own == b'\n').map_or(0, |end| end + 1);
    let (line, rest) = request.text.split_at(head);
    endpoint.write_all(&[line, b"connection: close\r\n", rest].concat())?;
    let mut text = Vec::new();
    endpoint.read_to_end(&mut text)?;
    match fate {
        Fate::Reset => connection.write_all(&text[..text.len() * 2 / 3]),
        Fate::Slow => {
            for piece in text.chunks(text.len().div_ceil(5).max(1)) {
                connection.write_all(piece)?;
                connection.flush()?;
                std::thread::sleep(Duration::from_millis(60));
            }
            Ok(())
        }
        _ => connection.write_all(&text),
    }
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(AtomicU64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub(crate) fn below(&self, limit: u64) -> u64 {
        let n = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (n ^ (n >> 31)) % limit
    }
}
