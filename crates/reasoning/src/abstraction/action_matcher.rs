//! Which actions an Action element means, for callers that go through lists of actions.

use ringfence_policy::{Pattern, PatternElement, Polarity};

use crate::theory::glob::{Case, Glob};

/// An Action or NotAction element, read once for many actions.
#[derive(Clone, Debug)]
pub struct ActionMatcher {
    globs: Vec<Glob>,
    polarity: Polarity,
}

impl ActionMatcher {
    /// Reads `element`.
    #[must_use]
    pub fn new(element: &PatternElement) -> Self {
        let globs = element.patterns.iter().map(|p| Glob::string(&p.value, Case::Folded)).collect();
        Self { globs, polarity: element.polarity }
    }

    /// Reads one pattern of an Action element.
    #[must_use]
    pub fn of_pattern(pattern: &Pattern) -> Self {
        Self { globs: vec![Glob::string(pattern, Case::Folded)], polarity: Polarity::Plain }
    }

    /// Whether `action` (`s3:GetObject`) is meant. Case does not count.
    #[must_use]
    pub fn matches(&self, action: &str) -> bool {
        self.globs.iter().any(|glob| glob.matches(action)) == (self.polarity == Polarity::Plain)
    }
}
