#![doc = include_str!("wildcard_usage_too_permissive.md")]

use crate::checks::Check;
use crate::document::{Condition, Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use crate::sensitive_keys::{TooOpen, has_wildcards, open_values};

pub(super) const CHECK: Check = Check {
    issue_code: "WILDCARD_USAGE_TOO_PERMISSIVE",
    finding_type: FindingType::Error,
    page: include_str!("wildcard_usage_too_permissive.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let opening = |condition: &Condition<'_>, text: Text<'_>| {
        if has_wildcards(condition) { text.value.find(['*', '?']) } else { None }
    };
    for open in open_values(document, opening) {
        let details = match open.why {
            TooOpen::Sensitive => format!(
                "A wildcard in `{}` can match any value, and this key is meant to hold one. Write the value itself.",
                open.key
            ),
            TooOpen::ShortStart => format!(
                "The wildcard leaves nearly every value of `{}` open. Put at least six characters before it.",
                open.key
            ),
            TooOpen::UserId => {
                "The wildcard leaves open which user or role `aws:userid` means. Put it behind the \
                                colon, or let it be all that stands before the colon."
                    .to_owned()
            }
        };
        report.at(open.place, details);
    }
}
