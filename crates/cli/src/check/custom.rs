//! The checks that look at targets as reports know them: code, type, page.

use ringfence_validation::FindingType;

/// A check as reports know it.
#[derive(Debug)]
pub(crate) struct CustomCheck {
    /// The name that reports, suppressions and baselines use. AWS's operations give the words; the codes are ours.
    pub(crate) issue_code: &'static str,
    /// The type of its findings.
    pub(crate) finding_type: FindingType,
    /// The page about it.
    pub(crate) page: &'static str,
    /// AWS's page about it.
    pub(crate) link: &'static str,
}

/// The code of answers that could not be had.
pub(super) const NOT_DECIDED: &str = "CHECK_NOT_DECIDED";
/// The code of `no-new-access`.
pub(super) const NO_NEW_ACCESS: &str = "CHECK_NO_NEW_ACCESS";
/// The code of `access-not-granted`.
pub(super) const ACCESS_NOT_GRANTED: &str = "CHECK_ACCESS_NOT_GRANTED";
/// The code of `no-public-access`.
pub(super) const NO_PUBLIC_ACCESS: &str = "CHECK_NO_PUBLIC_ACCESS";

/// The checks, and what is reported where one cannot be decided.
pub(crate) const CUSTOM_CHECKS: [CustomCheck; 4] = [
    CustomCheck {
        issue_code: ACCESS_NOT_GRANTED,
        finding_type: FindingType::SecurityWarning,
        page: include_str!("pages/check_access_not_granted.md"),
        link: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html",
    },
    CustomCheck {
        issue_code: NO_NEW_ACCESS,
        finding_type: FindingType::SecurityWarning,
        page: include_str!("pages/check_no_new_access.md"),
        link: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html",
    },
    CustomCheck {
        issue_code: NO_PUBLIC_ACCESS,
        finding_type: FindingType::SecurityWarning,
        page: include_str!("pages/check_no_public_access.md"),
        link: "https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html",
    },
    CustomCheck {
        issue_code: NOT_DECIDED,
        finding_type: FindingType::SecurityWarning,
        page: include_str!("pages/check_not_decided.md"),
        link: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
    },
];

impl CustomCheck {
    /// Whether no configuration can silence it: what is not decided counts as failed.
    pub(crate) fn is_always_told(&self) -> bool {
        self.issue_code == NOT_DECIDED
    }
}
