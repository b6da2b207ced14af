#![doc = include_str!("type_mismatch_string.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "TYPE_MISMATCH_STRING",
    finding_type: FindingType::Warning,
    page: include_str!("type_mismatch_string.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if condition.comparison() != Some(Comparison::BinaryEquals) {
            continue;
        }
        let wrong = |value: &Text<'_>| !is_base64(value.value) && !value.value.contains("${");
        for value in condition.values().filter(wrong) {
            let details = format!(
                "`{}` is not in Base64, which `{}` compares with. Write the bytes in Base64.",
                value.value, condition.operator_name.value
            );
            report.at(value.span, details);
        }
    }
}

/// <https://www.rfc-editor.org/rfc/rfc4648#section-4>, with padding.
fn is_base64(text: &str) -> bool {
    let body = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    text.len().is_multiple_of(4)
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
