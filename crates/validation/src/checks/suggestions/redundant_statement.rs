#![doc = include_str!("redundant_statement.md")]

use std::collections::BTreeMap;

use ringfence_policy::location::ByteSpan;

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
    let mut by_fingerprint: BTreeMap<u64, Vec<&Statement<'_>>> = BTreeMap::new();
    for statement in &document.statements {
        by_fingerprint.entry(fingerprint(statement.value)).or_default().push(statement);
    }
    for candidates in by_fingerprint.values() {
        let Some((first, others)) = candidates.split_first() else { continue };
        let same = others.iter().filter(|other| is_same(first.value, other.value));
        let later: Vec<ByteSpan> = same.map(|statement| statement.span()).collect();
        if later.is_empty() {
            continue;
        }
        let list = document.statement.map(|member| &member.value);
        let replacement = list.and_then(|list| take_out(document.text, list, &later));
        let places = [first.span()].into_iter().chain(later).collect();
        let details = "These statements say the same. Keep one and remove the others.";
        report.repair(places, replacement, details);
    }
}
