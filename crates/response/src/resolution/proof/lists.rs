//! Settings and lists that are no policies, compared as sets.

use std::collections::BTreeSet;

use ringfence_access::inventory::{AclGrantee, BucketAclGrant, PublicAccessBlock};
use ringfence_policy::{Caller, parse_policy};
use ringfence_reasoning::{Answer, RequestBox, anything_allowed};
use serde_json::{Value, json};

use super::{documents, refuted, unknown};
use crate::plan::{Claim, Edit};
use crate::resolution::case::Case;
use crate::resolution::slot_text;
use crate::slot::Slot;

/// Whether the slot holds no policy.
pub(super) fn is_list(slot: &Slot) -> bool {
    matches!(
        slot,
        Slot::BucketAcl
            | Slot::BucketPublicAccessBlock
            | Slot::KeyGrant { .. }
            | Slot::VolumeSnapshotSharing
            | Slot::DatabaseSnapshotSharing
            | Slot::ClusterSnapshotSharing
    )
}

fn block(text: &Option<String>) -> PublicAccessBlock {
    let own = text.as_deref().and_then(|text| slot_text::read_public_access_block(text).ok());
    own.unwrap_or_default()
}

fn acl(text: &Option<String>) -> Option<Vec<BucketAclGrant>> {
    let Some(text) = text else { return Some(Vec::new()) };
    slot_text::read_acl(text).ok().map(|(grants, _)| grants)
}

/// The accounts and groups that a snapshot is shared with.
fn shared(text: &Option<String>) -> Option<BTreeSet<String>> {
    let Some(text) = text else { return Some(BTreeSet::new()) };
    let all = match text.starts_with('[') {
        true => slot_text::read_accounts(text).ok()?,
        false => {
            let (groups, accounts) = slot_text::read_volume_sharing(text).ok()?;
            groups.into_iter().chain(accounts).collect()
        }
    };
    Some(all.into_iter().map(|own| own.value).collect())
}

const UNREADABLE: &str = "the list before or after the change cannot be read";

/// Nothing is in the list that was not before, and nothing is blocked less.
pub(super) fn adds_nothing(edit: &Edit) -> Claim {
    let is_less = match &edit.slot {
        Slot::BucketPublicAccessBlock => {
            let (before, after) = (block(&edit.before), block(&edit.after));
            let kept = |own: bool, new: bool| !own || new;
            Some(
                kept(before.block_public_acls, after.block_public_acls)
                    && kept(before.block_public_policy, after.block_public_policy)
                    && kept(before.ignore_public_acls, after.ignore_public_acls)
                    && kept(before.restrict_public_buckets, after.restrict_public_buckets),
            )
        }
        Slot::BucketAcl => match (acl(&edit.before), acl(&edit.after)) {
            (Some(before), Some(after)) => Some(after.iter().all(|own| is_among(own, &before))),
            _ => None,
        },
        Slot::KeyGrant { .. } => Some(edit.after.is_none() || edit.after == edit.before),
        _ => match (shared(&edit.before), shared(&edit.after)) {
            (Some(before), Some(after)) => Some(after.is_subset(&before)),
            _ => None,
        },
    };
    match is_less {
        Some(true) => Claim::Proved,
        Some(false) => refuted("the list lets in whom it did not", Value::Null),
        None => unknown(UNREADABLE),
    }
}

fn is_among(grant: &BucketAclGrant, all: &[BucketAclGrant]) -> bool {
    all.iter().any(|own| own.grantee == grant.grantee && own.permission == grant.permission)
}

/// Nobody inside the zone of trust loses anything.
pub(super) fn keeps(case: &Case<'_>, edit: &Edit) -> Claim {
    match &edit.slot {
        Slot::BucketPublicAccessBlock => blocked(case, edit),
        Slot::BucketAcl => match (acl(&edit.before), acl(&edit.after)) {
            (Some(before), Some(after)) => {
                let gone = before.iter().filter(|own| !is_among(own, &after));
                super::all(gone.map(|own| ungranted(case, own)))
            }
            _ => unknown(UNREADABLE),
        },
        Slot::KeyGrant { .. } => {
            let grant = edit.before.as_deref().and_then(|text| slot_text::read_grant(text, 0).ok());
            match grant {
                Some(grant) => revoked(case, &grant.grantee_principal),
                None => unknown("the grant cannot be read"),
            }
        }
        _ => match (shared(&edit.before), shared(&edit.after)) {
            (Some(before), Some(after)) => {
                super::all(before.difference(&after).map(|own| unshared(case, own)))
            }
            _ => unknown(UNREADABLE),
        },
    }
}

/// Other accounts of the zone of trust, than the resource's own.
fn another(case: &Case<'_>) -> Option<String> {
    case.zone.accounts.iter().find(|own| own.as_str() != case.account()).cloned()
}

fn scenario(case: &Case<'_>, account: &str, action: &str) -> Value {
    json!({
        "principal": format!("arn:aws:iam::{account}:root"), "action": action,
        "resource": { "arn": case.arn(), "account": case.account() }, "context": {},
    })
}

fn first_action(case: &Case<'_>) -> String {
    case.actions().into_iter().next().unwrap_or_default()
}

fn unshared(case: &Case<'_>, who: &str) -> Claim {
    let loser = match who {
        // The account itself needs no sharing.
        "all" => another(case),
        account => case.zone.accounts.get(account).cloned(),
    };
    match loser {
        Some(account) => refuted(
            format!("account `{account}` of the zone of trust loses the snapshot"),
            scenario(case, &account, &first_action(case)),
        ),
        None => Claim::Proved,
    }
}

fn revoked(case: &Case<'_>, grantee: &str) -> Claim {
    let account = match Caller::parse(grantee) {
        Some(Caller::Service(name)) => {
            return refuted(format!("the service `{name}` loses its grant"), Value::Null);
        }
        Some(caller) => caller.account(),
        None => None,
    };
    match account {
        Some(account) if case.zone.accounts.contains(account.as_str()) => refuted(
            format!("`{grantee}` of the zone of trust loses its grant"),
            scenario(case, account.as_str(), &first_action(case)),
        ),
        Some(_) => Claim::Proved,
        None => unknown(format!("whose `{grantee}` is")),
    }
}

fn ungranted(case: &Case<'_>, grant: &BucketAclGrant) -> Claim {
    match &grant.grantee {
        AclGrantee::Uri(uri) => refuted(
            format!("whoever is inside and got in as one of `{uri}` gets in no more"),
            scenario(case, case.account(), &first_action(case)),
        ),
        AclGrantee::Id(id) if case.zone.canonical_users.contains(id) => {
            refuted(format!("the canonical user `{id}` of the zone of trust loses it"), Value::Null)
        }
        AclGrantee::Id(id) => {
            let accounts = &case.situation.inventory.accounts;
            let is_known = |own: &String| {
                let mut all = accounts.iter();
                all.any(|(id, own_account)| {
                    id.as_str() == own && own_account.canonical_user_id.is_some()
                })
            };
            match case.zone.accounts.iter().find(|own| !is_known(own)) {
                // The owner's id stands in the list itself.
                Some(account) if account != case.account() => unknown(format!(
                    "whether the canonical user `{id}` is account `{account}` of the zone of trust"
                )),
                Some(_) | None => Claim::Proved,
            }
        }
    }
}

/// RestrictPublicBuckets leaves the account of the bucket and AWS's services in; IgnorePublicAcls takes what anybody had
/// by a public list.
fn blocked(case: &Case<'_>, edit: &Edit) -> Claim {
    let (before, after) = (block(&edit.before), block(&edit.after));
    let lists = match after.ignore_public_acls && !before.ignore_public_acls {
        true => refuted(
            "whoever is inside and got in by the public list gets in no more",
            scenario(case, case.account(), &first_action(case)),
        ),
        false => Claim::Proved,
    };
    let policies = match after.restrict_public_buckets && !before.restrict_public_buckets {
        true => restricted(case),
        false => Claim::Proved,
    };
    super::both(lists, policies)
}

/// No other account of the zone of trust is let in by any policy, and nobody of whom it is not known who it is.
fn restricted(case: &Case<'_>) -> Claim {
    let policies = case.situation.slots.iter().filter(|(slot, _)| !is_list(slot));
    let unread = policies
        .filter_map(|(_, text)| documents::unread(&parse_policy(text.as_deref()?).document));
    if let Some(text) = unread.into_iter().next() {
        return unknown(format!("whether `{text}`, which the policy lets in, is cut off"));
    }
    let Some(_) = another(case) else { return Claim::Proved };
    let others: Vec<&String> =
        case.zone.accounts.iter().filter(|own| own.as_str() != case.account()).collect();
    let within = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "*",
        "Condition": { "StringEquals": { "aws:PrincipalAccount": others } },
    }});
    let within = parse_policy(&within.to_string()).document;
    let within =
        RequestBox { matching: within.statements.iter().collect(), ..RequestBox::default() };
    let policies = case.situation.slots.iter().filter(|(slot, _)| !is_list(slot));
    super::all(policies.filter_map(|(_, text)| text.as_deref()).map(|text| {
        let Ok(document) = parse_policy(text).sound() else {
            return unknown("a policy cannot be read");
        };
        match anything_allowed(&[vec![&document]], &within) {
            Answer::Holds => Claim::Proved,
            Answer::Unknown(limit) => unknown(limit.as_str()),
            Answer::Fails(found) => refuted(
                "another account of the zone of trust loses what the policy allowed",
                found.witness.to_scenario_json(),
            ),
        }
    }))
}
