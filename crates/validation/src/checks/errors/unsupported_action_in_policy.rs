#![doc = include_str!("unsupported_action_in_policy.md")]

use crate::attachment;
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_ACTION_IN_POLICY",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_action_in_policy.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    let Some(supported) = attachment::actions(document.kind) else { return };
    for action in document.actions() {
        let is_supported = action.is_everything()
            || supported.iter().any(|supported| action.matches(supported))
            // What does not exist is INVALID_ACTION.
            || !action.is_known();
        if !is_supported {
            let details = format!(
                "`{}` never acts on what {} is attached to. Remove it, or grant it in an identity policy.",
                action.text.value,
                document.kind.describe()
            );
            report.at(action.text.span, details);
        }
    }
}
