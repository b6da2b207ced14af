//! What is known about an issue code, whoever reports it: a check of policies or a question of [`crate::check`].

use ringfence_validation::{Finding, FindingType, Origin, checks};

use crate::check::{CUSTOM_CHECKS, CustomCheck};

/// What is known about an issue code.
pub(crate) struct Issue {
    /// The type of its findings.
    pub(crate) finding_type: FindingType,
    /// Whose it is. The questions of [`crate::check`] are AWS's.
    pub(crate) origin: Origin,
    /// The page about it.
    pub(crate) page: &'static str,
    /// Where to read more: AWS's page about it, or the one that a check of Ringfence's own rests on.
    pub(crate) link: String,
}

/// What is known about a code.
pub(crate) fn issue(code: &str) -> Option<Issue> {
    if let Some(custom) = custom(code) {
        let (finding_type, page) = (custom.finding_type, custom.page);
        let link = custom.link.to_owned();
        return Some(Issue { finding_type, origin: Origin::Aws, page, link });
    }
    let check = checks().find(|check| check.issue_code == code)?;
    Some(Issue {
        finding_type: check.finding_type,
        origin: check.origin(),
        page: check.page,
        link: check.learn_more_link(),
    })
}

/// AWS's page about a finding.
pub(crate) fn learn_more_link(finding: &Finding) -> String {
    match custom(finding.issue_code) {
        Some(custom) => custom.link.to_owned(),
        None => finding.learn_more_link(),
    }
}

/// Whether a code is one of the checks of ValidatePolicy and of those made like them.
pub(crate) fn is_of_validate(code: &str) -> bool {
    checks().any(|check| check.issue_code == code)
}

/// Whether a configuration may say how findings with this code are taken.
pub(crate) fn is_configurable(code: &str) -> bool {
    is_of_validate(code) || custom(code).is_some_and(|own| !own.is_always_told())
}

/// The codes of the checks over targets.
pub(crate) fn custom_codes() -> impl Iterator<Item = &'static str> {
    CUSTOM_CHECKS.iter().map(|own| own.issue_code)
}

fn custom(code: &str) -> Option<&'static CustomCheck> {
    CUSTOM_CHECKS.iter().find(|own| own.issue_code == code)
}
