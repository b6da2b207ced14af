//! What a run has to say, and the forms in which it says it.

mod escape;
mod excerpt;
mod gitlab;
mod html;
mod json;
mod json_repairs;
mod junit;
mod markdown;
mod sarif;
mod summary;
mod table;
mod uri;
mod view;

use std::io::{self, Write};

use ringfence_access::inventory::NotAnalyzed;

use super::checked::{CheckedPolicy, Reported, State};
use super::fix::FixedPolicy;
use super::gate::Judgement;
use super::severity::FailOn;
use crate::output::{AnyFormat, Format, Output};

use excerpt::Marked;
pub(crate) use summary::Summary;
pub(super) use view::AwsFinding;

/// Which command a report is of, and how it says so.
#[derive(Debug)]
pub(crate) struct RunKind {
    /// The command, without the program's name.
    pub(crate) command: &'static str,
    /// What reports are headed with.
    pub(crate) title: &'static str,
    /// What is said where nothing was found.
    pub(crate) nothing: &'static str,
    /// Which policies it looks at, where not at all: it goes on after `policy`.
    pub(crate) asked_about: &'static str,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    /// Which command it is of.
    pub(crate) kind: &'static RunKind,
    /// The policies and their findings.
    pub(crate) policies: Vec<CheckedPolicy>,
    /// What could not be looked at.
    pub(crate) not_analyzed: Vec<NotAnalyzed>,
    /// Targets that could not be read at all, and why.
    pub(crate) unreadable: Vec<NotAnalyzed>,
    /// What the gate says apart from the findings.
    pub(crate) judgement: Judgement,
    /// From which severity on findings fail the run.
    pub(crate) fail_on: FailOn,
    /// Whether there was an earlier report to compare with.
    pub(crate) compared: Compared,
    /// How many files hold no policy.
    pub(crate) other_files: usize,
    /// How many policies of AWS were left out.
    pub(crate) aws_managed: usize,
    /// How many policies the question is not about; nothing where it is about all.
    pub(crate) not_applicable: Option<usize>,
    /// What was repaired before the checks looked, with `--fix`.
    pub(crate) fixed: Option<Vec<FixedPolicy>>,
}

/// Whether a run was compared with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// With a baseline.
    WithBaseline,
    /// Every finding counts as new.
    WithNothing,
}

impl Reported {
    /// The first places of the finding, as excerpts take them.
    fn marked(&self, count: usize) -> Vec<Marked> {
        let places = self.finding.locations.iter().zip(&self.places).take(count);
        places
            .map(|(location, place)| Marked { span: location.span, line: place.start.line })
            .collect()
    }
}

impl Report {
    /// Whether a finding fails the run.
    pub(crate) fn fails(&self, finding: &Reported) -> bool {
        finding.state == State::New && self.fail_on.includes(finding.severity)
    }

    /// The policies with the findings that count.
    pub(crate) fn new_findings(
        &self,
    ) -> impl Iterator<Item = (&CheckedPolicy, Vec<(usize, &Reported)>)> {
        self.policies.iter().map(|policy| {
            let findings = policy.findings.iter().enumerate();
            (policy, findings.filter(|(_, own)| own.state == State::New).collect())
        })
    }

    /// Writes the report in a form.
    pub(crate) fn write(
        &self,
        writer: &mut dyn Write,
        format: AnyFormat,
        output: &Output,
    ) -> io::Result<()> {
        match format {
            AnyFormat::Table => table::write(writer, self, output),
            AnyFormat::Json => json::write(writer, self, Format::Json),
            AnyFormat::Jsonl => json::write(writer, self, Format::Jsonl),
            AnyFormat::Sarif => sarif::write(writer, self),
            AnyFormat::Junit => junit::write(writer, self),
            AnyFormat::Markdown => markdown::write(writer, self),
            AnyFormat::Html => html::write(writer, self),
            AnyFormat::Gitlab => gitlab::write(writer, self),
        }
    }
}
