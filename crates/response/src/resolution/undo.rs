//! Taking a plan's change back.
//!
//! Where a slot still holds what the plan wrote, it gets what it held before, byte by byte. Where others changed it since,
//! only the plan's part is taken back: its statements go, by what they say; statements that it took out come back; entries
//! that it took off a list come back. Where its part cannot be told from theirs, nothing is done and both are shown.

use serde_json::Value;
use thiserror::Error;

use super::deleted;
use super::slot_text::{self, Acl, VolumeSharing};
use super::text::{self, Left, Written};
use crate::plan::{Edit, Plan, sorted};
use crate::slot::{Slot, Slots};

/// Why a change cannot be undone: what the plan wrote is not there any more, and what is there cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{slot:?}` was changed since: {why}")]
pub struct NotUndoable {
    /// The slot.
    pub slot: Slot,
    /// What is in the way.
    pub why: String,
    /// What the plan wrote.
    pub written: Option<String>,
    /// What is there now.
    pub now: Option<String>,
}

/// What takes the plan's change back, in the order in which it is to be written. Empty where it is not there any more.
///
/// # Errors
/// When the plan's part of a slot cannot be told from what others changed.
pub fn undo(plan: &Plan, now: &Slots) -> Result<Vec<Edit>, NotUndoable> {
    let mut edits = Vec::new();
    for edit in plan.edits.iter().rev() {
        let Some(live) = now.get(&edit.slot) else {
            // What was not read may be gone: a grant that was revoked has no slot.
            match edit.after {
                None => edits.push(back(edit, None, edit.before.clone())),
                Some(_) => return Err(refused(edit, None, "it was not read")),
            }
            continue;
        };
        let restored = restored(edit, live).map_err(|why| refused(edit, live.clone(), why))?;
        if restored != *live {
            edits.push(back(edit, live.clone(), restored));
        }
    }
    Ok(edits)
}

fn back(edit: &Edit, before: Option<String>, after: Option<String>) -> Edit {
    Edit { slot: edit.slot.clone(), before, after }
}

fn refused(edit: &Edit, now: Option<String>, why: &str) -> NotUndoable {
    let written = edit.after.clone();
    NotUndoable { slot: edit.slot.clone(), why: why.to_owned(), written, now }
}

/// What the slot is to hold.
fn restored(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    if *now == edit.before {
        return Ok(now.clone());
    }
    // With a principal that was deleted no service takes it again.
    let before = edit.before.as_deref().map(deleted::writable);
    if *now == edit.after {
        return Ok(before);
    }
    let edit = &Edit { before, ..edit.clone() };
    match &edit.slot {
        Slot::BucketPublicAccessBlock => block(edit, now),
        Slot::BucketAcl => acl(edit, now),
        Slot::VolumeSnapshotSharing => volume_sharing(edit, now),
        Slot::DatabaseSnapshotSharing | Slot::ClusterSnapshotSharing => accounts(edit, now),
        Slot::KeyGrant { .. } => Err("there is another grant of this id"),
        _ => policy(edit, now),
    }
}

const UNREADABLE: &str = "it is not what the slot holds";

fn read(text: &Option<String>) -> Result<Vec<Written<'_>>, &'static str> {
    match text {
        Some(text) => text::statements(text).ok_or(UNREADABLE),
        None => Ok(Vec::new()),
    }
}

fn same(one: &Written<'_>, other: &Written<'_>) -> bool {
    sorted(one.value.clone()) == sorted(other.value.clone())
}

fn sid<'w>(own: &'w Written<'_>) -> Option<&'w str> {
    own.value.get("Sid").and_then(Value::as_str)
}

/// The policy as it is now without what the plan added, and with what it took out.
fn policy(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    let (before, after) = (read(&edit.before)?, read(&edit.after)?);
    let lacks = |all: &[Written<'_>], own: &Written<'_>| !all.iter().any(|other| same(other, own));
    let added: Vec<_> = after.iter().filter(|own| lacks(&before, own)).collect();
    let taken: Vec<_> = before.iter().filter(|own| lacks(&after, own)).collect();
    let (mut out, mut back) = (Vec::new(), Vec::new());
    let live = read(now)?;
    let mut whole = now.clone();
    let mut put_back: Vec<&Written<'_>> = Vec::new();
    for own in added {
        let at = live.iter().position(|other| same(other, own));
        // One of its principals was taken out: it is written as it was, in its place.
        let old = taken.iter().find(|old| same_but_principal(old, own));
        if let (Some(at), Some(old), Some(text)) = (at, old, whole.as_deref()) {
            whole = Some(text::replace(text, at, old.text).ok_or(UNREADABLE)?);
            put_back.push(old);
            continue;
        }
        let named = || live.iter().any(|other| sid(other).is_some() && sid(other) == sid(own));
        match at {
            Some(at) => out.push(at),
            None if named() => return Err("a statement that the plan wrote reads otherwise now"),
            // Somebody took it out.
            None => {}
        }
    }
    for own in taken.iter().filter(|own| !put_back.contains(own)) {
        if lacks(&live, own) {
            let named = live.iter().any(|other| {
                sid(other).is_some() && sid(other) == sid(own) && !is_written(&after, other)
            });
            if named {
                return Err("a statement that the plan took out is there in another form");
            }
            back.push(own.text);
        }
    }
    put(&whole, &out, &back)
}

fn same_but_principal(one: &Written<'_>, other: &Written<'_>) -> bool {
    let rest = |own: &Written<'_>| {
        let mut value = own.value.clone();
        value.as_object_mut().map(|members| members.shift_remove("Principal"));
        sorted(value)
    };
    rest(one) == rest(other)
}

fn is_written(all: &[Written<'_>], own: &Written<'_>) -> bool {
    all.iter().any(|other| same(other, own))
}

fn put(now: &Option<String>, out: &[usize], back: &[&str]) -> Result<Option<String>, &'static str> {
    let Some(policy) = now else {
        let all: Result<Vec<Value>, _> = back.iter().map(|own| serde_json::from_str(own)).collect();
        let all = all.map_err(|_| UNREADABLE)?;
        return Ok((!all.is_empty()).then(|| text::policy(&all)));
    };
    // First in, then out, so that there is a list to put them into.
    let longer = match back {
        [] => policy.clone(),
        _ => text::append_written(policy, back).ok_or(UNREADABLE)?,
    };
    match out {
        [] => Ok(Some(longer)),
        _ => match text::without(&longer, out).ok_or(UNREADABLE)? {
            Left::Text(text) => Ok(Some(text)),
            Left::Nothing => Ok(None),
        },
    }
}

fn block(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    let read = |text: &Option<String>| match text {
        Some(text) => slot_text::read_public_access_block(text).map_err(|_| UNREADABLE),
        None => Ok(ringfence_access::inventory::PublicAccessBlock::default()),
    };
    let (before, after, mut live) = (read(&edit.before)?, read(&edit.after)?, read(now)?);
    let old = live;
    let put = |live: &mut bool, before: bool, after: bool| {
        if before != after {
            *live = before;
        }
    };
    put(&mut live.ignore_public_acls, before.ignore_public_acls, after.ignore_public_acls);
    put(
        &mut live.restrict_public_buckets,
        before.restrict_public_buckets,
        after.restrict_public_buckets,
    );
    Ok(match live == old {
        true => now.clone(),
        false => Some(slot_text::public_access_block(live)),
    })
}

/// `live` with those of `before` that are not in `after`, where they are missing.
fn with_taken<T: PartialEq>(before: Vec<T>, after: &[T], live: &mut Vec<T>) {
    for own in before {
        if !after.contains(&own) && !live.contains(&own) {
            live.push(own);
        }
    }
}

fn parsed<T: Default + serde::de::DeserializeOwned>(
    text: &Option<String>,
) -> Result<T, &'static str> {
    match text {
        Some(text) => serde_json::from_str(text).map_err(|_| UNREADABLE),
        None => Ok(T::default()),
    }
}

fn acl(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    let (before, after): (Acl, Acl) = (parsed(&edit.before)?, parsed(&edit.after)?);
    let mut live: Acl = parsed(now)?;
    if live.owner != after.owner {
        return Err("the bucket has another owner");
    }
    with_taken(before.grants, &after.grants, &mut live.grants);
    let value = serde_json::to_value(&live).map_err(|_| UNREADABLE)?;
    Ok(Some(sorted(value).to_string()))
}

fn volume_sharing(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    let (before, after): (VolumeSharing, VolumeSharing) =
        (parsed(&edit.before)?, parsed(&edit.after)?);
    let mut live: VolumeSharing = parsed(now)?;
    with_taken(before.groups, &after.groups, &mut live.groups);
    with_taken(before.user_ids, &after.user_ids, &mut live.user_ids);
    live.groups.sort();
    live.user_ids.sort();
    serde_json::to_string(&live).map(Some).map_err(|_| UNREADABLE)
}

fn accounts(edit: &Edit, now: &Option<String>) -> Result<Option<String>, &'static str> {
    let (before, after): (Vec<String>, Vec<String>) = (parsed(&edit.before)?, parsed(&edit.after)?);
    let mut live: Vec<String> = parsed(now)?;
    with_taken(before, &after, &mut live);
    live.sort();
    serde_json::to_string(&live).map(Some).map_err(|_| UNREADABLE)
}
