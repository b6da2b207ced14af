#![doc = include_str!("redundant_action.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::redundancy::{Case, groups, most_specific, places, top};
use crate::repair::{others, take_out};
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_ACTION",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for element in statement.action_elements() {
            let texts: Vec<Text<'_>> =
                element.patterns.iter().map(|pattern| pattern.text).collect();
            for group in groups(&texts, Case::Ignored) {
                let Some(example) = most_specific(&group) else { continue };
                let details = format!(
                    "One of these actions covers the others: {} of {} can go without a change of what the statement \
                     means. Remove what is covered, `{}` for example.",
                    group.len() - 1,
                    group.len(),
                    example.value
                );
                let replacement = top(&group, Case::Ignored)
                    .and_then(|top| take_out(document.text, element.value, &others(&group, top)));
                report.repair(places(&group), replacement, details);
            }
        }
    }
}
