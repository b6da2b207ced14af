//! The resource types that are collected, a unit each: every type that `scan` knows but roles, which come with the
//! account's authorization details.

mod dynamodb_stream;
mod dynamodb_table;
mod ec2_snapshot;
mod ecr_repository;
mod efs_file_system;
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

use super::unit::Unit;

/// Every resource type, in the order of their names.
pub(super) const RESOURCE_TYPES: &[Unit] = &[
    dynamodb_stream::RESOURCE_TYPE,
    dynamodb_table::RESOURCE_TYPE,
    ec2_snapshot::RESOURCE_TYPE,
    ecr_repository::RESOURCE_TYPE,
    efs_file_system::RESOURCE_TYPE,
    kms_key::RESOURCE_TYPE,
    lambda_function::RESOURCE_TYPE,
    lambda_layer_version::RESOURCE_TYPE,
    rds_db_cluster_snapshot::RESOURCE_TYPE,
    rds_db_snapshot::RESOURCE_TYPE,
    s3_bucket::RESOURCE_TYPE,
    s3express_directory_bucket::RESOURCE_TYPE,
    secrets_manager_secret::RESOURCE_TYPE,
    sns_topic::RESOURCE_TYPE,
    sqs_queue::RESOURCE_TYPE,
];

#[cfg(test)]
mod tests;
