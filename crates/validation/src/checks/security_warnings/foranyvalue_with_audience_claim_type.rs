#![doc = include_str!("foranyvalue_with_audience_claim_type.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::federation::is_audience;
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;
use ringfence_policy::Qualifier;

pub(super) const CHECK: Check = Check {
    issue_code: "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
    finding_type: FindingType::SecurityWarning,
    page: include_str!("foranyvalue_with_audience_claim_type.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for condition in document.conditions().filter(|condition| is_audience(condition)) {
        if condition.qualifier() == Qualifier::ForAnyValue {
            let details = format!(
                "`{}` is the one audience of a token, and `ForAnyValue` is for keys with several values. Remove \
                 `ForAnyValue:`.",
                condition.key.value
            );
            report.at(condition.key.span, details);
        }
    }
}
