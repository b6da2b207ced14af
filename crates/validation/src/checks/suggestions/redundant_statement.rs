#![doc = include_str!("redundant_statement.md")]

use crate::checks::Check;
use crate::document::{Document, Statement};
use crate::finding::FindingType;
use crate::report::Report;
use crate::same_statement::{fingerprint, is_same};

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_STATEMENT",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_statement.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let statements: Vec<_> =
        document.statements.iter().map(|statement| (fingerprint(statement.value), statement)).collect();
    for (place, (print, statement)) in statements.iter().enumerate() {
        let same = |(other_print, other): &&(u64, &Statement<'_>)| {
            other_print == print && is_same(other.value, statement.value)
        };
        if statements.iter().take(place).any(|other| same(&other)) {
            continue;
        }
        let equal: Vec<_> = statements.iter().filter(same).map(|(_, other)| other.span()).collect();
        if equal.len() > 1 {
            let details = "These statements say the same. Keep one and remove the others.";
            report.at_all(equal, details);
        }
    }
}
