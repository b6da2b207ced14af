//! What becomes of a resolution: its states, what moves it from one to the next, and who and what may.
//!
//! ```text
//! Proposed ─▶ Approved ─▶ Applying ─▶ Applied ─▶ Verified
//!    │  ▲        │  │         │          │           │
//!    │  └────────┘  │         └▶ Failed ◀┤           │
//!    ▼              ▼              │     ▼           ▼
//! Rejected, Expired ◀              └──▶ RollingBack ─┴▶ RolledBack
//! ```
//!
//! Pure: times and ids are arguments. Keeping resolutions is left to `store`, reading and writing accounts to `aws`.

mod due;
pub mod gate;
pub mod hint;
pub mod remade;
pub mod resolution;
#[cfg(test)]
mod tests;
pub mod transition;

use serde::{Deserialize, Serialize};

/// Where a resolution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ResolutionState {
    /// A plan waits for approval.
    Proposed,
    /// It may be applied.
    Approved,
    /// Somebody said no.
    Rejected,
    /// Nobody said anything in time, or the access is gone by itself.
    Expired,
    /// It is being written: what was intended is recorded, what was done is not yet.
    Applying,
    /// It was written.
    Applied,
    /// It was written, and the finding is gone.
    Verified,
    /// It is being undone.
    RollingBack,
    /// It was undone.
    RolledBack,
    /// It could not be applied, verified or undone.
    Failed,
}

impl ResolutionState {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Proposed,
        Self::Approved,
        Self::Rejected,
        Self::Expired,
        Self::Applying,
        Self::Applied,
        Self::Verified,
        Self::RollingBack,
        Self::RolledBack,
        Self::Failed,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "Proposed",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Expired => "Expired",
            Self::Applying => "Applying",
            Self::Applied => "Applied",
            Self::Verified => "Verified",
            Self::RollingBack => "RollingBack",
            Self::RolledBack => "RolledBack",
            Self::Failed => "Failed",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str().eq_ignore_ascii_case(name))
    }

    /// Whether something is still going to happen by itself or by an approval. There is one resolution of an access
    /// in such a state at most.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Proposed
            | Self::Approved
            | Self::Applying
            | Self::Applied
            | Self::RollingBack => true,
            Self::Rejected | Self::Expired | Self::Verified | Self::RolledBack | Self::Failed => {
                false
            }
        }
    }
}
