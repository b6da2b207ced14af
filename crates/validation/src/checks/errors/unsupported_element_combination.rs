#![doc = include_str!("unsupported_element_combination.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_ELEMENT_COMBINATION",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_element_combination.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let keys = [
            (
                statement.principal.as_ref().map(|e| e.key),
                statement.not_principal.as_ref().map(|e| e.key),
            ),
            (
                statement.action.as_ref().map(|e| e.key),
                statement.not_action.as_ref().map(|e| e.key),
            ),
            (
                statement.resource.as_ref().map(|e| e.key),
                statement.not_resource.as_ref().map(|e| e.key),
            ),
        ];
        for (plain, not) in keys {
            if let (Some(plain), Some(not)) = (plain, not) {
                let mut places = vec![plain.span, not.span];
                places.sort();
                let details = format!(
                    "A statement cannot have both `{}` and `{}`. Remove one of them, or make two statements.",
                    plain.value, not.value
                );
                report.at_all(places, details);
            }
        }
    }
}
