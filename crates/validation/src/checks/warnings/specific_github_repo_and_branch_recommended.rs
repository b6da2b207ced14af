#![doc = include_str!("specific_github_repo_and_branch_recommended.md")]

use crate::checks::Check;
use crate::document::{Condition, Document};
use crate::federation::GITHUB;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
    finding_type: FindingType::Warning,
    page: include_str!("specific_github_repo_and_branch_recommended.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in document.allow_statements() {
        let names_branch = statement.conditions.iter().any(|condition| is_claim(condition, ":ref"));
        for condition in statement.conditions.iter().filter(|c| is_claim(c, ":sub")) {
            if condition.comparison() != Some(Comparison::StringLike) {
                continue;
            }
            for value in condition.strings().filter(|value| is_open(value.value, names_branch)) {
                let details = format!(
                    "`{}` can match workflows of more repositories or branches than were meant. Name the repository \
                     and the branch, or the branch in `{GITHUB}:ref`.",
                    value.value
                );
                report.at(value.span, details);
            }
        }
    }
}

fn is_claim(condition: &Condition<'_>, claim: &str) -> bool {
    condition.key_after(GITHUB).is_some_and(|rest| rest.eq_ignore_ascii_case(claim))
}

/// Whether a wildcard leaves the repository open, or the branch where nothing else names it.
fn is_open(subject: &str, names_branch: bool) -> bool {
    let repository: String = subject.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
    repository.contains(['*', '?']) || (!names_branch && subject.contains(['*', '?']))
}
