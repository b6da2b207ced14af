#![doc = include_str!("invalid_service_principal_format.md")]

use crate::checks::Check;
use crate::document::{Condition, Document, Text};
use crate::finding::FindingType;
use crate::report::Report;
use crate::{regions, service_principal};
use ringfence_policy::Comparison;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_SERVICE_PRINCIPAL_FORMAT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_service_principal_format.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for name in statement.principal_elements().flat_map(|principals| &principals.groups) {
            if name.kind.value == "Service" {
                principals(&name.names, report);
            }
        }
        for condition in &statement.conditions {
            let is_by_equality = matches!(
                condition.comparison(),
                Some(Comparison::StringEquals | Comparison::StringNotEquals)
            );
            if is_by_equality && condition.is_key("aws:CalledVia") {
                values(condition, has_one_label, "service.amazonaws.com", report);
            }
            if is_by_equality && condition.is_key("kms:ViaService") {
                values(condition, has_region, "service.region.amazonaws.com", report);
            }
        }
    }
}

fn principals(names: &[Text<'_>], report: &mut Report<'_>) {
    let plain = names.iter().filter(|name| !name.has_wildcard() && !name.value.contains("${"));
    for name in plain.filter(|name| !service_principal::has_form(name.value)) {
        report.at(name.span, wrong(name.value, "service.amazonaws.com"));
    }
}

fn values(
    condition: &Condition<'_>,
    has_form: fn(&str) -> bool,
    form: &str,
    report: &mut Report<'_>,
) {
    let wrong_form = |value: &Text<'_>| !value.value.contains("${") && !has_form(value.value);
    for value in condition.strings().filter(wrong_form) {
        report.at(value.span, wrong(value.value, form));
    }
}

/// `cloudformation.amazonaws.com`. AWS reports names with more labels under `aws:CalledVia`.
fn has_one_label(text: &str) -> bool {
    service_principal::has_form(text)
        && service_principal::without_domain(text).is_some_and(|name| !name.contains('.'))
}

/// `s3.us-east-1.amazonaws.com`.
fn has_region(text: &str) -> bool {
    let name = service_principal::without_domain(text);
    service_principal::has_form(text)
        && name
            .and_then(|name| name.rsplit_once('.'))
            .is_some_and(|(service, region)| !service.is_empty() && regions::can_be_region(region))
}

fn wrong(name: &str, form: &str) -> String {
    format!(
        "`{name}` does not have the form of a service principal here. Write it as `{form}`, in lower case."
    )
}
