#![doc = include_str!("invalid_principal_format.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_PRINCIPAL_FORMAT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_principal_format.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for principals in statement.principal_elements() {
            let is_fine = match &principals.value.kind {
                Kind::Object(_) | Kind::Invalid => true,
                Kind::String(text) => text == "*",
                Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Array(_) => false,
            };
            if !is_fine {
                let details = format!(
                    "`{}` is neither `\"*\"` nor an object. Write who is meant with the type, such as `{{\"AWS\": \
                     \"111122223333\"}}`.",
                    principals.key.value
                );
                report.at(principals.value.span, details);
            }
        }
    }
}
