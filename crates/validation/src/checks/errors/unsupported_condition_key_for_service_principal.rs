#![doc = include_str!("unsupported_condition_key_for_service_principal.md")]

use crate::caller_keys::describes_principal;
use crate::checks::Check;
use crate::document::{Condition, Document};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_condition_key_for_service_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let Some(principals) = &statement.principal else { continue };
        let only_services = !principals.groups.is_empty()
            && principals.groups.iter().all(|group| group.kind.value == "Service");
        if !only_services {
            continue;
        }
        let unsupported: Vec<&Condition<'_>> = statement
            .conditions
            .iter()
            .filter(|condition| describes_principal(condition))
            .collect();
        if unsupported.is_empty() {
            continue;
        }
        let names: Vec<&str> = unsupported.iter().map(|condition| condition.key.value).collect();
        let details = format!(
            "Requests by a service principal do not hold {}. Use `aws:SourceArn`, `aws:SourceAccount`, \
             `aws:SourceOrgID` or `aws:SourceOrgPaths`.",
            names.join(", ")
        );
        report.at_all(unsupported.iter().map(|condition| condition.key.span).collect(), details);
    }
}
