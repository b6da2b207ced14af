#![doc = include_str!("redundant_statement.md")]

use crate::checks::Check;
use crate::document::{Document, Statement};
use crate::finding::FindingType;
use crate::repair::take_out;
use crate::report::Report;
use crate::same_statement::{fingerprint, is_same};

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_STATEMENT",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_statement.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let statements: Vec<(u64, &Statement<'_>)> = document
        .statements
        .iter()
        .map(|statement| (fingerprint(statement.value), statement))
        .collect();
    let mut is_listed = vec![false; statements.len()];
    for (place, (print, statement)) in statements.iter().enumerate() {
        if is_listed.get(place).copied().unwrap_or(true) {
            continue;
        }
        let mut places = vec![statement.span()];
        for (other, (other_print, other_statement)) in statements.iter().enumerate().skip(place + 1)
        {
            if other_print == print
                && is_same(statement.value, other_statement.value)
                && let Some(listed) = is_listed.get_mut(other)
            {
                *listed = true;
                places.push(other_statement.span());
            }
        }
        if places.len() > 1 {
            let details = "These statements say the same. Keep one and remove the others.";
            let list = document.statement.map(|member| &member.value);
            let later = places.get(1..).unwrap_or_default();
            let replacement = list.and_then(|list| take_out(document.text, list, later));
            report.repair(places, replacement, details);
        }
    }
}
