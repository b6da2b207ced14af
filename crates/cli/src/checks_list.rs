//! `ringfence checks list`: every check of policies, with a sentence.

use std::io::{self, Write};
use std::process::ExitCode;

use ringfence_validation::{Check, FindingType, Origin, checks};
use serde::Serialize;

use crate::output::{Format, Output, write_json};
use crate::page::first_sentence;
use crate::text::wrap;

/// How far the sentences stand in.
const INDENT: usize = 4;

/// Knows the checks of policies
#[derive(Debug, clap::Args)]
pub(crate) struct ChecksArguments {
    #[command(subcommand)]
    command: ChecksCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ChecksCommand {
    /// Lists every check; `ringfence explain CODE` has more on one
    List,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    issue_code: &'static str,
    finding_type: &'static str,
    origin: &'static str,
    summary: String,
    learn_more_link: String,
}

impl Listed {
    fn new(check: &Check) -> Self {
        Self {
            issue_code: check.issue_code,
            finding_type: check.finding_type.as_str(),
            origin: check.origin().as_str(),
            summary: first_sentence(check.page),
            learn_more_link: check.learn_more_link(),
        }
    }
}

/// Writes the list.
pub(crate) fn run(arguments: &ChecksArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let ChecksCommand::List = &arguments.command;
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => table(&mut writer, output),
        Format::Json => {
            write_json(&mut writer, output.format, &checks().map(Listed::new).collect::<Vec<_>>())
        }
        Format::Jsonl => checks()
            .try_for_each(|check| write_json(&mut writer, output.format, &Listed::new(check))),
    };
    written.and_then(|()| writer.flush()).map_err(|error| output.failed(error))?;
    Ok(ExitCode::SUCCESS)
}

fn table(writer: &mut impl Write, output: &Output) -> io::Result<()> {
    let (title, faint) = (output.palette.title, output.palette.faint);
    let mut above: Option<(Origin, FindingType)> = None;
    for check in checks() {
        let group = (check.origin(), check.finding_type);
        if above != Some(group) {
            let space = if above.is_some() { "\n" } else { "" };
            let is_alike = |other: &&Check| (other.origin(), other.finding_type) == group;
            let count = checks().filter(is_alike).count();
            let kind = check.finding_type.as_str();
            let whose = match check.origin() {
                Origin::Aws => "",
                Origin::Ringfence => ", Ringfence's own",
            };
            writeln!(writer, "{space}{title}{kind}{title:#}{whose} {faint}{count}{faint:#}")?;
            above = Some(group);
        }
        writeln!(writer, "  {}", check.issue_code)?;
        for line in wrap(&first_sentence(check.page), output.width.saturating_sub(INDENT)) {
            writeln!(writer, "{:INDENT$}{faint}{line}{faint:#}", "")?;
        }
    }
    Ok(())
}
