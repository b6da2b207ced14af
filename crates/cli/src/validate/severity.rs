//! How grave a finding is taken to be, and from where on a run fails.

use clap::ValueEnum;
use ringfence_validation::FindingType;

/// How grave a finding is taken to be: as AWS's type says, unless the configuration says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// The policy can be said better.
    Suggestion,
    /// The policy does not follow the rules of its kind.
    Warning,
    /// The policy may allow more than was meant.
    SecurityWarning,
    /// The policy cannot work as it is written.
    Error,
}

impl Severity {
    /// All of them, the gravest first.
    pub(crate) const ALL: [Self; 4] =
        [Self::Error, Self::SecurityWarning, Self::Warning, Self::Suggestion];

    /// The name in options, configuration and reports.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::SecurityWarning => "security-warning",
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
        }
    }

    /// Reads the name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

impl From<FindingType> for Severity {
    fn from(finding_type: FindingType) -> Self {
        match finding_type {
            FindingType::Error => Self::Error,
            FindingType::SecurityWarning => Self::SecurityWarning,
            FindingType::Warning => Self::Warning,
            FindingType::Suggestion => Self::Suggestion,
        }
    }
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors
    Error,
    /// Errors and security warnings
    #[default]
    SecurityWarning,
    /// Everything but suggestions
    Warning,
    /// Everything
    Suggestion,
    /// Nothing
    None,
}

impl FailOn {
    /// Whether a finding of this severity fails the run.
    pub(crate) fn includes(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::SecurityWarning => severity >= Severity::SecurityWarning,
            Self::Warning => severity >= Severity::Warning,
            Self::Suggestion => severity >= Severity::Suggestion,
            Self::None => false,
        }
    }

    /// The name in options, configuration and reports.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::SecurityWarning => "security-warning",
            Self::Warning => "warning",
            Self::Suggestion => "suggestion",
            Self::None => "none",
        }
    }
}
