#![doc = include_str!("variable_usage_too_permissive.md")]

use crate::checks::Check;
use crate::document::{Condition, Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use crate::sensitive_keys::{TooOpen, open_values};
use crate::variables::values_of_request;

pub(super) const CHECK: Check = Check {
    issue_code: "VARIABLE_USAGE_TOO_PERMISSIVE",
    finding_type: FindingType::Error,
    page: include_str!("variable_usage_too_permissive.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let opening = |_: &Condition<'_>, text: Text<'_>| {
        values_of_request(text.value).next().and_then(|_| text.value.find("${"))
    };
    if !document.has_variables() {
        return;
    }
    for open in open_values(document, opening) {
        let details = match open.why {
            TooOpen::Sensitive => format!(
                "A variable in `{}` can stand for any value, and this key is meant to hold one. Write the value \
                 itself.",
                open.key
            ),
            TooOpen::ShortStart => format!(
                "The variable leaves nearly every value of `{}` open. Put at least six characters before it.",
                open.key
            ),
            TooOpen::UserId => {
                "The variable leaves open which user or role `aws:userid` means. Put it behind the \
                                colon, or let it be all that stands before the colon."
                    .to_owned()
            }
        };
        report.at(open.place, details);
    }
}
