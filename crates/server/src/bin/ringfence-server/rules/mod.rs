//! `ringfence rules`: checks and tries rules before they decide.

mod dry_run;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use ringfence_response::rules::cases::Cases;
use ringfence_response::rules::{RuleSet, SCHEMA, Safety};
use ringfence_server::config::Config;
use ringfence_server::response::ResponseSettings;

use crate::configuration;

/// A check failed.
const FAILED: u8 = 3;

/// Checks and tries the rules of a folder
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct RulesArguments {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Says what is wrong with rules, and which could archive a public finding
    #[command(after_help = "Exit codes: 0 the rules can be used, 3 something is wrong with them")]
    Check(CheckArguments),
    /// Says what rules would decide about the findings that are stored, and does nothing
    DryRun(dry_run::DryRunArguments),
    /// Runs the cases that are in the folder
    #[command(after_help = "Exit codes: 0 every case is decided as expected, 3 one is not")]
    Test(TestArguments),
    /// Prints the schema that rules are written against
    Schema,
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// The folder of the rules, files called *.cedar
    folder: PathBuf,
    /// The configuration of the service (TOML), whose `[response.safety]` counts
    #[arg(long, value_name = "FILE", env = "RINGFENCE_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct TestArguments {
    /// The folder of the rules, files called *.cedar, and the cases, files called *.cases.toml
    folder: PathBuf,
    /// Print every case, not only those that are not as expected
    #[arg(long)]
    all: bool,
}

/// What stands below the rules, by the configuration.
fn safety(config: &Config) -> Safety {
    config.response.as_ref().map(ResponseSettings::safety).unwrap_or_default()
}

pub(crate) fn run(arguments: &RulesArguments) -> Result<ExitCode> {
    match &arguments.command {
        RulesCommand::Check(arguments) => check(arguments),
        RulesCommand::Test(arguments) => test(arguments),
        RulesCommand::DryRun(arguments) => dry_run::run(arguments),
        RulesCommand::Schema => {
            print!("{SCHEMA}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(arguments: &CheckArguments) -> Result<ExitCode> {
    let safety = safety(&configuration::of_file(arguments.config.as_ref())?);
    let Some(rules) = load(&arguments.folder)? else { return Ok(ExitCode::from(FAILED)) };
    for warning in rules.warnings(&safety) {
        println!("warning: {warning}");
    }
    eprintln!("{} rules can be used", rules.rules().len());
    Ok(ExitCode::SUCCESS)
}

fn test(arguments: &TestArguments) -> Result<ExitCode> {
    let Some(rules) = load(&arguments.folder)? else { return Ok(ExitCode::from(FAILED)) };
    let (mut ran, mut failed) = (0usize, 0usize);
    for (name, text) in files(&arguments.folder, ".cases.toml")? {
        let cases = match Cases::read(&name, &text) {
            Ok(cases) => cases,
            Err(problem) => {
                println!("{problem}");
                failed += 1;
                continue;
            }
        };
        for case in &cases.cases {
            ran += 1;
            match case.run(&rules, &cases.safety) {
                Ok(decision) if arguments.all => {
                    let action = decision.action.as_str();
                    println!("{name}:{}: `{}`: {action}, as expected", case.line, case.name);
                }
                Ok(_) => {}
                Err(failure) => {
                    failed += 1;
                    let decision = &failure.decision;
                    let (action, expected) = (decision.action.as_str(), failure.expected);
                    let by = match decision.rules.is_empty() {
                        true => "no rule".to_owned(),
                        false => decision.rules.join(", "),
                    };
                    println!(
                        "{name}:{}: `{}`: {action} by {by}, not {expected}",
                        case.line, case.name
                    );
                    decision.notes.iter().for_each(|note| println!("  {note}"));
                }
            }
        }
    }
    if ran + failed == 0 {
        bail!("`{}` has no cases: files called *.cases.toml", arguments.folder.display());
    }
    eprintln!("{ran} cases, {failed} not as expected");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The rules of a folder; nothing where they cannot be used, which is told.
fn load(folder: &Path) -> Result<Option<RuleSet>> {
    let files = files(folder, ".cedar")?;
    if files.is_empty() {
        bail!("`{}` has no rules: files called *.cedar", folder.display());
    }
    match RuleSet::load(&files) {
        Ok(rules) => Ok(Some(rules)),
        Err(problems) => {
            problems.iter().for_each(|problem| println!("{problem}"));
            eprintln!("{} problems", problems.len());
            Ok(None)
        }
    }
}

/// The files of a folder whose names end so, in the order of their names, with their texts.
fn files(folder: &Path, ending: &str) -> Result<Vec<(String, String)>> {
    let listed = fs::read_dir(folder)
        .with_context(|| format!("the folder `{}` cannot be read", folder.display()))?;
    let mut files = Vec::new();
    for entry in listed {
        let path = entry.context("the folder cannot be read")?.path();
        let name = path.display().to_string();
        if name.ends_with(ending) {
            files.push((name, text(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))
}
