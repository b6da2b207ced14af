#![doc = include_str!("s3express_directory_bucket.md")]

use ringfence_policy::PolicyDocument;
use ringfence_reasoning::{Answer, Limit, check_no_public_access};

use super::s3_bucket::without;
use super::{Unit, question};
use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{Configuration, NetworkOrigin, Resource, ResourceType};
use crate::question::{ActionOn, Origin, Place, Way, ways};
use crate::s3::access_point::{Door, only_from};
use crate::s3::request_keys::{OF_DIRECTORY_BUCKETS, RequestKeys};

pub(super) const UNIT: Unit =
    Unit { resource_type: ResourceType::S3ExpressDirectoryBucket, analyze };

/// Block Public Access is always on, so a public policy lets nobody from outside in.
fn is_public(document: &PolicyDocument) -> bool {
    matches!(check_no_public_access(document), Answer::Fails(_))
}

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::S3ExpressDirectoryBucket(own) = &resource.configuration else {
        return Outcome::default();
    };
    let Some(source) = &own.bucket_policy else { return Outcome::default() };
    let Ok(bucket_policy) = source.parse() else {
        return (Vec::new(), vec![Obstacle::Policy(source)]);
    };
    if is_public(&bucket_policy) {
        return Outcome::default();
    }
    let actions =
        analysis.actions_on(ResourceType::S3ExpressDirectoryBucket, |_| Some(resource.arn.clone()));
    let layer = vec![Origin { document: bucket_policy.clone(), place: Place::Policy(source) }];
    let mut outcome = Outcome::default();
    let mut direct = question(analysis, resource, vec![layer], &actions);
    without(&mut direct, &OF_DIRECTORY_BUCKETS);
    record(&mut outcome, ways(&direct));
    for (arn, point) in &own.access_points {
        let Some(point_source) = &point.access_point_policy else { continue };
        let Ok(policy) = point_source.parse() else {
            outcome.1.push(Obstacle::Policy(point_source));
            continue;
        };
        // One of a VPC never counts as public, whatever its policy says.
        if point.network_origin == NetworkOrigin::Internet && is_public(&policy) {
            continue;
        }
        let door = Door { access_point: arn, bucket: &resource.arn };
        let Ok(document) = door.on_bucket(policy) else {
            outcome.1.push(Obstacle::Limit(Limit::Variables));
            continue;
        };
        let keys = RequestKeys::through(OF_DIRECTORY_BUCKETS, arn, &point.network_origin);
        let layers = [(document, point_source), (bucket_policy.clone(), source)].map(
            |(document, source)| {
                vec![Origin { document: keys.resolve(document), place: Place::Policy(source) }]
            },
        );
        let network = only_from(&point.network_origin);
        let actions = creates_session(resource);
        let mut asked = question(analysis, resource, layers.into(), &actions);
        asked.denying = network.iter().collect();
        let mut found = ways(&asked);
        for way in found.iter_mut().flatten() {
            door.name_resource(way);
            keys.say(way);
        }
        record(&mut outcome, found);
    }
    outcome
}

/// What works through an access point: what manages the bucket does not.
fn creates_session(resource: &Resource) -> [ActionOn; 1] {
    let action = "s3express:CreateSession".to_owned();
    [ActionOn { action, resources: vec![resource.arn.clone()] }]
}

/// Findings for directory buckets carry no source.
fn record(outcome: &mut Outcome<'_>, ways: Result<Vec<Way>, Limit>) {
    match ways {
        Ok(ways) => {
            outcome.0.extend(ways.into_iter().map(|way| Sourced { way, source: None }));
        }
        Err(limit) => outcome.1.push(Obstacle::Limit(limit)),
    }
}
