//! Taking out what lets the principal in: a statement or one of its principals, a grant, an entry of a list.

use std::collections::BTreeMap;

use ringfence_access::observation::ObservedPrincipal;
use serde_json::Value;

use crate::plan::{Edit, Means};
use crate::resolution::candidate::Candidate;
use crate::resolution::case::{Case, normal};
use crate::resolution::rules::Empty;
use crate::resolution::slot_text::{Acl, VolumeSharing};
use crate::resolution::slots::Place;
use crate::resolution::text::{self, Left};
use crate::slot::Slot;

/// Removal from every slot that lets the principal in. Nothing where a slot cannot be without it.
pub(in crate::resolution) fn removal(case: &Case<'_>, empty: Empty) -> Option<Candidate> {
    let mut places: BTreeMap<&Slot, Vec<usize>> = BTreeMap::new();
    for place in &case.places {
        let (Place::Statement(_, at) | Place::Entry(_, at)) = place;
        places.entry(place.slot()).or_default().push(*at);
    }
    // Through an access point both its policy and the bucket's let in; the bucket's lets others in too.
    let through = places.keys().any(|slot| matches!(slot, Slot::AccessPointPolicy { .. }));
    if through {
        places.retain(|slot, _| !matches!(slot, Slot::BucketPolicy | Slot::DirectoryBucketPolicy));
    }
    let mut edits = Vec::new();
    for (slot, at) in places {
        let before = case.text(slot)?;
        let after = match slot {
            Slot::KeyGrant { .. } => None,
            Slot::BucketAcl => Some(without_grants(before, &at)?),
            Slot::VolumeSnapshotSharing => Some(without_sharing(before, &at)?),
            Slot::DatabaseSnapshotSharing | Slot::ClusterSnapshotSharing => {
                let all: Vec<String> = serde_json::from_str(before).ok()?;
                Some(serde_json::to_string(&kept(all, &at)).ok()?)
            }
            _ => match without_statements(case, before, at)? {
                Left::Text(text) => Some(text),
                Left::Nothing if empty == Empty::Deleted => None,
                Left::Nothing => return None,
            },
        };
        edits.push(Edit { slot: slot.clone(), before: Some(before.to_owned()), after });
    }
    (!edits.is_empty()).then_some(Candidate { means: Means::Removal, sid: None, edits })
}

/// Takes the principal out of each statement, from the last on so that the others keep their places.
fn without_statements(case: &Case<'_>, before: &str, mut at: Vec<usize>) -> Option<Left> {
    at.sort_unstable();
    at.dedup();
    let (kind, who) = case.principal().entry();
    let is_everyone = matches!(case.principal(), ObservedPrincipal::Aws(text) if text == "*");
    let who = normal(who);
    let named = |own: &str, text: &str| own == kind && normal(text) == who;
    let mut policy = before.to_owned();
    for index in at.into_iter().rev() {
        let left = text::without_principal(&policy, index, &named);
        let left = match left {
            Some(Left::Text(text)) if text != policy => Left::Text(text),
            Some(Left::Nothing) => Left::Nothing,
            // It is let in as one of many: the statement goes.
            Some(Left::Text(_)) | None if !is_everyone || left.is_none() => {
                text::without(&policy, &[index])?
            }
            _ => return None,
        };
        match left {
            Left::Text(text) => policy = text,
            Left::Nothing => return Some(Left::Nothing),
        }
    }
    Some(Left::Text(policy))
}

fn without_grants(before: &str, at: &[usize]) -> Option<String> {
    let mut acl: Acl = serde_json::from_str(before).ok()?;
    acl.grants = kept(acl.grants, at);
    let value: Value = serde_json::to_value(&acl).ok()?;
    Some(crate::plan::sorted(value).to_string())
}

/// Accounts are counted behind the groups.
fn without_sharing(before: &str, at: &[usize]) -> Option<String> {
    let own: VolumeSharing = serde_json::from_str(before).ok()?;
    let groups = own.groups.len();
    let behind: Vec<usize> = at.iter().filter_map(|place| place.checked_sub(groups)).collect();
    let sharing =
        VolumeSharing { groups: kept(own.groups, at), user_ids: kept(own.user_ids, &behind) };
    serde_json::to_string(&sharing).ok()
}

fn kept<T>(all: Vec<T>, out: &[usize]) -> Vec<T> {
    let stays = |(place, own): (usize, T)| (!out.contains(&place)).then_some(own);
    all.into_iter().enumerate().filter_map(stays).collect()
}
