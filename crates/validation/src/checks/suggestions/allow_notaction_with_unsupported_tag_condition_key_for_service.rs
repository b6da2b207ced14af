#![doc = include_str!("allow_notaction_with_unsupported_tag_condition_key_for_service.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use crate::tag_keys::is_resource_tag;

pub(super) const CHECK: Check = Check {
    issue_code: "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    finding_type: FindingType::Suggestion,
    page: include_str!("allow_notaction_with_unsupported_tag_condition_key_for_service.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in document.allow_statements() {
        let Some(not_action) = &statement.not_action else { continue };
        let tag = statement.conditions.iter().find(|condition| is_resource_tag(condition));
        if let Some(condition) = tag {
            let details = format!(
                "`NotAction` covers actions whose requests hold no tag, so the condition on `{}` never matches them and \
                 they are not allowed. List the actions in `Action`.",
                condition.key.value
            );
            report.at_all(vec![not_action.key.span, condition.key.span], details);
        }
    }
}
