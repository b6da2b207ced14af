#![doc = include_str!("dynamodb_attributes_without_select.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("dynamodb_attributes_without_select.md"),
    run,
};

/// The reading actions that return whole items when a request names no attributes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>.
const READING: &[&str] =
    &["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in document.allow_statements() {
        let reads = statement.not_action.is_some()
            || READING
                .iter()
                .any(|read| statement.actions().iter().any(|action| action.matches(read)));
        if !reads || statement.has_condition_key("dynamodb:Select") {
            continue;
        }
        for condition in statement.conditions.iter().filter(|c| c.is_key("dynamodb:Attributes")) {
            let details = "A request that names no attributes gets all of them, whatever `dynamodb:Attributes` lists. \
                           Also require `SPECIFIC_ATTRIBUTES` in `dynamodb:Select`.";
            report.at(condition.key.span, details);
        }
    }
}
