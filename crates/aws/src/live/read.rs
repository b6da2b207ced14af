//! Reading what decides about access to a resource, in the reading role.

use futures_util::future::join_all;
use ringfence_response::slot::{Slot, Slots, Target};

use super::accounts::{Accounts, Purpose};
use super::place::Place;
use super::slots::SLOTS;
use super::unit::{Held, Listing, Unit};
use crate::failure::{Cause, Failure};

/// What was read of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// What its slots hold.
    pub slots: Slots,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// A kind of slot that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The slot, where there is one of the kind.
    pub slot: Option<Slot>,
    /// Why not.
    pub failure: Failure,
}

impl Accounts {
    /// What the slots of a resource hold. One that could not be read is not in it.
    ///
    /// # Errors
    /// When the resource is not there, or nothing of it could be read.
    pub async fn read(&self, target: &Target) -> Result<Slots, Failure> {
        let read = self.read_each(target).await?;
        match read.unread.into_iter().next() {
            Some(unread) if read.slots.is_empty() => Err(unread.failure),
            _ => Ok(read.slots),
        }
    }

    /// The same, with what could not be read and why.
    ///
    /// # Errors
    /// When the resource is not there, its type is unknown, or the role cannot be assumed.
    pub async fn read_each(&self, target: &Target) -> Result<Read, Failure> {
        let units: Vec<&Unit> = SLOTS
            .iter()
            .filter(|unit| unit.resource_types.contains(&target.resource_type.as_str()))
            .collect();
        if units.is_empty() {
            let detail = format!("`{}` has no slots", target.resource_type);
            return Err(Failure::new("read", Cause::Other, detail));
        }
        let place = self.place(Purpose::Read, &target.account, &target.region).await?;
        let mut read = Read::default();
        for (unit, found) in join_all(units.iter().map(|unit| all(unit, &place, target))).await {
            match found {
                Ok(found) => {
                    read.slots.extend(found.into_iter().map(|(slot, held)| (slot, held.text)));
                }
                Err(failure) if failure.cause == Cause::NotFound => return Err(failure),
                Err(failure) => read.unread.push(Unread { slot: only(unit), failure }),
            }
        }
        Ok(read)
    }

    /// What one slot holds.
    ///
    /// # Errors
    /// When it cannot be read, or the resource has no such slot.
    pub async fn read_slot(&self, target: &Target, slot: &Slot) -> Result<Option<String>, Failure> {
        let place = self.place(Purpose::Read, &target.account, &target.region).await?;
        let unit = unit_of(target, slot)?;
        (unit.read)(&place, target, slot).await.map(|held| held.text)
    }
}

async fn all<'a>(
    unit: &'a Unit,
    place: &Place,
    target: &Target,
) -> (&'a Unit, Result<Vec<(Slot, Held)>, Failure>) {
    let found = match &unit.list {
        Listing::One(slot) => {
            let read = (unit.read)(place, target, slot).await;
            read.map(|held| vec![(slot.clone(), held)])
        }
        Listing::Many(list) => list(place, target).await,
    };
    (unit, found)
}

fn only(unit: &Unit) -> Option<Slot> {
    match &unit.list {
        Listing::One(slot) => Some(slot.clone()),
        Listing::Many(_) => None,
    }
}

/// The unit of a slot.
///
/// # Errors
/// When resources of the type have no such slot.
pub(super) fn unit_of(target: &Target, slot: &Slot) -> Result<&'static Unit, Failure> {
    let found = SLOTS.iter().find(|unit| (unit.is)(slot));
    let fits = found.filter(|unit| unit.resource_types.contains(&target.resource_type.as_str()));
    fits.ok_or_else(|| {
        let detail = format!("`{}` has no slot {slot:?}", target.resource_type);
        Failure::new("read", Cause::Other, detail)
    })
}
