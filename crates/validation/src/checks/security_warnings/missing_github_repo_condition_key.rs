#![doc = include_str!("missing_github_repo_condition_key.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::federation::{GITHUB, Provider};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_GITHUB_REPO_CONDITION_KEY",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("missing_github_repo_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in document.allow_statements() {
        let has_subject = statement.conditions.iter().any(|condition| {
            condition.key_after(GITHUB).is_some_and(|claim| claim.eq_ignore_ascii_case(":sub"))
        });
        if has_subject {
            continue;
        }
        for name in statement.principals_of("Federated") {
            if Provider::parse(name.value) == Provider::OpenIdConnect(GITHUB) {
                let details = format!(
                    "Workflows of every repository on GitHub can assume the role. Add a condition on `{GITHUB}:sub` \
                     that names the repository and the branch."
                );
                report.at(name.span, details);
            }
        }
    }
}
