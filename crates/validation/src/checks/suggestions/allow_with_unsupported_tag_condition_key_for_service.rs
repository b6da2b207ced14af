#![doc = include_str!("allow_with_unsupported_tag_condition_key_for_service.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::tag_keys;
use ringfence_policy::Effect;

pub(super) const CHECK: Check = Check {
    issue_code: "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    finding_type: FindingType::Suggestion,
    page: include_str!("allow_with_unsupported_tag_condition_key_for_service.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for unsupported in tag_keys::unsupported(document, Effect::Allow) {
        let details = format!(
            "Requests for these actions of `{}` hold no tag, so the condition on `{}` never matches and they are not \
             allowed. Allow them in a statement without this condition.",
            unsupported.service, unsupported.key
        );
        report.at_all(unsupported.places, details);
    }
}
