//! `ringfence rules dry-run`: what rules would decide about the findings that are stored.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::Args;
use jiff::Timestamp;
use ringfence_response::partners::Partners;
use ringfence_server::response::{DryRun, Tried};
use ringfence_store::Store;
use serde_json::json;

use super::{load, safety, text};
use crate::arguments::DataArguments;
use crate::configuration;

/// A check failed.
const FAILED: u8 = 3;

#[derive(Debug, Args)]
pub(super) struct DryRunArguments {
    /// The folder of the rules, files called *.cedar
    folder: PathBuf,
    /// The environment: a snapshot folder, or a file of GetAccountAuthorizationDetails; without it tags, aliases and
    /// accounts are not known [default: that of the configuration]
    #[arg(long, value_name = "PATH")]
    environment: Option<PathBuf>,
    /// The file of known partners [default: that of the configuration]
    #[arg(long, value_name = "FILE")]
    partners: Option<PathBuf>,
    #[command(flatten)]
    data: DataArguments,
    /// Print a JSON object for each finding, and no counts
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &DryRunArguments) -> Result<ExitCode> {
    let config = configuration::of(&arguments.data)?;
    let safety = safety(&config);
    let Some(rules) = load(&arguments.folder)? else { return Ok(ExitCode::from(FAILED)) };
    let environment = arguments.environment.as_ref().or(config.source.path.as_ref());
    let inventory = environment.map(|path| ringfence_sources::read_target(path)).transpose()?;
    let configured = config.response.as_ref().and_then(|own| own.partners.as_ref());
    let partners = match arguments.partners.as_ref().or(configured) {
        None => None,
        Some(path) => {
            Some(Partners::read(&path.display().to_string(), &text(path)?).map_err(|problems| {
                let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
                anyhow!("{}", told.join("\n"))
            })?)
        }
    };
    let trial = DryRun {
        rules: &rules,
        safety: &safety,
        inventory: inventory.as_ref(),
        partners: partners.as_ref(),
        now: Timestamp::now(),
    };
    let mut counts: BTreeMap<(&'static str, String), u64> = BTreeMap::new();
    crate::runtime()?.block_on(async {
        let store = Store::open(&config.data.location()).await?;
        trial
            .run(&store, |tried| {
                let rules = match tried.decision.rules.is_empty() {
                    true => "no rule".to_owned(),
                    false => tried.decision.rules.join(", "),
                };
                match arguments.json {
                    true => println!("{}", object(&tried)),
                    false => println!("{}", line(&tried, &rules)),
                }
                *counts.entry((tried.decision.action.as_str(), rules)).or_default() += 1;
            })
            .await?;
        anyhow::Ok(())
    })?;
    if !arguments.json {
        println!();
        for ((action, rules), number) in &counts {
            println!("{number:>8}  {action:<8} {rules}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn object(tried: &Tried) -> String {
    let Tried { finding, risk_score, decision } = tried;
    json!({
        "finding": finding.id(),
        "resource": finding.observation.resource,
        "resourceType": finding.observation.resource_type,
        "riskScore": risk_score,
        "decision": decision,
    })
    .to_string()
}

fn line(tried: &Tried, rules: &str) -> String {
    let Tried { finding, risk_score, decision } = tried;
    let observation = &finding.observation;
    let resource: String = observation.resource.chars().flat_map(char::escape_debug).collect();
    let mut line = format!(
        "{}  {:<8} {:>3}  {}  {resource}  {rules}",
        finding.id(),
        decision.action.as_str(),
        risk_score.score,
        observation.resource_type,
    );
    for note in &decision.notes {
        line.push_str(&format!("\n    {note}"));
    }
    line
}
