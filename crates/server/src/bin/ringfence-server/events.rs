//! `ringfence events`: what waits for the sinks, what was given up, and another try.

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use ringfence_store::{Location, Store};

use crate::arguments::DataArguments;
use crate::configuration;

/// More dead letters are not printed at once; `--after` goes on.
const PAGE: usize = 100;

/// Shows what waits to be told to sinks, and tries again what was given up
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct EventsArguments {
    #[command(subcommand)]
    command: EventsCommand,
}

#[derive(Debug, Subcommand)]
enum EventsCommand {
    /// Prints for each sink how many events wait, and how many were given up
    Backlog(StoreArguments),
    /// Prints the events that a sink was not given, one JSON object a line
    Dead(DeadArguments),
    /// Makes the events due again that a sink was not given
    Replay(SinkArguments),
}

/// Where the store is.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    #[command(flatten)]
    pub(crate) data: DataArguments,
}

#[derive(Debug, Args)]
struct SinkArguments {
    /// The name of the sink
    sink: String,
    #[command(flatten)]
    store: StoreArguments,
}

#[derive(Debug, Args)]
struct DeadArguments {
    #[command(flatten)]
    sink: SinkArguments,
    /// Only events behind this position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    after: i64,
}

impl StoreArguments {
    /// Opens the store.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub(crate) async fn open(&self) -> Result<Store> {
        let location = configuration::of(&self.data)?.data.location();
        if let Location::Folder(folder) = &location {
            let file = folder.join(ringfence_store::database::SQLITE_FILE);
            std::fs::metadata(&file)
                .with_context(|| format!("there is no store at `{}`", file.display()))?;
        }
        Store::open(&location).await.context("the store cannot be opened")
    }
}

/// Runs something that waits, and nothing beside it.
pub(crate) fn block_on<T>(task: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("the program cannot wait for the store")?.block_on(task)
}

pub(crate) fn run(arguments: &EventsArguments) -> Result<()> {
    match &arguments.command {
        EventsCommand::Backlog(store) => block_on(backlog(store)),
        EventsCommand::Dead(arguments) => block_on(dead(arguments)),
        EventsCommand::Replay(arguments) => block_on(replay(arguments)),
    }
}

async fn backlog(arguments: &StoreArguments) -> Result<()> {
    let store = arguments.open().await?;
    let backlogs = store.backlogs().await?;
    for name in store.sinks().await? {
        let own = backlogs.iter().find(|(own, _)| *own == name).map(|(_, own)| *own);
        let own = own.unwrap_or_default();
        println!("{name}\t{} waiting\t{} given up", own.pending, own.dead);
    }
    Ok(())
}

async fn dead(arguments: &DeadArguments) -> Result<()> {
    let store = known(&arguments.sink).await?;
    let letters = store.dead_letters(&arguments.sink.sink, arguments.after, PAGE).await?;
    for own in &letters {
        let line = serde_json::json!({
            "position": own.position,
            "subject": own.subject,
            "attempts": own.attempts,
            "error": own.error,
            "event": own.event,
        });
        println!("{line}");
    }
    if let Some(last) = letters.last().filter(|_| letters.len() == PAGE) {
        eprintln!("there may be more: --after {}", last.position);
    }
    Ok(())
}

async fn replay(arguments: &SinkArguments) -> Result<()> {
    let store = known(arguments).await?;
    let number = store.replay_dead_letters(&arguments.sink, Timestamp::now()).await?;
    eprintln!("{number} events are tried again");
    Ok(())
}

/// The store, if it knows the sink.
async fn known(arguments: &SinkArguments) -> Result<Store> {
    let store = arguments.store.open().await?;
    let sinks = store.sinks().await?;
    if !sinks.contains(&arguments.sink) {
        anyhow::bail!("there is no sink `{}`; there are: {}", arguments.sink, sinks.join(", "));
    }
    Ok(store)
}
