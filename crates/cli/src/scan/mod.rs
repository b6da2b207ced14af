//! `ringfence scan`: who outside the zone of trust can do what to which resource.
//!
//! Resources are analyzed in chunks on all cores and their findings written in the inventory's order, so
//! that memory holds the inventory and one chunk. What could not be analyzed is listed after them, never
//! dropped.

mod json;
mod live;
mod record;
mod single_policy;
mod summary;
mod table;
mod zone;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use rayon::prelude::*;
use ringfence_access::external::{Analysis, ResourceReport, ZoneChoice};
use ringfence_access::inventory::{Inventory, NotAnalyzed, Resource};
use ringfence_sources::read_target;

use crate::exit::{self, UsageError};
use crate::output::{Format, Output};
use crate::text::counted;
use live::{Live, LiveArguments};
use single_policy::SinglePolicyArguments;
use summary::Summary;
use zone::ZoneOfTrustView;

/// How many resources are analyzed before their findings are written.
const CHUNK: usize = 2048;

/// Finds who outside the zone of trust can do what to which resource
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct ScanArguments {
    /// Snapshot folders and files of GetAccountAuthorizationDetails
    #[arg(value_name = "TARGET", required_unless_present_any = ["policy", "live"], conflicts_with = "policy")]
    targets: Vec<PathBuf>,
    /// Who is trusted [default: the organization, where the targets have one]
    #[arg(long, value_enum, value_name = "ZONE")]
    zone_of_trust: Option<Zone>,
    /// Exit with 0 instead of 4 when nothing is found but not everything could be analyzed
    #[arg(long)]
    allow_incomplete: bool,
    #[command(flatten)]
    single: SinglePolicyArguments,
    #[command(flatten)]
    live: LiveArguments,
}

const LONG_ABOUT: &str = "\
Finds who outside the zone of trust can do what to which resource.

Each finding names who gets in, what they can do, under which conditions, the statements that let them in, and one \
concrete request that gets in. What could not be analyzed is listed. Columns in places such as `bucket.json:12:8` \
count from 0, as AWS's do.";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Zone {
    /// Each account trusts itself
    Account,
    /// The accounts of the organization trust each other
    Organization,
}

/// Runs the scan. The exit code stands whether or not somebody reads all of the result.
pub(crate) fn run(arguments: &ScanArguments, output: &Output) -> anyhow::Result<ExitCode> {
    arguments.live.check()?;
    let inventory = if arguments.live.live {
        match arguments.live.read()? {
            Live::Read(inventory) => *inventory,
            Live::Failed(code) => return Ok(ExitCode::from(code)),
        }
    } else {
        read(arguments)?
    };
    let choice = zone_choice(arguments.zone_of_trust, &inventory)?;
    let analysis = Analysis::new(&inventory, choice);
    let zone = ZoneOfTrustView::new(&inventory, choice);
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => {
            scan(&table::Table::new(output), &mut writer, &analysis, &inventory, &zone)
        }
        Format::Json => scan(&json::Json, &mut writer, &analysis, &inventory, &zone),
        Format::Jsonl => scan(&json::Jsonl, &mut writer, &analysis, &inventory, &zone),
    };
    let summary = written.map_err(|error| output.failed(error))?;
    if !summary.complete() {
        eprintln!(
            "warning: {} could not be analyzed; the result is not complete",
            counted(summary.not_analyzed, "thing")
        );
    }
    Ok(ExitCode::from(match (summary.findings, summary.complete()) {
        (1.., _) => exit::FOUND,
        (0, false) if !arguments.allow_incomplete => exit::INCOMPLETE,
        (0, _) => return Ok(ExitCode::SUCCESS),
    }))
}

fn read(arguments: &ScanArguments) -> anyhow::Result<Inventory> {
    if let Some(policy) = &arguments.single.policy {
        return single_policy::inventory(policy, &arguments.single);
    }
    let inventories = arguments.targets.iter().map(|target| read_target(target));
    let mut inventories = inventories.collect::<Result<Vec<_>, _>>()?.into_iter();
    let Some(mut all) = inventories.next() else {
        return Err(UsageError("name a target, or a policy with --policy".to_owned()).into());
    };
    for inventory in inventories {
        all.merge(inventory);
    }
    Ok(all)
}

fn zone_choice(zone: Option<Zone>, inventory: &Inventory) -> Result<ZoneChoice, UsageError> {
    match (zone, &inventory.organization) {
        (Some(Zone::Organization), None) => Err(UsageError(
            "--zone-of-trust organization: the targets describe no organization; snapshots do in \
             `organization.json`"
                .to_owned(),
        )),
        (Some(Zone::Organization) | None, Some(_)) => Ok(ZoneChoice::Organization),
        (Some(Zone::Account), _) | (None, None) => Ok(ZoneChoice::Account),
    }
}

/// A form in which the result of a scan is written, piece by piece.
trait Report: Sync {
    /// What stands before the findings.
    fn begin(&self, writer: &mut dyn Write, zone: &ZoneOfTrustView) -> io::Result<()>;
    /// The findings of one resource, if it has any; made on several threads at once.
    fn resource(&self, resource: &Resource, report: &ResourceReport) -> Vec<u8>;
    /// Puts the findings of a resource behind those before. `written` findings came earlier.
    fn append(&self, writer: &mut dyn Write, findings: &[u8], written: usize) -> io::Result<()>;
    /// What stands behind the findings.
    fn end(
        &self,
        writer: &mut dyn Write,
        not_analyzed: &[NotAnalyzed],
        summary: &Summary,
    ) -> io::Result<()>;
}

fn scan(
    report: &impl Report,
    writer: &mut impl Write,
    analysis: &Analysis<'_>,
    inventory: &Inventory,
    zone: &ZoneOfTrustView,
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut not_analyzed = inventory.not_analyzed.clone();
    report.begin(writer, zone)?;
    for chunk in inventory.resources.chunks(CHUNK) {
        let analyzed: Vec<(ResourceReport, Vec<u8>)> = chunk
            .par_iter()
            .map(|resource| {
                let own = analysis.resource(resource);
                let written = report.resource(resource, &own);
                (own, written)
            })
            .collect();
        for (resource, (own, written)) in chunk.iter().zip(analyzed) {
            if !own.observations.is_empty() {
                report.append(writer, &written, summary.findings)?;
            }
            summary.count(resource, &own.observations);
            not_analyzed.extend(own.not_analyzed);
        }
    }
    not_analyzed.sort();
    not_analyzed.dedup();
    not_analyzed.iter().for_each(|entry| summary.count_not_analyzed(entry));
    report.end(writer, &not_analyzed, &summary)?;
    writer.flush()?;
    Ok(summary)
}
