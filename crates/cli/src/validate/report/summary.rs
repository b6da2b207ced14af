//! What a run comes to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Report;
use crate::validate::checked::State;
use crate::validate::severity::Severity;

/// The totals of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// Whether everything could be looked at.
    pub(crate) complete: bool,
    /// Whether nothing fails the run.
    pub(crate) passed: bool,
    /// From which severity on findings fail the run.
    pub(crate) fail_on: &'static str,
    /// Policies that were looked at.
    pub(crate) policies: usize,
    /// Policies with a finding that counts.
    pub(crate) policies_with_findings: usize,
    /// Findings that count.
    pub(crate) findings: usize,
    /// Those of them that fail the run.
    pub(crate) failing: usize,
    /// Findings that count, by severity.
    pub(crate) by_severity: BTreeMap<&'static str, usize>,
    /// Findings that are in the baseline.
    pub(crate) in_baseline: usize,
    /// Findings that are suppressed.
    pub(crate) suppressed: usize,
    /// Things that could not be looked at.
    pub(crate) not_analyzed: usize,
    /// Files that hold no policy.
    pub(crate) other_files: usize,
    /// Policies of AWS that were left out.
    pub(crate) aws_managed_left_out: usize,
    /// Policies that the question is not about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_applicable: Option<usize>,
    /// Problems of the configuration that fail the run.
    pub(crate) gate_problems: usize,
}

impl Summary {
    /// Adds up a report.
    pub(crate) fn new(report: &Report) -> Self {
        let mut summary = Self {
            complete: report.not_analyzed.is_empty() && report.unreadable.is_empty(),
            passed: false,
            fail_on: report.fail_on.as_str(),
            policies: report.policies.len(),
            policies_with_findings: 0,
            findings: 0,
            failing: 0,
            by_severity: Severity::ALL.iter().map(|own| (own.as_str(), 0)).collect(),
            in_baseline: 0,
            suppressed: 0,
            not_analyzed: report.not_analyzed.len() + report.unreadable.len(),
            other_files: report.other_files,
            aws_managed_left_out: report.aws_managed,
            not_applicable: report.not_applicable,
            gate_problems: report.judgement.problems.len(),
        };
        for policy in &report.policies {
            let before = summary.findings;
            for finding in &policy.findings {
                match &finding.state {
                    State::New => {
                        summary.findings += 1;
                        *summary.by_severity.entry(finding.severity.as_str()).or_default() += 1;
                    }
                    State::Baseline => summary.in_baseline += 1,
                    State::Suppressed(_) => summary.suppressed += 1,
                }
                summary.failing += usize::from(report.fails(finding));
            }
            summary.policies_with_findings += usize::from(summary.findings > before);
        }
        summary.passed = summary.failing == 0 && summary.gate_problems == 0;
        summary
    }
}
