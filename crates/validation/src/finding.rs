//! What a check has to say about a policy.

use ringfence_policy::RequestContext;
use ringfence_policy::location::{ByteSpan, Location};

/// One finding of ValidatePolicy, or of a check of Ringfence's own in the same form.
///
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The code of the check, such as `INVALID_ACTION`.
    pub issue_code: &'static str,
    /// Whose check it is.
    pub origin: Origin,
    /// How grave it is.
    pub finding_type: FindingType,
    /// What is wrong and what to do, for a person.
    pub details: String,
    /// The places it is about, in AWS's order; at least one.
    pub locations: Vec<Location>,
    /// A text that repairs it, where there is one certain repair.
    pub suggestion: Option<Replacement>,
    /// Requests that show what the finding says, in the order in which they would be made. AWS's checks have none, nor
    /// have findings that say that no request does something.
    pub witnesses: Vec<Witness>,
}

/// Whose a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// AWS's ValidatePolicy has it.
    Aws,
    /// It is one that only Ringfence has.
    Ringfence,
}

impl Origin {
    /// `AWS` or `RINGFENCE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Ringfence => "RINGFENCE",
        }
    }
}

/// A request that the policy allows, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What it is for, such as a step on the way to more privileges.
    pub purpose: String,
    /// The request.
    pub request: RequestContext,
}

/// `ValidatePolicyFindingType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingType {
    /// The policy cannot work as it is written.
    Error,
    /// The policy may allow more than was meant.
    SecurityWarning,
    /// The policy does not follow the rules of its kind, without an effect on access.
    Warning,
    /// The policy can be said better.
    Suggestion,
}

impl FindingType {
    /// AWS's name. The API says `WARNING` where the documentation says general warning.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::SecurityWarning => "SECURITY_WARNING",
            Self::Warning => "WARNING",
            Self::Suggestion => "SUGGESTION",
        }
    }

    /// The part of AWS's page anchors that names the type.
    fn anchor(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::SecurityWarning => "security-warning",
            Self::Warning => "general-warning",
            Self::Suggestion => "suggestion",
        }
    }
}

/// A text to put in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes to replace; none for an insertion.
    pub span: ByteSpan,
    /// What to put there, as JSON: strings with their quotes.
    pub text: String,
}

/// AWS's page about its check with this code and type.
pub(crate) fn aws_page(issue_code: &str, finding_type: FindingType) -> String {
    const PAGE: &str = "access-analyzer-reference-policy-checks";
    let code = issue_code.to_lowercase().replace('_', "-");
    let kind = finding_type.anchor();
    format!("https://docs.aws.amazon.com/IAM/latest/UserGuide/{PAGE}.html#{PAGE}-{kind}-{code}")
}
