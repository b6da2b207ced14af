//! The editor's side of the protocol, over the pipe of a real process.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// Nothing takes this long; a server that is silent for so long does not answer at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The document that most tests have open.
pub(crate) const DOCUMENT: &str = "file:///checkout/policy.json";

/// An editor with a running language server.
pub(crate) struct Editor {
    server: Child,
    to_server: Option<ChildStdin>,
    from_server: Receiver<Value>,
    /// Notifications that came while something else was waited for.
    kept: Vec<Value>,
    last_id: i64,
    version: i64,
}

impl Editor {
    /// Starts the server and says nothing yet.
    pub(crate) fn start() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_ringfence"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, from_server) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let to_server = server.stdin.take();
        Self { server, to_server, from_server, kept: Vec::new(), last_id: 0, version: 0 }
    }

    /// Starts the server and greets it; gives its capabilities as well.
    pub(crate) fn connect(parameters: &Value) -> (Self, Value) {
        let mut editor = Self::start();
        let answer = editor.result("initialize", parameters);
        editor.notify("initialized", &json!({}));
        (editor, answer["capabilities"].clone())
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let to_server = self.to_server.as_mut().unwrap();
        to_server.write_all(bytes).unwrap();
        to_server.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, parameters: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    /// The whole answer to a request.
    pub(crate) fn request(&mut self, method: &str, parameters: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        loop {
            let message = self.next();
            if message["id"] == id {
                return message;
            }
            self.kept.push(message);
        }
    }

    /// The result of a request, which must have one.
    pub(crate) fn result(&mut self, method: &str, parameters: &Value) -> Value {
        let answer = self.request(method, parameters);
        assert!(answer.get("error").is_none(), "{method} {parameters}: {answer}");
        answer["result"].clone()
    }

    /// The code of a request's error.
    pub(crate) fn error(&mut self, method: &str, parameters: &Value) -> i64 {
        let answer = self.request(method, parameters);
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"))
    }

    /// The next notification of this method.
    pub(crate) fn told(&mut self, method: &str) -> Value {
        if let Some(at) = self.kept.iter().position(|message| message["method"] == method) {
            return self.kept.remove(at)["params"].clone();
        }
        loop {
            let message = self.next();
            if message["method"] == method {
                return message["params"].clone();
            }
            self.kept.push(message);
        }
    }

    /// Whether such a notification came so far, while something else was waited for.
    pub(crate) fn was_told(&self, method: &str) -> bool {
        self.kept.iter().any(|message| message["method"] == method)
    }

    fn next(&mut self) -> Value {
        self.from_server.recv_timeout(PATIENCE).expect("the server sends something")
    }

    /// Opens [`DOCUMENT`].
    pub(crate) fn open(&mut self, text: &str) {
        self.open_as(DOCUMENT, text);
    }

    pub(crate) fn open_as(&mut self, uri: &str, text: &str) {
        self.version += 1;
        let item = json!({"uri": uri, "languageId": "json", "version": self.version, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": item}));
    }

    /// Changes [`DOCUMENT`]: `{"text"}` for the whole of it, with `"range"` for a part.
    pub(crate) fn change(&mut self, change: &Value) {
        self.version += 1;
        let document = json!({"uri": DOCUMENT, "version": self.version});
        let parameters = json!({"textDocument": document, "contentChanges": [change]});
        self.notify("textDocument/didChange", &parameters);
    }

    /// The diagnostics of the newest version of a document.
    pub(crate) fn diagnostics(&mut self) -> Vec<Value> {
        loop {
            let told = self.told("textDocument/publishDiagnostics");
            if told["version"] == self.version {
                return told["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// The codes of those diagnostics.
    pub(crate) fn codes(&mut self) -> Vec<String> {
        let codes = self.diagnostics();
        codes.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks about a place in [`DOCUMENT`].
    pub(crate) fn at(&mut self, method: &str, line: usize, character: usize) -> Value {
        self.result(
            method,
            &json!({
                "textDocument": {"uri": DOCUMENT},
                "position": {"line": line, "character": character},
            }),
        )
    }

    /// Closes the pipe; the exit status, and what the server wrote on standard error.
    pub(crate) fn leave(mut self) -> (ExitStatus, String) {
        drop(self.to_server.take());
        let mut said = String::new();
        self.server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.server.wait().unwrap(), said)
    }

    /// Ends the session as the protocol asks.
    pub(crate) fn shut_down(mut self) -> (ExitStatus, String) {
        assert_eq!(self.result("shutdown", &Value::Null), Value::Null);
        self.notify("exit", &Value::Null);
        self.leave()
    }
}

/// Reads one message; none at the end.
fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
