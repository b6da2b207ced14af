//! What a check has to say about a policy.

use ringfence_policy::location::{ByteSpan, Location};

/// One finding of ValidatePolicy.
///
/// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicyFinding.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// AWS's code, such as `INVALID_ACTION`.
    pub issue_code: &'static str,
    /// How grave it is.
    pub finding_type: FindingType,
    /// What is wrong and what to do, for a person.
    pub details: String,
    /// The places it is about, in AWS's order; at least one.
    pub locations: Vec<Location>,
    /// A text that repairs it, where there is one certain repair.
    pub suggestion: Option<Replacement>,
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

impl Finding {
    /// AWS's page about the check, as ValidatePolicy links it.
    #[must_use]
    pub fn learn_more_link(&self) -> String {
        learn_more_link(self.issue_code, self.finding_type)
    }
}

/// AWS's page about the check with this code and type.
pub(crate) fn learn_more_link(issue_code: &str, finding_type: FindingType) -> String {
    const PAGE: &str = "access-analyzer-reference-policy-checks";
    let code = issue_code.to_lowercase().replace('_', "-");
    let kind = finding_type.anchor();
    format!("https://docs.aws.amazon.com/IAM/latest/UserGuide/{PAGE}.html#{PAGE}-{kind}-{code}")
}
