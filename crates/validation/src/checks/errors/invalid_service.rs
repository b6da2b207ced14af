#![doc = include_str!("invalid_service.md")]

use crate::arn;
use crate::checks::Check;
use crate::document::{Condition, Document, catalogue};
use crate::finding::FindingType;
use crate::report::Report;
use crate::service_principal;
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_SERVICE",
    finding_type: FindingType::Error,
    page: include_str!("invalid_service.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let Some(arn) = resource.arn else { continue };
        // Capital letters have a check of their own.
        let service = arn.service.to_ascii_lowercase();
        if arn::is_plain(&service) && !arn::is_service(&service) {
            let details = unknown(arn.service, "the prefix of a service in the ARN", report);
            report.at(resource.text.span, details);
        }
    }
    for condition in document.conditions() {
        if let Some(prefix) = condition.key_prefix().filter(|prefix| !is_prefix(prefix)) {
            let details = unknown(prefix, "the prefix of a service before the colon", report);
            report.at(condition.key.span, details);
        }
        if condition.is_key("aws:CalledVia") && is_by_equality(condition) {
            called_via(condition, report);
        }
    }
}

/// Whether condition keys can begin with it; the keys of identity providers begin with host names.
fn is_prefix(prefix: &str) -> bool {
    prefix.is_empty() || prefix.contains(['.', '/']) || catalogue().is_condition_key_prefix(prefix)
}

fn is_by_equality(condition: &Condition<'_>) -> bool {
    matches!(condition.comparison(), Some(Comparison::StringEquals | Comparison::StringNotEquals))
}

fn called_via(condition: &Condition<'_>, report: &mut Report<'_>) {
    for value in condition.strings().filter(|value| service_principal::has_form(value.value)) {
        let Some(name) = service_principal::without_domain(value.value) else { continue };
        // More than one label before the domain is INVALID_SERVICE_PRINCIPAL_FORMAT.
        if !name.contains('.') && !service_principal::is_known_label(name) {
            let details = unknown(name, "the principal of a service", report);
            report.at(value.span, details);
        }
    }
}

fn unknown(name: &str, write: &str, report: &Report<'_>) -> String {
    let services = catalogue().services().map(|service| service.prefix());
    let meant = report.did_you_mean(name, services);
    format!("AWS has no service `{name}`. Write {write}.{meant}")
}
