//! `ringfence lsp`: a language server, so that editors show the policy checks while a policy is typed.
//!
//! It speaks the Language Server Protocol on standard input and output. What a document says is what the editor sent;
//! besides, only `ringfence.toml` in the editor's folders is read. Messages are answered one after the other; diagnostics are sent when no message waits, so
//! that fast typing does not queue them up.
//!
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>

mod about;
mod client;
mod completion;
mod configuration;
mod diagnostics;
mod elements;
mod hover;
mod open_document;
mod outline;
mod place;
mod position;
mod quick_fixes;
mod session;
mod settings;
mod tokens;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CompletionOptions, InitializeResult, ServerCapabilities,
    ServerInfo, TextDocumentSyncKind, TextDocumentSyncOptions,
};
use lsp_server::{Connection, ErrorCode, IoThreads, Message, Response};

use client::Client;
use session::{Phase, Session};

/// Serves an editor over standard input and output (Language Server Protocol)
#[derive(Debug, clap::Args)]
pub(crate) struct LspArguments {
    /// Accepted because many editors pass it; there is no other way to talk
    #[arg(long)]
    stdio: bool,
}

/// Serves until the editor leaves. 0 when it said so before, as the protocol asks.
pub(crate) fn run(_arguments: &LspArguments) -> Result<ExitCode> {
    let (connection, threads) = Connection::stdio();
    let phase = serve(&connection)?;
    drop(connection);
    match phase {
        Phase::Exited { orderly: true } => Ok(ExitCode::SUCCESS),
        Phase::Exited { orderly: false } => Ok(ExitCode::from(crate::exit::FAILED)),
        Phase::Running | Phase::ShutDown => ended(threads),
    }
}

/// Standard input ended without a farewell.
fn ended(threads: IoThreads) -> Result<ExitCode> {
    threads.join().context("the editor sent what is no message of the protocol")?;
    bail!("standard input ended before the editor asked to shut down")
}

fn serve(connection: &Connection) -> Result<Phase> {
    let (id, parameters) = connection.initialize_start()?;
    let (mut session, told) = Session::new(&parameters);
    let greeting = serde_json::to_value(greeting(session.client()))?;
    connection.sender.send(Response { id, response_result: Ok(greeting) }.into())?;
    for message in told {
        connection.sender.send(message)?;
    }
    while !matches!(session.phase(), Phase::Exited { .. }) {
        let message = match connection.receiver.try_recv() {
            Ok(message) => message,
            Err(_) => {
                for message in guarded(|| session.diagnostics()).unwrap_or_default() {
                    connection.sender.send(message)?;
                }
                let Ok(message) = connection.receiver.recv() else { break };
                message
            }
        };
        for answer in answers(&mut session, message) {
            connection.sender.send(answer)?;
        }
    }
    Ok(session.phase())
}

fn answers(session: &mut Session, message: Message) -> Vec<Message> {
    match message {
        Message::Request(request) => {
            let id = request.id.clone();
            let answer = guarded(|| session.request(request)).unwrap_or_else(|| {
                let message = "this is a bug in ringfence; its standard error has the place";
                Response::new_err(id, ErrorCode::InternalError as i32, message.to_owned())
            });
            vec![answer.into()]
        }
        Message::Notification(told) => guarded(|| session.notification(told)).unwrap_or_default(),
        Message::Response(_) => Vec::new(), // What is asked of the editor needs no answer.
    }
}

/// What `act` gives; none where it fails in a way that nobody foresaw, which must not end the session.
fn guarded<T>(act: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(act)).ok()
}

fn greeting(client: &Client) -> InitializeResult {
    let capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(
            TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(TextDocumentSyncKind::Incremental),
                ..TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec!["\"".to_owned(), ":".to_owned()]),
            resolve_provider: Some(true),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        ..ServerCapabilities::default()
    };
    let version = Some(env!("CARGO_PKG_VERSION").to_owned());
    let server_info = Some(ServerInfo { name: "ringfence".to_owned(), version });
    InitializeResult { capabilities, server_info }
}
