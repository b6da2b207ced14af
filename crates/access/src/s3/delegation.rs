//! Buckets that leave the decision to access points of another account.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control>.
//! Whoever the other account's access points let in gets in. While Block Public Access is on, that is at
//! most the other account; without it, it may be everyone:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-s3>.

use std::collections::BTreeSet;

use ringfence_policy::{
    AccountId, Comparison, Condition, ConditionKey, ContextValue, Effect, IfExists, PolicyDocument,
    Qualifier, Statement,
};
use serde_json::json;

use super::access_point::actions_through;
use super::request_keys::{OF_BUCKETS, RequestKeys};
use crate::external::Sourced;
use crate::inventory::PolicySource;
use crate::observation::{ObservedPrincipal, Source};
use crate::question::{Origin, Place, Way};
use crate::resource_types::question;
use crate::resource_types::s3_bucket::BucketAnalysis;
use crate::synthetic;

/// Whose access points a request comes through.
enum Owner {
    /// An account that the policy names.
    Named(AccountId),
    /// An account that the policy does not name, and is not trusted: anybody's.
    Stranger(AccountId),
}

/// Notes the ways in by access points outside the zone of trust that the bucket policy admits.
pub(crate) fn delegated(bucket: &mut BucketAnalysis<'_, '_>) {
    let Some((source, document)) = bucket.policy.clone() else { return };
    let delegating = with_access_points_only(document);
    if delegating.allow_statements().next().is_none() {
        return;
    }
    let zone = bucket.analysis.zone(&bucket.resource.account);
    let named = named_accounts(&delegating);
    let outside = named.into_iter().filter(|account| !zone.accounts.contains(account.as_str()));
    let mut owners: Vec<Owner> = outside.map(Owner::Named).collect();
    owners.extend(stranger(&delegating, &zone.accounts).map(Owner::Stranger));
    for owner in owners {
        let ways = by_access_points_of(bucket, source, &delegating, &owner);
        bucket.note(ways);
    }
}

fn by_access_points_of<'a>(
    bucket: &mut BucketAnalysis<'_, 'a>,
    source: &'a PolicySource,
    document: &PolicyDocument,
    owner: &Owner,
) -> Vec<Sourced> {
    match owner {
        Owner::Stranger(account) => ask(bucket, source, document, account, &Source::Policy),
        Owner::Named(account) => {
            let by_account = Source::S3AccessPointAccount(account.to_string());
            let mut found = ask(bucket, source, document, account, &by_account);
            // That it is this account's access point is a fixed value. Whether anything else keeps their
            // guests from being everyone shows without it.
            let open = without_access_points(document.clone());
            let open = ask(bucket, source, &open, account, &by_account);
            let blocked = bucket.block.restrict_public_buckets;
            for way in found.iter_mut().map(|sourced| &mut sourced.way) {
                let alike = |other: &Way| {
                    other.principal == way.principal && other.condition == way.condition
                };
                let is_open = open.iter().any(|other| other.way.is_public && alike(&other.way));
                way.is_public = is_open && !blocked;
                if blocked && way.principal == ObservedPrincipal::Aws("*".to_owned()) {
                    way.principal = ObservedPrincipal::Aws(account.to_string());
                }
            }
            found
        }
    }
}

/// The ways in through access points of `account`.
fn ask<'a>(
    bucket: &mut BucketAnalysis<'_, 'a>,
    policy: &'a PolicySource,
    document: &PolicyDocument,
    account: &AccountId,
    source: &Source,
) -> Vec<Sourced> {
    let keys = RequestKeys::one("s3:DataAccessPointAccount", account.as_str());
    let layer =
        vec![Origin { document: keys.resolve(document.clone()), place: Place::Policy(policy) }];
    let actions = actions_through(&bucket.actions);
    let analysis = bucket.analysis;
    let mut asked = question(analysis, bucket.resource, vec![layer], &actions);
    let arns = format!("arn:*:s3:*:{account}:accesspoint/*");
    asked.within.extend(synthetic::within(&json!({
        "ForAllValues:ArnLike": {"s3:DataAccessPointArn": arns},
        "Null": {"s3:DataAccessPointArn": "false"},
    })));
    let mut found = bucket.ask(&asked, source);
    for way in found.iter_mut().map(|sourced| &mut sourced.way) {
        keys.say(way);
        // It has one value, though the question was for all of them.
        if let Some(arn) = way.witness.context.get_mut(&ConditionKey::new("s3:DataAccessPointArn"))
            && let [only] = arn.values()
        {
            *arn = ContextValue::Single(only.clone());
        }
    }
    found
}

fn is_about_access_points(condition: &Condition) -> bool {
    OF_BUCKETS.iter().any(|key| key.eq_ignore_ascii_case(condition.key.value.folded()))
}

/// Whether only requests through access points meet the condition.
fn needs_access_point(condition: &Condition) -> bool {
    let operator = condition.operator.value;
    let met_when_absent = match (operator.comparison, operator.if_exists, operator.qualifier) {
        (Comparison::Null, ..) => {
            condition.values.iter().any(|value| value.value.text().eq_ignore_ascii_case("true"))
        }
        (_, IfExists::Yes, _) | (_, _, Qualifier::ForAllValues) => true,
        (_, _, Qualifier::ForAnyValue) => false,
        (comparison, _, Qualifier::None) => comparison.is_negated(),
    };
    is_about_access_points(condition) && !met_when_absent
}

/// The document without the Allow statements that requests for the bucket itself can meet.
fn with_access_points_only(mut document: PolicyDocument) -> PolicyDocument {
    let kept = |statement: &Statement| {
        statement.effect.value == Effect::Deny
            || statement.conditions.iter().any(needs_access_point)
    };
    document.statements.retain(kept);
    document
}

/// The document with Allow statements that do not ask whose access point it is.
fn without_access_points(mut document: PolicyDocument) -> PolicyDocument {
    for statement in &mut document.statements {
        if statement.effect.value == Effect::Allow {
            statement.conditions.retain(|condition| !is_about_access_points(condition));
        }
    }
    document
}

fn values(document: &PolicyDocument) -> impl Iterator<Item = &str> {
    let conditions = document.statements.iter().flat_map(|statement| &statement.conditions);
    let about = conditions.filter(|own| is_about_access_points(own));
    about.flat_map(|own| &own.values).map(|value| value.value.text())
}

/// The accounts whose access points the document names.
fn named_accounts(document: &PolicyDocument) -> BTreeSet<AccountId> {
    let account = |text| AccountId::new(text).or_else(|| AccountId::new(text.split(':').nth(4)?));
    values(document).filter_map(account).collect()
}

/// An account that stands for all that the document does not name.
fn stranger(document: &PolicyDocument, trusted: &BTreeSet<String>) -> Option<AccountId> {
    let known = |id: &str| trusted.contains(id) || values(document).any(|text| text.contains(id));
    let candidates = (0..100_000u64).map(|number| (987_654_321_098 + number).to_string());
    candidates.filter(|id| !known(id)).find_map(|id| AccountId::new(&id))
}
