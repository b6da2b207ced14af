#![doc = include_str!("wildcard_without_like_operator.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::glob::place_to_fill;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "WILDCARD_WITHOUT_LIKE_OPERATOR",
    finding_type: FindingType::Warning,
    page: include_str!("wildcard_without_like_operator.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let like = match condition.comparison() {
            Some(Comparison::StringEquals | Comparison::StringEqualsIgnoreCase) => "StringLike",
            Some(Comparison::StringNotEquals | Comparison::StringNotEqualsIgnoreCase) => {
                "StringNotLike"
            }
            _ => continue,
        };
        if condition.strings().any(|value| has_open_wildcard(value.value)) {
            let details = format!(
                "`*` and `?` are no wildcards under `{}`, but characters. If wildcards are meant, use `{like}`.",
                condition.operator_name.value
            );
            report.at(condition.value.span, details);
        }
    }
}

/// Whether there is a wildcard outside of `${…}`: `${*}` is written for the character.
fn has_open_wildcard(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(['*', '?', '$']) {
        let here = rest.get(at..).unwrap_or_default();
        let length = match here.as_bytes().first() {
            Some(b'$') => place_to_fill(here).unwrap_or(1),
            _ => return true,
        };
        rest = here.get(length..).unwrap_or_default();
    }
    false
}
