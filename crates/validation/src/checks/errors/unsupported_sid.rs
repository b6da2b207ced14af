#![doc = include_str!("unsupported_sid.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_SID",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_sid.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !document.kind.is_stored_by_iam() {
        return;
    }
    for sid in document.statements.iter().filter_map(|statement| statement.sid()) {
        if !sid.value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let kept: String = sid.value.chars().filter(char::is_ascii_alphanumeric).collect();
            let details = format!(
                "The Sid `{}` has characters that IAM does not take. Use letters A to Z, a to z and digits only.",
                sid.value
            );
            // Two statements may not have one Sid.
            let mut others = document.statements.iter().filter_map(|statement| statement.sid());
            let is_taken = others.any(|other| other.value == kept);
            match kept.is_empty() || is_taken {
                true => report.at(sid.span, details),
                false => report.replace(sid.span, format!("\"{kept}\""), details),
            }
        }
    }
}
