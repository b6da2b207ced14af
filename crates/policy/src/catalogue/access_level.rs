//! Access levels: AWS's coarse answer to "what kind of thing does this action do".

use std::fmt;

/// What kind of thing an action does:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html>.
///
/// The order is that of weight: of an action's levels the greatest is the one that AWS shows for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Sees the contents of resources, without being able to change them.
    Read,
    /// Sees that resources exist, not what is in them.
    List,
    /// Creates, changes or deletes resources.
    Write,
    /// Only changes the tags of resources.
    Tagging,
    /// Grants or changes permissions on resources.
    PermissionsManagement,
}

impl AccessLevel {
    /// Every level, the lightest first.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::List, Self::Write, Self::Tagging, Self::PermissionsManagement];

    /// AWS's name of the level, such as `Permissions management`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::List => "List",
            Self::Write => "Write",
            Self::Tagging => "Tagging",
            Self::PermissionsManagement => "Permissions management",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::List => 1 << 1,
            Self::Write => 1 << 2,
            Self::Tagging => 1 << 3,
            Self::PermissionsManagement => 1 << 4,
        }
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A set of access levels. Empty where AWS published none.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessLevels(u8); // INVARIANT: only bits of `AccessLevel::bit`.

impl AccessLevels {
    /// Whether the level is in the set.
    #[must_use]
    pub const fn contains(self, level: AccessLevel) -> bool {
        self.0 & level.bit() != 0
    }

    /// Whether no level is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with one more level.
    #[must_use]
    pub const fn with(self, level: AccessLevel) -> Self {
        Self(self.0 | level.bit())
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The levels, the lightest first.
    pub fn iter(self) -> impl Iterator<Item = AccessLevel> {
        AccessLevel::ALL.into_iter().filter(move |level| self.contains(*level))
    }

    /// The level that AWS shows for an action with these: permissions management before tagging, both before
    /// write. None where the set is empty.
    #[must_use]
    pub fn primary(self) -> Option<AccessLevel> {
        self.iter().max()
    }
}

impl FromIterator<AccessLevel> for AccessLevels {
    fn from_iter<I: IntoIterator<Item = AccessLevel>>(levels: I) -> Self {
        levels.into_iter().fold(Self::default(), Self::with)
    }
}

impl Extend<AccessLevel> for AccessLevels {
    fn extend<I: IntoIterator<Item = AccessLevel>>(&mut self, levels: I) {
        *self = self.union(levels.into_iter().collect());
    }
}

impl fmt::Debug for AccessLevels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}
