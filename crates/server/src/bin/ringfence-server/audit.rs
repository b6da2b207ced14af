//! `ringfence audit`: the record of what was done about findings, for people and auditors.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use ringfence_response::record::{Entry, RecordEvent, Verification, verify};
use ringfence_server::record::{RecordKey, anchor, export};
use ringfence_store::Store;
use ringfence_store::record::NewEntry;
use serde_json::Value;

use crate::arguments::DataArguments;
use crate::configuration;

/// A check failed.
const FAILED: u8 = 3;

/// Shows, exports and checks the record of what was done about findings
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Prints the history of a finding
    Show(ShowArguments),
    /// Writes the record as JSON lines, with its signed head as the last line
    Export(ExportArguments),
    /// Checks an export: changed, removed, reordered, inserted and cut off entries, wrong signatures
    #[command(after_help = "Exit codes: 0 the record is whole, 3 something is wrong with it")]
    Verify(VerifyArguments),
    /// Prints the signed head of the record: a line to keep outside
    Head(HeadArguments),
    /// Prints the public key that heads of the record are signed with
    PublicKey(DataArguments),
    /// Adds a remark to the record of a finding
    Note(NoteArguments),
}

#[derive(Debug, Args)]
struct ShowArguments {
    /// The finding's id
    finding: String,
    /// Print the entries as JSON lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    record: DataArguments,
}

#[derive(Debug, Args)]
struct ExportArguments {
    /// Write to this file
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    record: DataArguments,
}

#[derive(Debug, Args)]
struct VerifyArguments {
    /// The export
    file: PathBuf,
    /// Heads that were kept outside, one a line
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
    /// The public key that has to have signed heads, as `ringfence audit public-key` prints it; without it signatures
    /// prove nothing
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct HeadArguments {
    /// Add the line to this file as well
    #[arg(long, value_name = "FILE")]
    append: Option<PathBuf>,
    #[command(flatten)]
    record: DataArguments,
}

#[derive(Debug, Args)]
struct NoteArguments {
    /// The finding's id
    finding: String,
    /// The remark
    text: String,
    /// Who says it
    #[arg(long, value_name = "NAME")]
    by: String,
    /// A tag of the resource to vouch for although it changed after the finding appeared
    #[arg(long, value_name = "KEY=VALUE")]
    vouch_tag: Vec<String>,
    /// A tag that the resource does not have any more, to vouch for that
    #[arg(long, value_name = "KEY")]
    vouch_no_tag: Vec<String>,
    #[command(flatten)]
    record: DataArguments,
}

pub(crate) fn run(arguments: &AuditArguments) -> Result<ExitCode> {
    match &arguments.command {
        AuditCommand::Verify(arguments) => return check(arguments),
        AuditCommand::PublicKey(data) => println!("{}", key(data)?.public_key()),
        AuditCommand::Show(arguments) => block_on(show(arguments))?,
        AuditCommand::Export(arguments) => block_on(write(arguments))?,
        AuditCommand::Head(arguments) => block_on(head(arguments))?,
        AuditCommand::Note(arguments) => block_on(note(arguments))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn block_on(done: impl Future<Output = Result<()>>) -> Result<()> {
    crate::runtime()?.block_on(done)
}

async fn store(data: &DataArguments) -> Result<Store> {
    Ok(Store::open(&configuration::of(data)?.data.location()).await?)
}

fn key(data: &DataArguments) -> Result<RecordKey> {
    let config = configuration::of(data)?;
    Ok(RecordKey::of(&config.record, &config.data.folder)?)
}

async fn show(arguments: &ShowArguments) -> Result<()> {
    let store = store(&arguments.record).await?;
    let entries = store.record_of(&arguments.finding).await?;
    if entries.is_empty() {
        bail!("the record has nothing about `{}`", arguments.finding);
    }
    for entry in &entries {
        match arguments.json {
            true => println!("{}", entry.line()),
            false => println!("{}", line(entry)),
        }
    }
    Ok(())
}

/// An entry for people: when, what, and the texts that go with it.
fn line(entry: &Entry) -> String {
    let kind = entry.body.get("kind").and_then(Value::as_str).unwrap_or("?");
    let mut line = format!("{}  {:>4}  {kind:<10}", entry.at, entry.position);
    let members = entry.body.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| *name != "kind") {
        let text = match (kind, value) {
            ("enriched", own) if name == "riskScore" => {
                own.get("score").map(Value::to_string).unwrap_or_default()
            }
            ("enriched", _) | (_, Value::Null) => continue,
            ("decided", own) => decided(own),
            (_, Value::String(own)) => own.clone(),
            (_, own) => own.to_string(),
        };
        // What comes from outside may not steer a terminal.
        let shown: String = text.chars().flat_map(char::escape_debug).collect();
        line.push_str(&format!("  {name}: {}", shown.replace("\\\"", "\"").replace("\\'", "'")));
    }
    line
}

fn decided(decision: &Value) -> String {
    let texts = |name: &str| -> Vec<String> {
        let own = decision.get(name).and_then(Value::as_array);
        own.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let action = decision.get("action").and_then(Value::as_str).unwrap_or("?");
    let (rules, notes) = (texts("rules"), texts("notes"));
    let by = if rules.is_empty() { "no rule".to_owned() } else { rules.join(", ") };
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
    format!("{action} by {by}{notes}")
}

async fn write(arguments: &ExportArguments) -> Result<()> {
    let (store, key) = (store(&arguments.record).await?, key(&arguments.record)?);
    let now = Timestamp::now();
    let head = match &arguments.output {
        None => export(&store, &key, now, &mut io::stdout().lock()).await?,
        Some(path) => {
            let file = File::create(path)
                .with_context(|| format!("`{}` cannot be written", path.display()))?;
            export(&store, &key, now, &mut BufWriter::new(file)).await?
        }
    };
    eprintln!("{} entries", head.head.position);
    Ok(())
}

async fn head(arguments: &HeadArguments) -> Result<()> {
    let (store, key) = (store(&arguments.record).await?, key(&arguments.record)?);
    let head = key.head(&store, Timestamp::now()).await?;
    if let Some(path) = &arguments.append {
        anchor(&head, path)?;
    }
    println!("{}", head.anchor_text());
    Ok(())
}

async fn note(arguments: &NoteArguments) -> Result<()> {
    let mut tags = BTreeMap::new();
    for tag in &arguments.vouch_tag {
        let (key, value) =
            tag.split_once('=').with_context(|| format!("`{tag}` is not KEY=VALUE"))?;
        tags.insert(key.to_owned(), Some(value.to_owned()));
    }
    tags.extend(arguments.vouch_no_tag.iter().map(|key| (key.clone(), None)));
    let event = RecordEvent::Note { by: arguments.by.clone(), text: arguments.text.clone(), tags };
    let entry = NewEntry { subject: arguments.finding.clone(), event, at: Timestamp::now() };
    let added = store(&arguments.record).await?.add_to_record(&[entry]).await?;
    for entry in &added {
        println!("{}", line(entry));
    }
    Ok(())
}

fn check(arguments: &VerifyArguments) -> Result<ExitCode> {
    let read = |path: &PathBuf| {
        let bytes =
            fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
        String::from_utf8(bytes).with_context(|| format!("`{}` is no text", path.display()))
    };
    let export = read(&arguments.file)?;
    let anchors = arguments.anchor.as_ref().map(read).transpose()?;
    let public_key = arguments.public_key.as_ref().map(read).transpose()?;
    let with = Verification {
        anchors: anchors.as_deref(),
        public_key: public_key.as_deref().map(str::trim),
    };
    let report = verify(&export, &with);
    let mut out = io::stdout().lock();
    for flaw in &report.flaws {
        writeln!(out, "{flaw}").context("the report cannot be written")?;
    }
    let entries = report.entries;
    if !report.flaws.is_empty() {
        eprintln!("{entries} entries, {} flaws", report.flaws.len());
        return Ok(ExitCode::from(FAILED));
    }
    match (report.proved_up_to, public_key) {
        (_, None) => eprintln!(
            "{entries} entries, whole by themselves; without `--public-key` nothing shows who signed them"
        ),
        (proved, Some(_)) => eprintln!("{entries} entries, whole; signed up to entry {proved}"),
    }
    Ok(ExitCode::SUCCESS)
}
