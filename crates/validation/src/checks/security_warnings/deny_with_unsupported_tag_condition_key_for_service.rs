#![doc = include_str!("deny_with_unsupported_tag_condition_key_for_service.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::tag_keys;
use ringfence_policy::Effect;

pub(super) const CHECK: Check = Check {
    issue_code: "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("deny_with_unsupported_tag_condition_key_for_service.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for unsupported in tag_keys::unsupported(document, Effect::Deny) {
        let details = format!(
            "Requests for these actions of `{}` hold no tag, so the condition on `{}` never matches and they are not \
             denied. Deny them in a statement without this condition.",
            unsupported.service, unsupported.key
        );
        report.at_all(unsupported.places, details);
    }
}
