//! The result of a scan as people read it: a block for each resource that somebody can reach.

use std::collections::BTreeMap;
use std::io::{self, Write};

use ringfence_access::internal::InternalObservation;
use ringfence_access::inventory::{NotAnalyzed, Resource};
use ringfence_access::observation::{
    GrantedBy, Observation, ObservedPrincipal, ResourceControlPolicyRestriction, Source,
};
use ringfence_access::risk::{Contribution, Risk};
use ringfence_policy::RequestContext;
use ringfence_policy::catalogue::AccessLevel;

use super::summary::{Changes, Summary};
use super::zone::ZoneOfTrustView;
use super::{Access, Report};
use crate::output::Output;
use crate::text::{counted, visible, wrap};

/// Longer lists are cut, and say how much more there is.
const MAX_LISTED: usize = 8;
/// Where the names of a finding's lines stand.
const INDENT: usize = 4;
/// How wide they are.
const NAME: usize = 13;

/// Blocks of text.
pub(super) struct Table<'o> {
    pub(super) output: &'o Output,
}

/// The parts of a finding that are written alike.
pub(super) struct What<'w> {
    pub(super) action: &'w [String],
    pub(super) access_levels: &'w [AccessLevel],
    pub(super) condition: &'w BTreeMap<String, String>,
    pub(super) sources: &'w [Source],
}

impl<'o> Table<'o> {
    pub(super) fn new(output: &'o Output) -> Self {
        Self { output }
    }
}

impl Report for Table<'_> {
    fn begin(&self, writer: &mut dyn Write, zone: &ZoneOfTrustView) -> io::Result<()> {
        let zone = match zone {
            ZoneOfTrustView::Organization { organization_id, accounts } => {
                let id = visible(organization_id);
                format!("organization {id} ({})", counted(accounts.len(), "account"))
            }
            ZoneOfTrustView::Account { account: Some(account), .. } => format!("account {account}"),
            ZoneOfTrustView::Account { account: None, accounts } => {
                format!("each of {} for itself", counted(accounts.len(), "account"))
            }
        };
        writeln!(writer, "Zone of trust: {zone}\n")
    }

    fn external(&self, resource: &Resource, findings: &[Observation]) -> Vec<u8> {
        self.block(resource, findings, Self::write_finding)
    }

    fn internal(&self, resource: &Resource, findings: &[InternalObservation]) -> Vec<u8> {
        self.block(resource, findings, Self::write_internal)
    }

    fn append(&self, writer: &mut dyn Write, findings: &[u8], _: usize) -> io::Result<()> {
        writer.write_all(findings)
    }

    fn end(
        &self,
        writer: &mut dyn Write,
        removed: &[Observation],
        not_analyzed: &[NotAnalyzed],
        summary: &Summary,
    ) -> io::Result<()> {
        self.write_removed(writer, removed)?;
        if !not_analyzed.is_empty() {
            let doubt = self.output.palette.doubt;
            writeln!(writer, "{doubt}Could not be analyzed{doubt:#}\n")?;
        }
        for entry in not_analyzed {
            self.write_not_analyzed(writer, entry)?;
        }
        self.write_summary(writer, summary)
    }
}

impl Table<'_> {
    /// The findings of a resource under its name; nothing where there are none.
    fn block<F>(
        &self,
        resource: &Resource,
        findings: &[F],
        write: fn(&Self, &mut Vec<u8>, &F) -> io::Result<()>,
    ) -> Vec<u8> {
        let mut block = Vec::new();
        if findings.is_empty() {
            return block;
        }
        // Writing to memory does not fail.
        let _ = self.write_title(&mut block, resource);
        for finding in findings {
            let _ = write(self, &mut block, finding).and_then(|()| writeln!(block));
        }
        block
    }

    fn write_title(&self, writer: &mut Vec<u8>, resource: &Resource) -> io::Result<()> {
        let (title, faint) = (self.output.palette.title, self.output.palette.faint);
        writeln!(writer, "{title}{}{title:#}", visible(&resource.arn))?;
        write!(writer, "{faint}{}, account {}", resource.resource_type(), resource.account)?;
        if resource.region.as_ref() != "global" {
            write!(writer, ", {}", visible(&resource.region))?;
        }
        writeln!(writer, "{faint:#}\n")
    }

    fn write_finding(&self, writer: &mut Vec<u8>, finding: &Observation) -> io::Result<()> {
        let palette = self.output.palette;
        let (badge, style) = match finding.is_public {
            true => ("PUBLIC", palette.alarm),
            false => ("EXTERNAL", palette.doubt),
        };
        let change = match &finding.change {
            Some(change) => format!("{}  ", change.change_type.as_str()),
            None => String::new(),
        };
        writeln!(writer, "  {change}{style}{badge}{style:#}  {}", who(finding))?;
        let Observation { action, access_levels, condition, sources, .. } = finding;
        self.what(writer, &What { action, access_levels, condition, sources })?;
        self.places(writer, &finding.granted_by)?;
        for (number, own) in finding.rests_on.iter().take(MAX_LISTED).enumerate() {
            let at = format!("{}:{}:{}", own.file, own.position.line, own.position.column);
            let text = format!("{} ({at})", own.reason);
            self.field(writer, if number == 0 { "rests on" } else { "" }, &text)?;
        }
        self.witness(writer, &finding.witness)?;
        match finding.resource_control_policy_restriction {
            ResourceControlPolicyRestriction::NotApplicable => {}
            ResourceControlPolicyRestriction::Applicable => {
                self.field(writer, "RCP", "a resource control policy may restrict this")?;
            }
            ResourceControlPolicyRestriction::FailedToEvaluateRcp => {
                let text = "resource control policies could not be read; they may restrict this";
                self.field(writer, "RCP", text)?;
            }
        }
        self.field(writer, "risk", &risk(&finding.risk))
    }

    fn write_removed(&self, writer: &mut dyn Write, removed: &[Observation]) -> io::Result<()> {
        let style = self.output.palette.good;
        if !removed.is_empty() {
            writeln!(writer, "{style}Removed by the change{style:#}\n")?;
        }
        for finding in removed {
            writeln!(writer, "  REMOVED  {}", who(finding))?;
            let mut block = Vec::new();
            self.field(&mut block, "on", &finding.resource)?;
            let actions: Vec<&str> = finding.action.iter().map(String::as_str).collect();
            self.field(&mut block, "could", &listed(&actions))?;
            writer.write_all(&block)?;
            writeln!(writer)?;
        }
        Ok(())
    }

    /// What can be done, and how.
    pub(super) fn what(&self, writer: &mut Vec<u8>, what: &What<'_>) -> io::Result<()> {
        let actions: Vec<&str> = what.action.iter().map(String::as_str).collect();
        self.field(writer, "can", &listed(&actions))?;
        let levels: Vec<&str> = what.access_levels.iter().map(|own| own.as_str()).collect();
        if !levels.is_empty() {
            self.field(writer, "access", &levels.join(", "))?;
        }
        for (number, (key, value)) in what.condition.iter().enumerate() {
            let name = if number == 0 { "only if" } else { "and" };
            self.field(writer, name, &format!("{key} = {value}"))?;
        }
        for (number, source) in what.sources.iter().enumerate() {
            self.field(writer, if number == 0 { "through" } else { "" }, &through(source))?;
        }
        Ok(())
    }

    pub(super) fn places(&self, writer: &mut Vec<u8>, places: &[GrantedBy]) -> io::Result<()> {
        for (number, place) in places.iter().take(MAX_LISTED).enumerate() {
            let name = if number == 0 { "granted by" } else { "" };
            self.granted_by(writer, name, place)?;
        }
        if places.len() > MAX_LISTED {
            let more = places.len() - MAX_LISTED;
            self.field(writer, "", &format!("and {more} more"))?;
        }
        Ok(())
    }

    pub(super) fn witness(&self, writer: &mut Vec<u8>, request: &RequestContext) -> io::Result<()> {
        self.field(writer, "gets in", &request.caller.to_text())?;
        self.field(writer, "  calling", &request.action)?;
        self.field(writer, "  on", &request.resource)?;
        for (number, (key, value)) in request.context.iter().enumerate() {
            let text = format!("{} = {}", key.as_written(), value.values().join(", "));
            self.field(writer, if number == 0 { "  with" } else { "" }, &text)?;
        }
        Ok(())
    }

    fn granted_by(&self, writer: &mut Vec<u8>, name: &str, place: &GrantedBy) -> io::Result<()> {
        let at = format!("{}:{}:{}", place.file, place.line, place.column);
        let (faint, style) = (self.output.palette.faint, self.output.palette.place);
        write!(writer, "{:INDENT$}{faint}{name:<NAME$}{faint:#}", "")?;
        write!(writer, "{style}{}{style:#}", visible(&at))?;
        let Some(index) = place.statement_index else { return writeln!(writer) };
        let sid = place.sid.as_ref().map(|sid| format!(" ({sid})")).unwrap_or_default();
        let statement = format!("statement {index}{sid}");
        let length = INDENT + NAME + at.chars().count() + 2 + statement.chars().count();
        match length <= self.output.width {
            true => write!(writer, "  ")?,
            false => write!(writer, "\n{:width$}", "", width = INDENT + NAME)?,
        }
        writeln!(writer, "{}", visible(&statement))
    }

    /// A named line of a finding, wrapped below its own beginning.
    pub(super) fn field(&self, writer: &mut Vec<u8>, name: &str, text: &str) -> io::Result<()> {
        let faint = self.output.palette.faint;
        let room = self.output.width.saturating_sub(INDENT + NAME);
        for (number, line) in wrap(&visible(text), room).iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            writeln!(writer, "{:INDENT$}{faint}{name:<NAME$}{faint:#}{line}", "")?;
        }
        Ok(())
    }

    fn write_not_analyzed(&self, writer: &mut dyn Write, entry: &NotAnalyzed) -> io::Result<()> {
        let style = self.output.palette.place;
        let place = match entry.position {
            Some(at) => format!("{}:{}:{}", entry.file, at.line, at.column),
            None => entry.file.to_string(),
        };
        writeln!(writer, "  {style}{}{style:#}", visible(&place))?;
        let known = [
            entry.resource_type.clone(),
            entry.resource.clone(),
            entry.account.as_ref().map(|account| format!("account {account}")),
        ];
        let known: Vec<String> = known.into_iter().flatten().collect();
        let room = self.output.width.saturating_sub(INDENT);
        let about = if known.is_empty() { None } else { Some(known.join(", ")) };
        for text in about.iter().chain([&entry.reason]) {
            for line in wrap(&visible(text), room) {
                writeln!(writer, "{:INDENT$}{line}", "")?;
            }
        }
        writeln!(writer)
    }

    fn write_summary(&self, writer: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let palette = self.output.palette;
        let (style, found) = match (summary.findings, summary.public) {
            (0, _) => (palette.good, "No findings".to_owned()),
            (findings, 0) => (palette.doubt, counted(findings, "finding")),
            (findings, public) => {
                (palette.alarm, format!("{}, {public} public", counted(findings, "finding")))
            }
        };
        let resources = counted(summary.resources, "resource");
        let analyzed = match summary.findings {
            0 => format!("{resources} analyzed"),
            _ => {
                let from = match summary.access {
                    Access::External => "from outside",
                    Access::Internal => "by principals inside",
                };
                format!("{} of {resources} can be reached {from}", summary.resources_with_findings)
            }
        };
        let completeness = match summary.not_analyzed {
            0 => "everything was analyzed".to_owned(),
            count => format!("{} could not be analyzed", counted(count, "thing")),
        };
        if let Some(Changes { new, changed, unchanged, removed }) = &summary.changes {
            writeln!(
                writer,
                "The change: {new} new, {changed} changed, {unchanged} unchanged, {removed} removed."
            )?;
        }
        writeln!(writer, "{style}{found}{style:#}: {analyzed}, {completeness}.")
    }
}

fn who(finding: &Observation) -> String {
    let text = match &finding.principal {
        ObservedPrincipal::Aws(text) if text == "*" && finding.condition.is_empty() => {
            "everyone".to_owned()
        }
        ObservedPrincipal::Aws(text) if text == "*" => {
            "everyone who meets the conditions".to_owned()
        }
        ObservedPrincipal::Aws(text) if text.starts_with("arn:") => text.clone(),
        ObservedPrincipal::Aws(text) => format!("account {text}"),
        ObservedPrincipal::Federated(text) => format!("identity provider {text}"),
        ObservedPrincipal::CanonicalUser(text) => format!("canonical user {text}"),
    };
    visible(&text).into_owned()
}

pub(super) fn risk(risk: &Risk) -> String {
    let part = |own: &Contribution| format!("{} {}", own.factor, own.points);
    let parts: Vec<String> = risk.contributions.iter().map(part).collect();
    format!("{} of 100: {}", risk.score, parts.join(", "))
}

fn through(source: &Source) -> String {
    match source {
        Source::Policy => "the bucket policy".to_owned(),
        Source::BucketAcl => "the access control list".to_owned(),
        Source::S3AccessPoint(arn) => format!("the access point {arn}"),
        Source::S3AccessPointAccount(account) => {
            format!("access points of account {account}")
        }
    }
}

fn listed(texts: &[&str]) -> String {
    match texts.get(..MAX_LISTED) {
        Some(first) if texts.len() > MAX_LISTED + 1 => {
            format!("{} and {} more", first.join(", "), texts.len() - MAX_LISTED)
        }
        _ => texts.join(", "),
    }
}
