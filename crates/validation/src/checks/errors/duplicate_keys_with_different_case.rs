#![doc = include_str!("duplicate_keys_with_different_case.md")]

use std::collections::BTreeMap;

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Member;

pub(super) const CHECK: Check = Check {
    issue_code: "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
    finding_type: FindingType::Error,
    page: include_str!("duplicate_keys_with_different_case.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for block in document.statements.iter().flat_map(|statement| &statement.operators) {
        for keys in same_keys(block.value.members()) {
            let Some((first, others)) = keys.split_first() else { continue };
            let key = &first.key.value;
            // The same spelling twice is a matter of JSON_SYNTAX_ERROR.
            if others.iter().any(|other| other.key.value != *key) {
                let places = keys.iter().map(|member| member.key.span).collect();
                let details = format!(
                    "`{key}` stands under `{}` more than once with different capital letters, which do not matter in \
                     condition keys. Write one key with all the values.",
                    block.name.value
                );
                report.at_all(places, details);
            }
        }
    }
}

/// The members by their names without regard to case, those of one name in the order of the text.
fn same_keys<'m, 'd>(members: &'m [Member<'d>]) -> Vec<Vec<&'m Member<'d>>> {
    if let [] | [_] = members {
        return Vec::new();
    }
    let mut by_name: BTreeMap<String, Vec<&Member<'_>>> = BTreeMap::new();
    for member in members {
        by_name.entry(member.key.value.to_ascii_lowercase()).or_default().push(member);
    }
    by_name.into_values().collect()
}
