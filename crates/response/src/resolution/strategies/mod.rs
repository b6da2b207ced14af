//! One unit a resource type: which changes close access to it, the mildest first.

mod dynamodb_stream;
mod dynamodb_table;
mod ec2_snapshot;
mod ecr_repository;
mod efs_file_system;
mod iam_role;
mod kms_key;
mod lambda_function;
mod lambda_layer_version;
mod rds_db_cluster_snapshot;
mod rds_db_snapshot;
mod s3_bucket;
mod s3express_directory_bucket;
mod secrets_manager_secret;
mod sns_topic;
mod sqs_queue;

use ringfence_access::inventory::ResourceType;

use super::candidate::Candidate;
use super::case::Case;
use super::offers;
use super::rules::{Empty, PolicyRules};

/// How access to resources of a type is closed.
pub struct Strategy {
    /// The type.
    pub resource_type: ResourceType,
    /// The rules for the policy in which a Deny can be written; nothing where none can.
    pub(super) policy: Option<PolicyRules>,
    /// The changes that may close a finding, from the mildest on.
    pub(super) offers: fn(&Case<'_>, &Strategy) -> Vec<Candidate>,
    /// By which means, for the table of strategies.
    pub how: &'static str,
    /// What it closes.
    pub closes: &'static str,
    /// What it cannot close, and why.
    pub cannot: &'static str,
}

/// All units.
pub const STRATEGIES: &[Strategy] = &[
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

/// The unit of a type.
pub(super) fn of(resource_type: ResourceType) -> Option<&'static Strategy> {
    STRATEGIES.iter().find(|own| own.resource_type == resource_type)
}

/// A Deny, or else the principal taken out of the policy, which goes when nothing is left of it.
fn deny_or_removal(case: &Case<'_>, strategy: &Strategy) -> Vec<Candidate> {
    let deny = strategy.policy.iter().flat_map(|rules| offers::deny(case, rules));
    deny.chain(offers::removal(case, Empty::Deleted)).collect()
}

/// The same where there has to be a policy.
fn deny_or_removal_of_one(case: &Case<'_>, strategy: &Strategy) -> Vec<Candidate> {
    let deny = strategy.policy.iter().flat_map(|rules| offers::deny(case, rules));
    deny.chain(offers::removal(case, Empty::NotTaken)).collect()
}

/// What lets the principal in is taken out.
fn removal(case: &Case<'_>, _: &Strategy) -> Vec<Candidate> {
    offers::removal(case, Empty::Deleted).into_iter().collect()
}
