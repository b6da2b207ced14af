#![doc = include_str!("restrict_access_to_service_principal.md")]

use crate::caller_keys::{describes_source, is_other_limit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("restrict_access_to_service_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.kind, PolicyKind::Resource(_)) {
        return;
    }
    for statement in document.allow_statements() {
        let is_limited = statement
            .conditions
            .iter()
            .any(|condition| describes_source(condition) || is_other_limit(condition));
        if is_limited {
            continue;
        }
        for name in statement.principals_of("Service") {
            let details = format!(
                "`{}` may act here for anyone who makes it, in any account. Say for whom, with `aws:SourceArn`, \
                 `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`.",
                name.value
            );
            report.at(name.span, details);
        }
    }
}
