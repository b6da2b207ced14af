//! When a worker looks at a resolution next.

use jiff::{SignedDuration, Timestamp};

use super::ResolutionState as State;
use super::resolution::{FindingKeeper, Resolution};

/// How often whoever keeps a finding, and does not tell, is asked about it while a plan waits for a person.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

impl Resolution {
    /// When a worker has to look at it next, as of `now`; nothing where only a person moves it.
    #[must_use]
    pub fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        due(self, now)
    }
}

/// When a worker has to look at a resolution; nothing where only a person moves it.
pub(super) fn due(own: &Resolution, now: Timestamp) -> Option<Timestamp> {
    if own.wish.is_some() {
        return Some(now);
    }
    match own.state {
        State::Approved | State::Applying | State::Applied | State::RollingBack => Some(now),
        State::Proposed => {
            let told = own.remind_at.map_or(own.expires_at, |remind| remind.min(own.expires_at));
            Some(asked(own, now).map_or(told, |at| at.min(told)))
        }
        State::Rejected | State::Expired | State::Verified | State::RolledBack | State::Failed => {
            None
        }
    }
}

/// When the finding's keeper is asked whether it is still active; nothing where the keeper tells. Not every event of AWS's
/// gets here: a rule may let through those of active findings only.
fn asked(own: &Resolution, now: Timestamp) -> Option<Timestamp> {
    match own.keeper {
        FindingKeeper::Aws { .. } => now.checked_add(ASK_AGAIN).ok(),
        FindingKeeper::Ringfence { .. } => None,
    }
}
