//! An HTTP server that a test answers for, on threads of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Listens on a loopback port until the test ends.
pub(crate) struct Stub {
    pub(crate) port: u16,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Answers each body with what `answer` makes of it: a status, and a body.
    pub(crate) fn start(answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (Arc::clone(&bodies), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self { port, bodies }
    }

    /// What arrived, in the order in which it was answered.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    kept: &Mutex<Vec<String>>,
    answer: &(dyn Fn(&str) -> (u16, String) + Send + Sync),
) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() < length.unwrap_or_default() {
            continue;
        }
        let (status, text) = answer(body);
        // What is answered counts as received: a process that is killed before it reads the answer sends it again.
        kept.lock().unwrap().push(body.to_owned());
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-type: text/xml\r\nconnection: close\r\n");
        let _ = write!(stream, "{head}content-length: {}\r\n\r\n{text}", text.len());
        return;
    }
}
