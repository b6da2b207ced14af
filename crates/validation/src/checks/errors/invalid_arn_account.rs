#![doc = include_str!("invalid_arn_account.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ARN_ACCOUNT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_arn_account.md"),
    run,
};

/// Owners of resources that are AWS's own.
const OWNERS: &[&str] = &["aws", "amazon", "aws-marketplace", "aws-managed"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        if !can_be_account(arn.account) {
            let details =
                format!("`{}` is no account id. Write the twelve digits of one.", arn.account);
            report.at(resource.text.span, details);
        }
    }
}

fn can_be_account(field: &str) -> bool {
    if field.is_empty() || field.contains("${") || OWNERS.contains(&field) {
        return true;
    }
    let stars = field.bytes().filter(|byte| *byte == b'*').count();
    let others = field.len() - stars;
    field.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'?'))
        && (others == 12 || (stars > 0 && others < 12))
}
