#![doc = include_str!("privilege_escalation.md")]

use super::OwnCheck;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::meaning::escalation;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: OwnCheck = OwnCheck {
    check: Check {
        issue_code: "PRIVILEGE_ESCALATION",
        finding_type: FindingType::SecurityWarning,
        page: include_str!("privilege_escalation.md"),
        run,
    },
    learn_more: "https://pathfinding.cloud/paths/",
};

/// So many paths are named in the text of a finding.
const NAMED: usize = 6;

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::Identity {
        return;
    }
    let Ok(meaning) = document.meaning() else { return };
    let escalations = escalation::search(&meaning.policy);
    for own in escalations.found {
        let named: Vec<String> =
            own.paths.iter().take(NAMED).map(|own| format!("`{own}`")).collect();
        let more = match own.paths.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more ways"),
        };
        let details = format!(
            "Whoever holds this policy can gain privileges that it does not give, by {}{more}. Limit the actions to the \
             resources that are needed, by name, or deny them.",
            named.join(", or by ")
        );
        report.show(own.places.into_iter().collect(), own.witnesses, details);
    }
    for own in escalations.undecided {
        report.undecided(own.place, own.limit);
    }
}
