//! The checks, one file and one page each, in folders by the type of their findings.
//!
//! A new check is a file, a page and a line in the list of its folder. The codes are AWS's:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>.

mod errors;
mod security_warnings;
mod suggestions;
#[cfg(test)]
mod tests;
mod warnings;

use crate::document::Document;
use crate::finding::{FindingType, learn_more_link};
use crate::report::Report;

/// One check of ValidatePolicy.
pub struct Check {
    /// AWS's code, such as `INVALID_ACTION`.
    pub issue_code: &'static str,
    /// The type of its findings.
    pub finding_type: FindingType,
    /// The page about it: what it is about, with policies that it reports and others that it does not.
    pub page: &'static str,
    run: fn(&Document<'_>, &mut Report<'_>),
}

/// The check that reads texts which are not JSON; no other looks at them.
pub(crate) const UNREADABLE: &str = "JSON_SYNTAX_ERROR";

const CHECKS: [&[Check]; 4] =
    [errors::CHECKS, security_warnings::CHECKS, warnings::CHECKS, suggestions::CHECKS];

/// Every check, by type and then by code.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    CHECKS.into_iter().flatten()
}

impl Check {
    /// AWS's page about the check, as ValidatePolicy links it.
    #[must_use]
    pub fn learn_more_link(&self) -> String {
        learn_more_link(self.issue_code, self.finding_type)
    }

    /// Looks at a policy.
    pub(crate) fn run(&self, document: &Document<'_>, report: &mut Report<'_>) {
        (self.run)(document, report);
    }
}
