#![doc = include_str!("missing_tag_key_in_condition.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::tag_keys::is_tag_without_name;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_TAG_KEY_IN_CONDITION",
    finding_type: FindingType::Error,
    page: include_str!("missing_tag_key_in_condition.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        if is_tag_without_name(condition.key.value) {
            let start = condition.key.value.trim_end_matches('/');
            let details = format!(
                "`{}` does not say which tag is meant. Write the tag's key behind a slash, `{start}/tag-key`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
