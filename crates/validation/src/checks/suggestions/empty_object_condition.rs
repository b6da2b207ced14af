#![doc = include_str!("empty_object_condition.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;
use ringfence_policy::json::Value;

pub(super) const CHECK: Check = Check {
    issue_code: "EMPTY_OBJECT_CONDITION",
    finding_type: FindingType::Suggestion,
    page: include_str!("empty_object_condition.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let Some(condition) = statement.condition else { continue };
        if is_empty(&condition.value) {
            let details =
                "`Condition` is empty and decides nothing. Write conditions, or remove it.";
            report.at(condition.value.span, details);
        }
        for block in statement.operators.iter().filter(|block| is_empty(block.value)) {
            let details = format!(
                "`{}` is empty and decides nothing. Write condition keys, or remove it.",
                block.name.value
            );
            report.at(block.value.span, details);
        }
    }
}

fn is_empty(value: &Value<'_>) -> bool {
    matches!(&value.kind, Kind::Object(members) if members.is_empty())
}
