//! Why a question has no answer.

use std::fmt;

/// The limit that was hit before a question was decided. An undecided question is never read as safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// The automata of patterns on one key grew too large.
    Automata,
    /// Texts and addresses, numbers or dates are demanded of one key in a way that is not decided.
    MixedTypes,
    /// Policy variables tie keys together in more ways than are decided.
    Variables,
    /// The statements can be combined in too many ways.
    Search,
}

impl Limit {
    /// What was too much, for a person.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automata => "the patterns on one key combine in too many ways",
            Self::MixedTypes => "one key is compared as text and as another type at once",
            Self::Variables => "policy variables tie keys together in too many ways",
            Self::Search => "the statements combine in too many ways",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
