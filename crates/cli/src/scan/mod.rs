//! `ringfence scan`: who outside the zone of trust can do what to which resource.
//!
//! Resources are analyzed in chunks on all cores and their findings written in the inventory's order, so
//! that memory holds the inventory and one chunk. What could not be analyzed is listed after them, never
//! dropped.

mod json;
mod live;
mod planned;
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
use ringfence_access::observation::Observation;
use ringfence_access::preview::Preview;
use ringfence_sources::read_target;

use crate::exit::{self, UsageError};
use crate::output::{Format, Output};
use crate::text::counted;
use live::{Live, LiveArguments};
use planned::PlannedArguments;
use single_policy::SinglePolicyArguments;
use summary::{Changes, Summary};
use zone::ZoneOfTrustView;

/// How many resources are analyzed before their findings are written.
const CHUNK: usize = 2048;

/// Finds who outside the zone of trust can do what to which resource
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct ScanArguments {
    /// Snapshot folders and files of GetAccountAuthorizationDetails
    #[arg(value_name = "TARGET", required_unless_present_any = ["alone", "live"], conflicts_with = "alone")]
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
    #[command(flatten)]
    planned: PlannedArguments,
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
    arguments.live.check(arguments.planned.kind())?;
    let subject = if arguments.live.live {
        match arguments.live.read()? {
            Live::Read(inventory) => Subject::new(arguments.zone_of_trust, *inventory)?,
            Live::Failed(code) => return Ok(ExitCode::from(code)),
        }
    } else {
        read(arguments)?
    };
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => scan(&table::Table::new(output), &mut writer, &subject),
        Format::Json => scan(&json::Json, &mut writer, &subject),
        Format::Jsonl => scan(&json::Jsonl, &mut writer, &subject),
    };
    let summary = written.map_err(|error| output.failed(error))?;
    if !summary.complete() {
        eprintln!(
            "warning: {} could not be analyzed; the result is not complete",
            counted(summary.not_analyzed, "thing")
        );
    }
    // What a change leaves as it is does not speak against it.
    let found = summary.changes.as_ref().map_or(summary.findings, |own| own.new + own.changed);
    Ok(ExitCode::from(match (found, summary.complete()) {
        (1.., _) => exit::FOUND,
        (0, false) if !arguments.allow_incomplete => exit::INCOMPLETE,
        (0, _) => return Ok(ExitCode::SUCCESS),
    }))
}

/// What is scanned.
struct Subject {
    zone: ZoneChoice,
    view: ZoneOfTrustView,
    environment: Environment,
}

enum Environment {
    /// As it is, or as it is planned.
    Whole(Inventory),
    /// As it will be, compared with what it is.
    Preview(Preview),
}

impl Subject {
    fn new(zone: Option<Zone>, inventory: Inventory) -> Result<Self, UsageError> {
        let zone = zone_choice(zone, &inventory)?;
        let view = ZoneOfTrustView::new(&inventory, zone);
        Ok(Self { zone, view, environment: Environment::Whole(inventory) })
    }

    fn inventory(&self) -> &Inventory {
        match &self.environment {
            Environment::Whole(inventory) => inventory,
            Environment::Preview(preview) => &preview.inventory,
        }
    }
}

fn read(arguments: &ScanArguments) -> anyhow::Result<Subject> {
    if let Some(policy) = &arguments.single.policy {
        let inventory = single_policy::inventory(policy, &arguments.single)?;
        return Ok(Subject::new(arguments.zone_of_trust, inventory)?);
    }
    if arguments.planned.is_given() {
        let existing = arguments.planned.against.as_deref().map(read_target).transpose()?;
        let account = arguments.single.account.as_ref();
        let change =
            arguments.planned.change(account, arguments.live.region(), existing.as_ref())?;
        let Some(existing) = existing else {
            return Ok(Subject::new(arguments.zone_of_trust, change.inventory)?);
        };
        let zone = zone_choice(arguments.zone_of_trust, &existing)?;
        let preview = Preview::new(&existing, change, zone);
        let view = ZoneOfTrustView::new(&preview.inventory, zone);
        return Ok(Subject { zone, view, environment: Environment::Preview(preview) });
    }
    Ok(Subject::new(arguments.zone_of_trust, read_targets(arguments)?)?)
}

fn read_targets(arguments: &ScanArguments) -> anyhow::Result<Inventory> {
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
        removed: &[Observation],
        not_analyzed: &[NotAnalyzed],
        summary: &Summary,
    ) -> io::Result<()>;
}

fn scan(report: &impl Report, writer: &mut impl Write, subject: &Subject) -> io::Result<Summary> {
    let inventory = subject.inventory();
    let analysis = Analysis::new(inventory, subject.zone);
    let preview = match &subject.environment {
        Environment::Whole(_) => None,
        Environment::Preview(preview) => Some(preview),
    };
    let mut summary = Summary::default();
    summary.changes = preview.map(|_| Changes::default());
    let mut not_analyzed = inventory.not_analyzed.clone();
    let mut removed = Vec::new();
    report.begin(writer, &subject.view)?;
    for chunk in inventory.resources.chunks(CHUNK) {
        let analyze = |resource| {
            let mut own = analysis.resource(resource);
            let removed = preview.map(|preview| preview.compare(resource, &mut own));
            let written = report.resource(resource, &own);
            (own, written, removed.unwrap_or_default())
        };
        let analyzed: Vec<(ResourceReport, Vec<u8>, Vec<Observation>)> =
            chunk.par_iter().map(analyze).collect();
        for (resource, (own, written, gone)) in chunk.iter().zip(analyzed) {
            if !own.observations.is_empty() {
                report.append(writer, &written, summary.findings)?;
            }
            summary.count(resource, &own.observations);
            not_analyzed.extend(own.not_analyzed);
            removed.extend(gone);
        }
    }
    removed.extend(preview.map(Preview::gone).unwrap_or_default());
    not_analyzed.sort();
    not_analyzed.dedup();
    not_analyzed.iter().for_each(|entry| summary.count_not_analyzed(entry));
    summary.count_removed(&removed);
    report.end(writer, &removed, &not_analyzed, &summary)?;
    writer.flush()?;
    Ok(summary)
}
