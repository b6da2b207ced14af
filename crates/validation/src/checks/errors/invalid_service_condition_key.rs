#![doc = include_str!("invalid_service_condition_key.md")]

use crate::checks::Check;
use crate::document::{Document, catalogue};
use crate::finding::FindingType;
use crate::report::Report;
use crate::tag_keys::is_tag_without_name;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_SERVICE_CONDITION_KEY",
    finding_type: FindingType::Error,
    page: include_str!("invalid_service_condition_key.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let Some(prefix) = condition.key_prefix() else { continue };
        if prefix.eq_ignore_ascii_case("aws") || condition.definition().is_some() {
            continue;
        }
        let Some(service) = catalogue().service(prefix) else { continue };
        if is_tag_without_name(condition.key.value) {
            continue; // MISSING_TAG_KEY_IN_CONDITION.
        }
        let keys = catalogue().service_condition_keys().map(|key| key.name());
        let own = keys.filter(|key| key.starts_with(service.prefix()));
        let details = format!(
            "{} has no condition key `{}`. Write one of the keys that the service documents.{}",
            service.name(),
            condition.key.value,
            report.did_you_mean(condition.key.value, own)
        );
        report.at(condition.key.span, details);
    }
}
