//! Checks that ValidatePolicy does not have. They ask the engine what the policy means, and show it with a request, or
//! rest on its proof that there is none. Why they are apart: decision 8, `docs/decisions`.

mod allow_covered_by_deny;
mod allow_covered_by_statements;
mod condition_always_true;
mod condition_never_true;
mod deny_covered_by_statements;
mod deny_without_allow;
mod privilege_escalation;
mod reasoning_undecided;
mod shared_provider_trusts_any_tenant;
mod statement_never_matches;

use super::Check;

/// A check of Ringfence's own.
pub(super) struct OwnCheck {
    /// The check.
    pub(super) check: Check,
    /// The page that states what it rests on.
    pub(super) learn_more: &'static str,
}

/// The checks of this folder, by type and then by code.
pub(super) const CHECKS: &[OwnCheck] = &[
    privilege_escalation::CHECK,
    shared_provider_trusts_any_tenant::CHECK,
    allow_covered_by_deny::CHECK,
    condition_never_true::CHECK,
    statement_never_matches::CHECK,
    allow_covered_by_statements::CHECK,
    condition_always_true::CHECK,
    deny_covered_by_statements::CHECK,
    deny_without_allow::CHECK,
    reasoning_undecided::CHECK,
];

/// The check that says what the others could not decide.
pub(super) const UNDECIDED: &Check = &reasoning_undecided::CHECK.check;

/// The check with this code, if it is one of these.
pub(super) fn find(issue_code: &str) -> Option<&'static OwnCheck> {
    CHECKS.iter().find(|own| own.check.issue_code == issue_code)
}
