#![doc = include_str!("s3express_directory_bucket.md")]

use ringfence_policy::PolicyDocument;
use ringfence_reasoning::{Answer, check_no_public_access};

use super::{Unit, question};
use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{Configuration, NetworkOrigin, Resource, ResourceType};
use crate::question::{ActionOn, Origin, Place, ways};
use crate::s3::access_point::{name_resource, only_from, through, with_resource_as_condition};

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
    let Ok(document) = source.parse() else {
        return (Vec::new(), vec![Obstacle::Policy(source)]);
    };
    if is_public(&document) {
        return Outcome::default();
    }
    let actions = analysis
        .actions_on(ResourceType::S3ExpressDirectoryBucket, |_| Some(resource.arn.clone()));
    let layer = || vec![Origin { document: document.clone(), place: Place::Policy(source) }];
    let mut outcome = Outcome::default();
    let mut direct = question(analysis, resource, vec![layer()], &actions);
    direct.known.insert("s3express:dataaccesspointarn".to_owned(), None);
    direct.known.insert("s3express:dataaccesspointaccount".to_owned(), None);
    record(&mut outcome, ways(&direct), None);
    for (arn, point) in &own.access_points {
        let Some(point_source) = &point.access_point_policy else { continue };
        let Ok(policy) = point_source.parse() else {
            outcome.1.push(Obstacle::Policy(point_source));
            continue;
        };
        if !is_public(&policy) {
            let through_point = Origin {
                document: with_resource_as_condition(policy),
                place: Place::Policy(point_source),
            };
            let layers = vec![vec![through_point], layer()];
            record(
                &mut outcome,
                by_access_point(analysis, resource, layers, &actions, arn, &point.network_origin),
                Some(arn),
            );
        }
    }
    outcome
}

fn by_access_point(
    analysis: &Analysis<'_>,
    resource: &Resource,
    layers: Vec<Vec<Origin<'_>>>,
    actions: &[ActionOn],
    arn: &str,
    origin: &NetworkOrigin,
) -> Result<Vec<crate::question::Way>, ringfence_reasoning::Limit> {
    let network = only_from(origin);
    let mut asked = question(analysis, resource, layers, actions);
    asked.denying = network.iter().collect();
    asked.within.extend(through(arn));
    let account = arn.split(':').nth(4).unwrap_or("").to_owned();
    asked.known.insert("s3express:dataaccesspointarn".to_owned(), Some(arn.to_owned()));
    asked.known.insert("s3express:dataaccesspointaccount".to_owned(), Some(account));
    ways(&asked)
}

/// Findings for directory buckets carry no source.
fn record<'a>(
    outcome: &mut Outcome<'a>,
    ways: Result<Vec<crate::question::Way>, ringfence_reasoning::Limit>,
    access_point: Option<&String>,
) {
    match ways {
        Ok(ways) => {
            for mut way in ways {
                if access_point.is_some() {
                    name_resource(&mut way);
                }
                outcome.0.push(Sourced { way, source: None });
            }
        }
        Err(limit) => outcome.1.push(Obstacle::Limit(limit)),
    }
}
