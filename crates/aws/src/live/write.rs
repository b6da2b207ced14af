//! Changing one slot of a resource, in the remediation role.
//!
//! The slot is read, compared with what the caller expects, written, and read again. A write that was done before is
//! done: whoever died in the middle writes again.

use std::time::Duration;

use ringfence_response::slot::{Slot, Target};
use tokio::time::Instant;

use super::accounts::{Accounts, Purpose};
use super::canonical::same;
use super::change::Change;
use super::place::Place;
use super::read::unit_of;
use super::unit::{Held, Unit};
use super::write_failure::WriteFailure;
use crate::failure::{Cause, Failure};

/// A slot that holds what it was to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The slot. A grant that was made again has another id than the one that was revoked.
    pub slot: Slot,
    /// What a person should know of it.
    pub note: Option<String>,
}

impl Written {
    pub(super) fn of(slot: &Slot) -> Self {
        Self { slot: slot.clone(), note: None }
    }
}

impl Accounts {
    /// Makes a slot hold `after`, where nothing deletes what it holds, provided that it holds `before`, in whatever way it
    /// is written. A slot that holds `after` already is left as it is.
    ///
    /// # Errors
    /// When the slot holds something else, the service does not take the new value, or it cannot be told whether it did.
    pub async fn write(
        &self,
        target: &Target,
        slot: &Slot,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<Written, WriteFailure> {
        let unit = unit_of(target, slot)?;
        let place = self.place(Purpose::Change, &target.account, &target.region).await?;
        let is = |one: Option<&str>, other| same(unit.form, &place.partition, one, other);
        let held = (unit.read)(&place, target, slot).await?;
        if is(held.text.as_deref(), after) {
            return Ok(Written::of(slot));
        }
        if !is(held.text.as_deref(), before) {
            return Err(WriteFailure::Changed { now: held.text });
        }
        let old = held.text.clone();
        let change = Change { place: &place, target, slot, held, after };
        let written = match (unit.write)(change).await {
            Err(WriteFailure::Failed(failure)) if WriteFailure::is_conflict(&failure) => {
                let now = (unit.read)(&place, target, slot).await?;
                return Err(WriteFailure::Changed { now: now.text });
            }
            ended => ended?,
        };
        let settle = self.settings().settle;
        let now = settled(unit, &place, target, &written.slot, settle, |now| {
            if is(now, after) {
                Seen::New
            } else if is(now, old.as_deref()) {
                Seen::Old
            } else {
                Seen::Other
            }
        });
        let now = now.await?;
        if is(now.text.as_deref(), after) {
            return Ok(written);
        }
        if is(now.text.as_deref(), old.as_deref()) {
            let detail = "the service took the new value and still shows the old one";
            return Err(Failure::new("write", Cause::Other, detail).into());
        }
        Err(WriteFailure::Changed { now: now.text })
    }
}

/// What a slot shows after it was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    New,
    Old,
    Other,
}

/// How long something else than the old and the new value may be shown: half of what was written a statement at a time,
/// or what somebody else wrote since.
const OTHER: Duration = Duration::from_secs(5);

/// Reads a slot until it shows the new value, for as long as there is time.
async fn settled(
    unit: &Unit,
    place: &Place,
    target: &Target,
    slot: &Slot,
    settle: Duration,
    seen: impl Fn(Option<&str>) -> Seen,
) -> Result<Held, Failure> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(100);
    loop {
        let held = (unit.read)(place, target, slot).await?;
        let limit = match seen(held.text.as_deref()) {
            Seen::New => return Ok(held),
            Seen::Old => settle,
            Seen::Other => settle.min(OTHER),
        };
        if start.elapsed() + pause > limit {
            return Ok(held);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}
