//! `ringfence archive-rules`: what rules would do, and what they did.

use std::fs;

use anyhow::{Context, Result};
use ringfence_findings::field::Use;
use ringfence_findings::filter::Filter;
use ringfence_findings::finding::ArchivedBy;
use ringfence_server::archive_rules::{DryRun, dry_run};
use ringfence_server::config::Config;
use ringfence_store::{Store, StoreError};
use serde_json::json;

use crate::arguments::{ArchiveRulesCommand, DryRunArguments, ExplainArguments, Format};

pub(crate) fn run(command: &ArchiveRulesCommand, config: &Config) -> Result<()> {
    crate::runtime()?.block_on(async {
        let store = Store::open(&config.data.location()).await?;
        let done = match command {
            ArchiveRulesCommand::DryRun(arguments) => run_dry(arguments, &store).await,
            ArchiveRulesCommand::Explain(arguments) => explain(arguments, &store).await,
        };
        store.close().await;
        done
    })
}

async fn run_dry(arguments: &DryRunArguments, store: &Store) -> Result<()> {
    let filter = filter(arguments, store).await?;
    let run = dry_run(store, &arguments.analyzer, &filter).await?;
    match arguments.format {
        Format::Json => println!("{:#}", serde_json::to_value(&run)?),
        Format::Table => print(&run),
    }
    if run.broad {
        eprintln!("warning: the rule does not name isPublic and could hide a public exposure");
    }
    Ok(())
}

async fn filter(arguments: &DryRunArguments, store: &Store) -> Result<Filter> {
    if let Some(name) = &arguments.rule {
        return Ok(store.archive_rule(&arguments.analyzer, name).await?.filter);
    }
    let path = arguments.filter.as_ref().context("give --rule or --filter")?;
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("`{name}` cannot be read"))?;
    let filter: Filter =
        serde_json::from_str(&text).with_context(|| format!("`{name}` is no filter"))?;
    filter.check(Use::ArchiveRule).with_context(|| format!("`{name}` is no filter of a rule"))?;
    Ok(filter)
}

fn print(run: &DryRun) {
    let public = |own: Option<bool>| match own {
        Some(true) => "public",
        Some(false) => "not public",
        None => "-",
    };
    let rows: Vec<[String; 3]> = run
        .findings
        .iter()
        .map(|own| [own.id.clone(), public(own.is_public).to_owned(), own.resource.clone()])
        .collect();
    print!("{}", crate::table::table(["FINDING", "PUBLIC", "RESOURCE"], &rows));
    eprintln!("{} findings would be archived, {} of them public", run.archives, run.public);
}

async fn explain(arguments: &ExplainArguments, store: &Store) -> Result<()> {
    let finding = store.finding(&arguments.analyzer, &arguments.id).await?;
    // What the rule asks is why it archived the finding; it may have changed since, which the audit log has.
    let rule = match &finding.archived_by {
        Some(ArchivedBy::Rule { rule_name, .. }) => {
            match store.archive_rule(&arguments.analyzer, rule_name).await {
                Ok(rule) => Some(rule),
                Err(StoreError::NotFound(_)) => None,
                Err(error) => return Err(error.into()),
            }
        }
        Some(ArchivedBy::Person { .. }) | None => None,
    };
    println!("{:#}", json!({ "finding": finding, "archiveRule": rule }));
    Ok(())
}
