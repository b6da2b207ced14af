#![doc = include_str!("variable_unsupported_in_element.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use crate::variables::values_of_request;

pub(super) const CHECK: Check = Check {
    issue_code: "VARIABLE_UNSUPPORTED_IN_ELEMENT",
    finding_type: FindingType::Error,
    page: include_str!("variable_unsupported_in_element.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for action in statement.action_elements() {
            let texts = action.patterns.iter().map(|pattern| pattern.text);
            judge(action.key.value, texts, report);
        }
        for principals in statement.principal_elements() {
            judge(principals.key.value, principals.names(), report);
        }
        for member in [statement.sid, statement.effect].into_iter().flatten() {
            judge(&member.key.value, Text::of(&member.value).into_iter(), report);
        }
    }
}

fn judge<'d>(element: &str, texts: impl Iterator<Item = Text<'d>>, report: &mut Report<'_>) {
    for text in texts {
        if let Some(variable) = values_of_request(text.value).next() {
            let details = format!(
                "`${{{}}}` stands in `{element}`, where variables are text. Use them in `Resource` and `Condition` \
                 only.",
                variable.body
            );
            report.at(text.span, details);
        }
    }
}
