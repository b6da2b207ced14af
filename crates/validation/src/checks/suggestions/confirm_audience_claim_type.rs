#![doc = include_str!("confirm_audience_claim_type.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::federation::is_audience;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "CONFIRM_AUDIENCE_CLAIM_TYPE",
    finding_type: FindingType::Suggestion,
    page: include_str!("confirm_audience_claim_type.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for condition in document.conditions().filter(|condition| is_audience(condition)) {
        if condition.qualifier() == Qualifier::ForAllValues {
            let details = format!(
                "`{}` names whom a token is for, most often one audience. If it has one value, remove \
                 `ForAllValues:`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
