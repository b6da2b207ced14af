//! The checks, one file and one page each, in folders by the type of their findings.
//!
//! A new check is a file, a page and a line in the list of its folder. The codes are AWS's,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>, apart from those in
//! `beyond_aws`, which are Ringfence's own.

mod beyond_aws;
mod errors;
mod security_warnings;
mod suggestions;
#[cfg(test)]
mod tests;
mod warnings;

use crate::document::Document;
use crate::finding::{FindingType, Origin, aws_page};
use crate::report::Report;

/// One check: of ValidatePolicy, or of Ringfence's own.
pub struct Check {
    /// Its code, such as `INVALID_ACTION`.
    pub issue_code: &'static str,
    /// The type of its findings.
    pub finding_type: FindingType,
    /// The page about it: what it is about, with policies that it reports and others that it does not.
    pub page: &'static str,
    run: fn(&Document<'_>, &mut Report<'_>),
}

/// The check that reads texts which are not JSON; no other looks at them.
pub(crate) const UNREADABLE: &str = "JSON_SYNTAX_ERROR";

/// The check that says what the others of Ringfence's own could not decide.
pub(crate) const UNDECIDED: &Check = beyond_aws::UNDECIDED;

const AWS: [&[Check]; 4] =
    [errors::CHECKS, security_warnings::CHECKS, warnings::CHECKS, suggestions::CHECKS];

/// Every check: AWS's by type and then by code, then Ringfence's own in the same order.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    aws_checks().chain(beyond_aws::CHECKS.iter().map(|own| &own.check))
}

/// The checks of ValidatePolicy, by type and then by code.
pub(crate) fn aws_checks() -> impl Iterator<Item = &'static Check> {
    AWS.into_iter().flatten()
}

/// Where to read more about the check with this code.
pub(crate) fn learn_more_link(issue_code: &str, finding_type: FindingType) -> String {
    match beyond_aws::find(issue_code) {
        Some(own) => own.learn_more.to_owned(),
        None => aws_page(issue_code, finding_type),
    }
}

impl Check {
    /// Whose it is.
    #[must_use]
    pub fn origin(&self) -> Origin {
        match beyond_aws::find(self.issue_code) {
            Some(_) => Origin::Ringfence,
            None => Origin::Aws,
        }
    }

    /// Where to read more: AWS's page about its check, as ValidatePolicy links it; for a check of Ringfence's own the
    /// page that states what the check rests on.
    #[must_use]
    pub fn learn_more_link(&self) -> String {
        learn_more_link(self.issue_code, self.finding_type)
    }

    /// Looks at a policy.
    pub(crate) fn run(&self, document: &Document<'_>, report: &mut Report<'_>) {
        (self.run)(document, report);
    }
}
