#![doc = include_str!("s3_prefix_in_negative_context.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Effect;

pub(super) const CHECK: Check = Check {
    issue_code: "S3_PREFIX_IN_NEGATIVE_CONTEXT",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("s3_prefix_in_negative_context.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let Some(effect) = statement.effect() else { continue };
        for condition in statement.conditions.iter().filter(|c| c.is_key("s3:prefix")) {
            let Some(comparison) = condition.comparison().filter(|_| condition.takes_variables())
            else {
                continue;
            };
            let is_negative = match effect {
                Effect::Allow => comparison.is_negated(),
                Effect::Deny => !comparison.is_negated(),
            };
            if is_negative {
                let details = "A request with a shorter prefix does not meet this condition and still lists the same \
                               objects. Allow the wanted prefixes with `StringLike`, or deny others with \
                               `StringNotLike`.";
                report.at(condition.key.span, details);
            }
        }
    }
}
