#![doc = include_str!("invalid_condition_key_format.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_CONDITION_KEY_FORMAT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_condition_key_format.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for condition in document.conditions() {
        let key = condition.key.value;
        let has_form = key.split_once(':').is_some_and(|(prefix, name)| {
            !prefix.is_empty() && !name.is_empty() && !key.contains(char::is_whitespace)
        });
        if !has_form && !is_tag_name_with_space(key) {
            let details = format!(
                "`{key}` is no condition key. Write a prefix, a colon and a name, such as `aws:SourceIp`."
            );
            report.at(condition.key.span, details);
        }
    }
}

/// Names of tags may hold spaces: `aws:ResourceTag/Cost Center`.
fn is_tag_name_with_space(key: &str) -> bool {
    key.split_once('/')
        .is_some_and(|(start, _)| start.contains(':') && !start.contains(char::is_whitespace))
}
