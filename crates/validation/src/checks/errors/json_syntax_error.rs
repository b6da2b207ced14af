#![doc = include_str!("json_syntax_error.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::DiagnosticKind;

pub(super) const CHECK: Check = Check {
    issue_code: "JSON_SYNTAX_ERROR",
    finding_type: FindingType::Error,
    page: include_str!("json_syntax_error.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for diagnostic in document.diagnostics {
        let details = match diagnostic.kind {
            DiagnosticKind::Syntax | DiagnosticKind::Nesting => {
                format!("The policy is not JSON: {}. Correct the text here.", diagnostic.message)
            }
            DiagnosticKind::DuplicateKey => {
                format!("Readers of JSON may take either: {}. Remove one.", diagnostic.message)
            }
            // What the JSON says is the matter of other checks.
            DiagnosticKind::WrongType
            | DiagnosticKind::UnknownElement
            | DiagnosticKind::MissingElement
            | DiagnosticKind::InvalidValue
            | DiagnosticKind::Combination => continue,
        };
        report.at(diagnostic.span, details);
    }
}
