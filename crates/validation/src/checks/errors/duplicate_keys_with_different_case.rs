#![doc = include_str!("duplicate_keys_with_different_case.md")]

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
        let members = block.value.members();
        for (place, member) in members.iter().enumerate() {
            let key: &str = &member.key.value;
            let same = |other: &&Member<'_>| other.key.value.eq_ignore_ascii_case(key);
            if members.iter().take(place).any(|other| same(&other)) {
                continue;
            }
            let all: Vec<&Member<'_>> = members.iter().filter(same).collect();
            if all.iter().any(|other| other.key.value != key) {
                let places = all.iter().map(|member| member.key.span).collect();
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
