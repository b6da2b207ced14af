//! `ringfence scan`: who outside or inside the zone of trust can do what to which resource.
//!
//! Resources are analyzed in chunks on all cores and their findings written in the inventory's order, so
//! that memory holds the inventory and one chunk. What could not be analyzed is listed after them, never
//! dropped.

mod chosen;
mod internal_record;
mod internal_table;
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
use ringfence_access::external::{self, ZoneChoice};
use ringfence_access::internal::{self, InternalObservation};
use ringfence_access::inventory::{Inventory, NotAnalyzed, Resource};
use ringfence_access::observation::Observation;
use ringfence_access::preview::Preview;
use ringfence_collect_arguments::Incomplete;
use ringfence_sources::read_target;

use crate::exit::{self, UsageError};
use crate::output::{Format, Output};
use crate::text::counted;
use chosen::ChosenArguments;
use live::{Live, LiveArguments};
use planned::{Planned, PlannedArguments};
use summary::{Changes, Counts, Summary};
use zone::ZoneOfTrustView;

/// How many resources are analyzed before their findings are written.
const CHUNK: usize = 2048;

/// Finds who outside, or inside, the zone of trust can do what to which resource
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, long_about = LONG_ABOUT)]
pub(crate) struct ScanArguments {
    /// Snapshot folders and files of GetAccountAuthorizationDetails
    #[arg(value_name = "TARGET", required_unless_present_any = ["alone", "live"], conflicts_with = "alone")]
    targets: Vec<PathBuf>,
    /// Whose access is looked for
    #[arg(long, value_enum, value_name = "ACCESS", default_value = "external")]
    access: Access,
    /// One policy instead of targets: a JSON file, `-` for standard input; Block Public Access is taken to
    /// be off
    #[arg(long, value_name = "FILE", group = "alone")]
    policy: Option<PathBuf>,
    /// Who is trusted [default: the organization, where the targets have one]
    #[arg(long, value_enum, value_name = "ZONE")]
    zone_of_trust: Option<Zone>,
    /// Exit with 0 instead of 4 when nothing is found but not everything could be analyzed; with `absent`, only where
    /// all that is missing does not exist in the partition or Region
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    allow_incomplete: Option<Incomplete>,
    #[command(flatten)]
    chosen: ChosenArguments,
    #[command(flatten)]
    live: LiveArguments,
    #[command(flatten)]
    planned: PlannedArguments,
}

const LONG_ABOUT: &str = "\
Finds who outside the zone of trust can do what to which resource, or with `--access internal` which users and \
roles inside it can.

Each finding names who gets in, what they can do, under which conditions, the statements that let them in, and one \
concrete request that gets in. What could not be analyzed is listed. Columns in places such as `bucket.json:12:8` \
count from 0, as AWS's do.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Access {
    /// Of whoever is outside the zone of trust
    External,
    /// Of the users and roles inside it
    Internal,
}

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
    let scan = Scan {
        subject: &subject,
        access: arguments.access,
        chosen: chosen(arguments, subject.inventory())?,
    };
    let mut writer = output.open_for_verdict()?;
    let written = match output.format {
        Format::Table => scan.write(&table::Table::new(output), &mut writer),
        Format::Json => scan.write(&json::Json, &mut writer),
        Format::Jsonl => scan.write(&json::Jsonl, &mut writer),
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
        (0, false) if !is_allowed(arguments.allow_incomplete, &summary) => exit::INCOMPLETE,
        (0, _) => return Ok(ExitCode::SUCCESS),
    }))
}

fn is_allowed(allowed: Option<Incomplete>, summary: &Summary) -> bool {
    allowed.is_some_and(|allowed| allowed.covers(summary.not_analyzed > summary.absent.len()))
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

/// The resources to look at.
fn chosen(
    arguments: &ScanArguments,
    inventory: &Inventory,
) -> Result<internal::Inclusions, UsageError> {
    if arguments.policy.is_some() {
        return Ok(internal::Inclusions::default());
    }
    arguments.chosen.require_known(inventory)?;
    Ok(arguments.chosen.inclusions(arguments.planned.kind()))
}

fn read(arguments: &ScanArguments) -> anyhow::Result<Subject> {
    let alone = arguments.policy.is_some() || arguments.planned.kind() == Planned::Something;
    if arguments.access == Access::Internal && alone {
        let text = "--access internal needs the users and roles of a target; a policy or something planned \
                    alone has none";
        return Err(UsageError(text.to_owned()).into());
    }
    if let Some(policy) = &arguments.policy {
        let inventory = single_policy::inventory(policy, &arguments.chosen)?;
        return Ok(Subject::new(arguments.zone_of_trust, inventory)?);
    }
    if arguments.planned.is_given() {
        let existing = arguments.planned.against.as_deref().map(read_target).transpose()?;
        let account = arguments.chosen.account.first();
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
    fn external(&self, resource: &Resource, findings: &[Observation]) -> Vec<u8>;
    /// The same for access from inside.
    fn internal(&self, resource: &Resource, findings: &[InternalObservation]) -> Vec<u8>;
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

/// What a scan is about.
struct Scan<'s> {
    subject: &'s Subject,
    access: Access,
    chosen: internal::Inclusions,
}

/// What a resource comes to.
struct Analyzed {
    written: Vec<u8>,
    counts: Counts,
    not_analyzed: Vec<NotAnalyzed>,
    removed: Vec<Observation>,
}

impl Scan<'_> {
    fn write(&self, report: &impl Report, writer: &mut impl Write) -> io::Result<Summary> {
        let (inventory, zone) = (self.subject.inventory(), self.subject.zone);
        match self.access {
            Access::External => {
                let analysis = external::Analysis::new(inventory, zone);
                let preview = self.preview();
                self.each(report, writer, &[], |resource| {
                    let mut own = analysis.resource(resource);
                    let removed = preview.map(|preview| preview.compare(resource, &mut own));
                    Analyzed {
                        written: report.external(resource, &own.observations),
                        counts: Counts::external(&own.observations),
                        not_analyzed: own.not_analyzed,
                        removed: removed.unwrap_or_default(),
                    }
                })
            }
            Access::Internal => {
                let analysis = internal::Analysis::new(inventory, zone, self.chosen.clone());
                self.each(report, writer, analysis.not_analyzed(), |resource| {
                    let own = analysis.resource(resource);
                    Analyzed {
                        written: report.internal(resource, &own.observations),
                        counts: Counts::internal(&own.observations),
                        not_analyzed: own.not_analyzed,
                        removed: Vec::new(),
                    }
                })
            }
        }
    }

    fn preview(&self) -> Option<&Preview> {
        match &self.subject.environment {
            Environment::Whole(_) => None,
            Environment::Preview(preview) => Some(preview),
        }
    }

    fn each<'s>(
        &'s self,
        report: &impl Report,
        writer: &mut impl Write,
        beside: &[NotAnalyzed],
        analyze: impl Fn(&'s Resource) -> Analyzed + Sync,
    ) -> io::Result<Summary> {
        let inventory = self.subject.inventory();
        let mut summary = Summary::new(self.access);
        summary.absent.clone_from(&inventory.absent);
        summary.absent.sort();
        summary.absent.dedup();
        summary.changes = self.preview().map(|_| Changes::default());
        let mut not_analyzed = inventory.not_analyzed.clone();
        not_analyzed.extend_from_slice(beside);
        not_analyzed.extend(inventory.absent.iter().map(NotAnalyzed::from));
        let mut removed = Vec::new();
        report.begin(writer, &self.subject.view)?;
        let all = inventory.resources.iter();
        let chosen: Vec<&Resource> = all.filter(|own| self.chosen.contain(own)).collect();
        for chunk in chosen.chunks(CHUNK) {
            let analyzed: Vec<Analyzed> = chunk.par_iter().map(|own| analyze(own)).collect();
            for (resource, own) in chunk.iter().zip(analyzed) {
                if own.counts.findings > 0 {
                    report.append(writer, &own.written, summary.findings)?;
                }
                summary.count(resource, own.counts);
                not_analyzed.extend(own.not_analyzed);
                removed.extend(own.removed);
            }
        }
        removed.extend(self.preview().map(Preview::gone).unwrap_or_default());
        not_analyzed.sort();
        not_analyzed.dedup();
        not_analyzed.iter().for_each(|entry| summary.count_not_analyzed(entry));
        summary.count_removed(&removed);
        report.end(writer, &removed, &not_analyzed, &summary)?;
        writer.flush()?;
        Ok(summary)
    }
}
