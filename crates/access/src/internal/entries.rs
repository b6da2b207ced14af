//! What could not be judged of a resource, as entries of "not analyzed".

use std::sync::Arc;

use ringfence_policy::location::Position;
use ringfence_reasoning::Limit;

use super::Analysis;
use super::principal::Principal;
use crate::inventory::{Configuration, NotAnalyzed, PolicySource, Resource};

/// Why a question about a principal and a resource has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Undecided {
    Limit(Limit),
    /// The engine found a request that the evaluator does not allow.
    Disagreement,
}

fn entry(
    resource: &Resource,
    file: &Arc<str>,
    position: Option<Position>,
    reason: String,
) -> NotAnalyzed {
    NotAnalyzed {
        position,
        account: Some(resource.account.clone()),
        region: Some(resource.region.to_string()),
        resource: Some(resource.arn.clone()),
        resource_type: Some(resource.resource_type().as_str().to_owned()),
        ..NotAnalyzed::new(file, reason)
    }
}

/// The resource's policy cannot be read, and what is missing could be a Deny. Nothing, where the reader of
/// the inventory said so already.
pub(super) fn unreadable(
    analysis: &Analysis<'_>,
    resource: &Resource,
    source: &PolicySource,
) -> Vec<NotAnalyzed> {
    let problems = source.parse().err().unwrap_or_default();
    let entries = problems.into_iter().map(|problem| {
        let reason = format!("its policy: {}", problem.message);
        entry(resource, source.file(), Some(problem.position), reason)
    });
    let known = &analysis.inventory.not_analyzed;
    let is_new = |own: &NotAnalyzed| {
        !known.iter().any(|other| other.file == own.file && other.resource == own.resource)
    };
    entries.filter(is_new).collect()
}

/// The entry for a principal whose access is not decided.
pub(super) fn undecided(
    resource: &Resource,
    principal: &Principal<'_>,
    why: Undecided,
) -> NotAnalyzed {
    let why = match why {
        Undecided::Limit(limit) => limit.to_string(),
        Undecided::Disagreement => "a request that was found is not confirmed".to_owned(),
    };
    let reason = format!("not decided for `{}`: {why}; access is possible", principal.arn);
    entry(resource, &resource.file, Some(resource.position), reason)
}

/// An entry for a bucket with access points: what comes through them is not looked at.
pub(super) fn by_access_points(resource: &Resource) -> Option<NotAnalyzed> {
    let has_any = match &resource.configuration {
        Configuration::S3Bucket(own) => {
            !own.access_points.is_empty() || !own.multi_region_access_points.is_empty()
        }
        Configuration::S3ExpressDirectoryBucket(own) => !own.access_points.is_empty(),
        _ => false,
    };
    let reason = "internal access through its access points is not analyzed, only requests for the \
                  bucket itself";
    has_any.then(|| entry(resource, &resource.file, Some(resource.position), reason.to_owned()))
}
