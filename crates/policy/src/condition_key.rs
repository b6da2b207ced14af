//! Names of context keys: `aws:SourceIp`, `aws:PrincipalTag/team`.

use std::fmt;

/// The name of a context key. Names are compared without regard to case, tag names included:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>.
#[derive(Clone, Debug)]
pub struct ConditionKey {
    written: String,
    folded: String, // INVARIANT: `written` in lower case.
}

impl ConditionKey {
    /// The key called `name`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { written: name.to_owned(), folded: name.to_lowercase() }
    }

    /// The name as it is written.
    #[must_use]
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The name in lower case, for comparing.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for ConditionKey {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for ConditionKey {}

impl PartialOrd for ConditionKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ConditionKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl std::hash::Hash for ConditionKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}
