//! One editor's session: its open documents, and what each of its messages is answered with.
//!
//! Messages go in and messages come out; where they come from is not known here. Invariant: every request gets
//! exactly one answer.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    CodeActionParams, CompletionItem, CompletionParams, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    HoverParams, MessageType, PublishDiagnosticsParams, ShowMessageParams, TextDocumentIdentifier,
    TextDocumentPositionParams, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::completion::{complete, resolve};
use super::configuration::Configurations;
use super::diagnostics::{Reported, check};
use super::hover::hover;
use super::open_document::OpenDocument;
use super::quick_fixes::quick_fixes;
use super::settings::Settings;
use crate::validate::gate::Gate;

/// What is known between two messages.
pub(super) struct Session {
    client: Client,
    settings: Settings,
    configurations: Configurations,
    documents: BTreeMap<String, OpenDocument>,
    /// The documents whose diagnostics the editor does not have yet.
    changed: BTreeSet<String>,
    phase: Phase,
}

/// How far the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Messages are answered.
    Running,
    /// The editor asked to end; nothing but `exit` should come.
    ShutDown,
    /// The editor is gone: whether it asked to end before.
    Exited { orderly: bool },
}

/// Why a request has no result.
struct Refusal(ErrorCode, String);

impl Session {
    /// Begins with the parameters of `initialize`, and gives the messages that these call for.
    pub(super) fn new(parameters: &Value) -> (Self, Vec<Message>) {
        let client = Client::read(parameters);
        let mut session = Self {
            configurations: Configurations::new(&client.folders),
            client,
            settings: Settings::default(),
            documents: BTreeMap::new(),
            changed: BTreeSet::new(),
            phase: Phase::Running,
        };
        let options = parameters.get("initializationOptions").unwrap_or(&Value::Null);
        let messages = session.set(options);
        (session, messages)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// Answers a request.
    pub(super) fn request(&mut self, request: Request) -> Response {
        let Request { id, method, params } = request;
        match self.result(&method, params) {
            Ok(result) => Response { id, response_result: Ok(result) },
            Err(Refusal(code, message)) => Response::new_err(id, code as i32, message),
        }
    }

    fn result(&mut self, method: &str, parameters: Value) -> Result<Value, Refusal> {
        if self.phase != Phase::Running {
            let message = "the session is shut down".to_owned();
            return Err(Refusal(ErrorCode::InvalidRequest, message));
        }
        match method {
            "textDocument/hover" => {
                let asked: HoverParams = read(parameters)?;
                let (document, position) = self.place(asked.text_document_position_params)?;
                written(&hover(document, position, &self.client))
            }
            "textDocument/completion" => {
                let asked: CompletionParams = read(parameters)?;
                let (document, position) = self.place(asked.text_document_position_params)?;
                written(&complete(document, position, &self.client))
            }
            "completionItem/resolve" => {
                let item: CompletionItem = read(parameters)?;
                written(&resolve(item, &self.client))
            }
            "textDocument/codeAction" => {
                let asked: CodeActionParams = read(parameters)?;
                let document = self.document(&asked.text_document)?;
                let wanted = |kind: &str| kind.is_empty() || kind == "quickfix";
                let only = asked.context.only.unwrap_or_default();
                if !only.is_empty() && !only.into_iter().any(|kind| wanted(&String::from(kind))) {
                    return Ok(Value::Array(Vec::new()));
                }
                let reported = self.check(document);
                written(&quick_fixes(document, &reported, asked.range, &self.client))
            }
            "shutdown" => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            "initialize" => {
                let message = "the session is initialized already".to_owned();
                Err(Refusal(ErrorCode::InvalidRequest, message))
            }
            _ => {
                let message = format!("`{method}` is not supported");
                Err(Refusal(ErrorCode::MethodNotFound, message))
            }
        }
    }

    /// Takes note of what the editor tells, and gives the messages that this calls for. What is not known is passed
    /// over, as the protocol asks.
    pub(super) fn notification(&mut self, notification: Notification) -> Vec<Message> {
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => self.told(params, Self::opened),
            "textDocument/didChange" => self.told(params, Self::edited),
            "textDocument/didClose" => self.told(params, Self::closed),
            "workspace/didChangeConfiguration" => {
                let set = |session: &mut Self, told: DidChangeConfigurationParams| {
                    session.set(&told.settings)
                };
                self.told(params, set)
            }
            "initialized" if self.client.watches_files => vec![watch()],
            "exit" => {
                self.phase = Phase::Exited { orderly: self.phase == Phase::ShutDown };
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The diagnostics of the documents that changed since this was last asked, or for which another configuration
    /// holds.
    pub(super) fn diagnostics(&mut self) -> Vec<Message> {
        let refreshed = self.configurations.refresh();
        if refreshed.has_changed {
            self.changed.extend(self.documents.keys().cloned());
        }
        let mut messages: Vec<_> = refreshed.problems.iter().map(|own| show(own)).collect();
        let changed = std::mem::take(&mut self.changed);
        let documents = changed.iter().filter_map(|uri| self.documents.get(uri));
        messages.extend(documents.map(|document| {
            let reported = self.check(document).into_iter();
            let diagnostics = reported.map(|reported| reported.diagnostic).collect();
            let uri = Uri(document.uri.clone());
            let version = Some(document.version);
            publish(&PublishDiagnosticsParams { uri, version, diagnostics })
        }));
        messages
    }

    fn told<P: DeserializeOwned>(
        &mut self,
        parameters: Value,
        act: fn(&mut Self, P) -> Vec<Message>,
    ) -> Vec<Message> {
        match serde_json::from_value(parameters) {
            Ok(parameters) => act(self, parameters),
            Err(error) => vec![show(&format!("a message of the editor cannot be read: {error}"))],
        }
    }

    fn opened(&mut self, opened: DidOpenTextDocumentParams) -> Vec<Message> {
        let document = OpenDocument::new(opened.text_document, self.client.encoding);
        self.changed.insert(document.uri.clone());
        self.documents.insert(document.uri.clone(), document);
        Vec::new()
    }

    fn edited(&mut self, edited: DidChangeTextDocumentParams) -> Vec<Message> {
        let Uri(uri) = edited.text_document.text_document_identifier.uri;
        if let Some(document) = self.documents.get_mut(&uri) {
            document.apply(edited.text_document.version, edited.content_changes);
            self.changed.insert(uri);
        }
        Vec::new()
    }

    fn closed(&mut self, closed: DidCloseTextDocumentParams) -> Vec<Message> {
        let uri = closed.text_document.uri;
        self.changed.remove(&uri.0);
        match self.documents.remove(&uri.0) {
            None => Vec::new(),
            Some(_) => {
                let nothing =
                    PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() };
                vec![publish(&nothing)]
            }
        }
    }

    fn set(&mut self, settings: &Value) -> Vec<Message> {
        let Some((settings, problems)) = Settings::read(settings) else { return Vec::new() };
        self.settings = settings;
        self.changed.extend(self.documents.keys().cloned());
        problems.iter().map(|problem| show(problem)).collect()
    }

    fn check(&self, document: &OpenDocument) -> Vec<Reported> {
        let configured = self.configurations.of(&document.uri);
        let (uri, folders) = (&document.uri, &self.client.folders);
        let kind = self.settings.kind(uri, folders, configured.as_ref(), document.text());
        check(document, kind, configured.as_ref(), &self.client)
    }

    fn document(&self, identifier: &TextDocumentIdentifier) -> Result<&OpenDocument, Refusal> {
        let Uri(uri) = &identifier.uri;
        self.documents.get(uri).ok_or_else(|| {
            Refusal(ErrorCode::InvalidParams, format!("the document `{uri}` is not open"))
        })
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "the parameters are read for this and end here"
    )]
    fn place(
        &self,
        place: TextDocumentPositionParams,
    ) -> Result<(&OpenDocument, gen_lsp_types::Position), Refusal> {
        Ok((self.document(&place.text_document)?, place.position))
    }
}

fn read<P: DeserializeOwned>(parameters: Value) -> Result<P, Refusal> {
    serde_json::from_value(parameters)
        .map_err(|error| Refusal(ErrorCode::InvalidParams, error.to_string()))
}

fn written(result: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result)
        .map_err(|error| Refusal(ErrorCode::InternalError, error.to_string()))
}

fn publish(diagnostics: &PublishDiagnosticsParams) -> Message {
    notification("textDocument/publishDiagnostics", diagnostics)
}

fn show(problem: &str) -> Message {
    let message = format!("ringfence: {problem}");
    let shown = ShowMessageParams { kind: MessageType::Warning, message };
    notification("window/showMessage", &shown)
}

/// Asks the editor to tell when a configuration has changed. That it tells anything is enough: files are looked at
/// after every message.
fn watch() -> Message {
    let watchers = json!([{ "globPattern": format!("**/{}", Gate::FILE) }]);
    let method = "workspace/didChangeWatchedFiles";
    let watching = json!({ "id": "configuration", "method": method, "registerOptions": { "watchers": watchers } });
    let params = json!({ "registrations": [watching] });
    let id = RequestId::from("watch".to_owned());
    Request { id, method: "client/registerCapability".to_owned(), params }.into()
}

fn notification(method: &str, parameters: &impl Serialize) -> Message {
    let params = serde_json::to_value(parameters).unwrap_or_default();
    Notification { method: method.to_owned(), params }.into()
}
