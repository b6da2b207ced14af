//! Buckets that leave the decision to access points of another account.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control>.
//! Whoever the other account's access points let in gets in. While Block Public Access is on, that is at
//! most the other account; without it, it may be everyone.

use std::collections::BTreeSet;

use ringfence_policy::{AccountId, Condition, Effect, PolicyDocument, Statement};

use crate::observation::{ObservedPrincipal, Source};
use crate::question::{Origin, Place};
use crate::resource_types::question;
use crate::resource_types::s3_bucket::{BucketAnalysis, Restricted};

/// The keys of requests that come through an access point; other requests do not have them.
pub(crate) const KEYS: &[&str] =
    &["s3:DataAccessPointAccount", "s3:DataAccessPointArn", "s3:AccessPointNetworkOrigin"];

/// Notes the ways in by access points of other accounts that the bucket policy admits.
pub(crate) fn delegated(bucket: &mut BucketAnalysis<'_, '_>, restricted: Restricted) {
    let Some((source, document)) = bucket.policy.clone() else { return };
    if restricted == Restricted::Yes {
        return;
    }
    let delegating = delegating_only(document);
    let zone = bucket.analysis.zone(&bucket.resource.account);
    for account in delegates(&delegating) {
        if zone.accounts.contains(account.as_str()) {
            continue;
        }
        let layer =
            vec![Origin { document: delegating.clone(), place: Place::Policy(source) }];
        let actions = bucket.actions.clone();
        let analysis = bucket.analysis;
        let mut asked = question(analysis, bucket.resource, vec![layer], &actions);
        asked.known.insert("s3:dataaccesspointaccount".to_owned(), Some(account.to_string()));
        let mut ways =
            bucket.ask(&asked, &Source::S3AccessPointAccount(account.to_string()));
        for way in ways.iter_mut().map(|sourced| &mut sourced.way) {
            if way.principal != ObservedPrincipal::Aws("*".to_owned()) {
                continue;
            }
            way.is_public = !bucket.block.restrict_public_buckets;
            if bucket.block.restrict_public_buckets {
                way.principal = ObservedPrincipal::Aws(account.to_string());
            }
        }
        bucket.note(ways);
    }
}

fn delegates_by(condition: &Condition) -> bool {
    matches!(condition.key.value.folded(), "s3:dataaccesspointaccount" | "s3:dataaccesspointarn")
}

/// The document without the Allow statements that do not look at access points.
fn delegating_only(mut document: PolicyDocument) -> PolicyDocument {
    let kept = |statement: &Statement| {
        statement.effect.value == Effect::Deny || statement.conditions.iter().any(delegates_by)
    };
    document.statements.retain(kept);
    document
}

/// The accounts whose access points Allow statements name.
fn delegates(document: &PolicyDocument) -> BTreeSet<AccountId> {
    let conditions = document.allow_statements().flat_map(|statement| &statement.conditions);
    let values = conditions.filter(|own| delegates_by(own)).flat_map(|own| &own.values);
    values
        .filter_map(|value| {
            let text = value.value.text();
            AccountId::new(text).or_else(|| AccountId::new(text.split(':').nth(4)?))
        })
        .collect()
}
