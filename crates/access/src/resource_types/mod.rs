//! One unit a resource type: which ways into it there are, and how they are found.

mod dynamodb_stream;
mod dynamodb_table;
mod ec2_snapshot;
mod ecr_repository;
mod efs_file_system;
mod iam_role;
pub(crate) mod kms_key;
mod lambda_function;
mod lambda_layer_version;
mod rds_db_cluster_snapshot;
mod rds_db_snapshot;
pub(crate) mod s3_bucket;
mod s3express_directory_bucket;
mod secrets_manager_secret;
pub(crate) mod sns_topic;
mod sqs_queue;

use ringfence_policy::PolicyDocument;

use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{PolicySource, Resource, ResourceType};
use crate::question::{ActionOn, Origin, Place, Question, Way, ways};

/// A unit of this folder.
pub struct Unit {
    /// The type it is about.
    pub resource_type: ResourceType,
    analyze: for<'a> fn(&Analysis<'a>, &'a Resource) -> Outcome<'a>,
}

/// All units.
pub const UNITS: &[Unit] = &[
    s3_bucket::UNIT,
    s3express_directory_bucket::UNIT,
    iam_role::UNIT,
    kms_key::UNIT,
    lambda_function::UNIT,
    lambda_layer_version::UNIT,
    sqs_queue::UNIT,
    sns_topic::UNIT,
    secrets_manager_secret::UNIT,
    efs_file_system::UNIT,
    ecr_repository::UNIT,
    ec2_snapshot::UNIT,
    rds_db_snapshot::UNIT,
    rds_db_cluster_snapshot::UNIT,
    dynamodb_table::UNIT,
    dynamodb_stream::UNIT,
];

/// The ways into `resource`, by its type's unit.
pub(crate) fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let unit = UNITS.iter().find(|unit| unit.resource_type == resource.resource_type());
    unit.map_or_else(Outcome::default, |unit| (unit.analyze)(analysis, resource))
}

/// The ways in of a resource whose one policy decides. `arns` gives the ARN for the name of a resource
/// type of the catalogue that actions act on.
fn of_policy<'a>(
    analysis: &Analysis<'a>,
    resource: &'a Resource,
    policy: Option<&'a PolicySource>,
    arns: impl Fn(&str) -> Option<String>,
) -> Outcome<'a> {
    let Some(source) = policy else { return Outcome::default() };
    let actions = analysis.actions_on(resource.resource_type(), arns);
    match source.parse() {
        Ok(document) => of_document(analysis, resource, source, document, &actions),
        Err(_) => (Vec::new(), vec![Obstacle::Policy(source)]),
    }
}

fn of_document<'a>(
    analysis: &Analysis<'a>,
    resource: &'a Resource,
    source: &'a PolicySource,
    document: PolicyDocument,
    actions: &[ActionOn],
) -> Outcome<'a> {
    let origin = Origin { document, place: Place::Policy(source) };
    unsourced(ways(&question(analysis, resource, vec![vec![origin]], actions)))
}

/// A question about `resource` with nothing special to it.
pub(crate) fn question<'q>(
    analysis: &'q Analysis<'_>,
    resource: &Resource,
    layers: Vec<Vec<Origin<'q>>>,
    actions: &'q [ActionOn],
) -> Question<'q> {
    Question {
        layers,
        denying: Vec::new(),
        zone: analysis.zone(&resource.account),
        actions,
        within: Vec::new(),
        known: analysis.known(resource),
    }
}

fn unsourced<'a>(ways: Result<Vec<Way>, ringfence_reasoning::Limit>) -> Outcome<'a> {
    match ways {
        Ok(ways) => {
            let sourced = ways.into_iter().map(|way| Sourced { way, source: None });
            (sourced.collect(), Vec::new())
        }
        Err(limit) => (Vec::new(), vec![Obstacle::Limit(limit)]),
    }
}

#[cfg(test)]
mod tests;
