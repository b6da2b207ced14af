#![doc = include_str!("recommended_condition_key_for_service_principal.md")]

use crate::caller_keys::{describes_source, is_other_limit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    finding_type: FindingType::Suggestion,
    page: include_str!("recommended_condition_key_for_service_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.kind, PolicyKind::Resource(_)) {
        return;
    }
    for statement in document.allow_statements() {
        if statement.conditions.iter().any(describes_source) {
            continue;
        }
        let Some(service) = statement.principals_of("Service").next() else { continue };
        for condition in statement.conditions.iter().filter(|c| is_other_limit(c)) {
            let details = format!(
                "`{}` says less than other keys for whom `{}` acts. Use `aws:SourceArn`, `aws:SourceAccount`, \
                 `aws:SourceOrgID` or `aws:SourceOrgPaths`.",
                condition.key.value, service.value
            );
            report.at(condition.key.span, details);
        }
    }
}
