//! Resources that access to is not analyzed, but that can hold policies.

use super::{Assembly, PlannedResource};
use crate::planned::{Planned, PlannedKind, Purpose};

/// Types with policies, or with lists of accounts they are shared with, that are not read: CloudFormation's, then those
/// of Terraform's AWS provider. Other types are noticed by a policy among their properties.
const NOT_READ: &[&str] = &[
    "AWS::Backup::BackupVault",
    "AWS::CodeArtifact::Domain",
    "AWS::CodeArtifact::Repository",
    "AWS::ECR::RegistryPolicy",
    "AWS::EC2::Image",
    "AWS::Events::EventBusPolicy",
    "AWS::Kinesis::ResourcePolicy",
    "AWS::Logs::ResourcePolicy",
    "AWS::Organizations::ResourcePolicy",
    "AWS::RAM::ResourceShare",
    "AWS::S3ObjectLambda::AccessPointPolicy",
    "AWS::S3Outposts::BucketPolicy",
    "AWS::S3Tables::TableBucketPolicy",
    "AWS::S3Tables::TablePolicy",
    "AWS::SSM::ResourcePolicy",
    "AWS::VpcLattice::AuthPolicy",
    "AWS::VpcLattice::ResourcePolicy",
    "AWS::XRay::ResourcePolicy",
    "aws_acmpca_policy",
    "aws_ami_launch_permission",
    "aws_api_gateway_rest_api_policy",
    "aws_backup_vault_policy",
    "aws_cloudwatch_event_bus_policy",
    "aws_cloudwatch_event_permission",
    "aws_cloudwatch_log_destination_policy",
    "aws_cloudwatch_log_resource_policy",
    "aws_codeartifact_domain_permissions_policy",
    "aws_codeartifact_repository_permissions_policy",
    "aws_codebuild_resource_policy",
    "aws_db_snapshot_copy",
    "aws_ebs_snapshot_copy",
    "aws_ecr_registry_policy",
    "aws_ecrpublic_repository_policy",
    "aws_elasticsearch_domain_policy",
    "aws_glacier_vault_lock",
    "aws_glue_resource_policy",
    "aws_kinesis_resource_policy",
    "aws_kms_replica_key",
    "aws_media_store_container_policy",
    "aws_networkfirewall_resource_policy",
    "aws_opensearch_domain_policy",
    "aws_organizations_resource_policy",
    "aws_ram_principal_association",
    "aws_ram_resource_share",
    "aws_redshift_resource_policy",
    "aws_redshiftserverless_resource_policy",
    "aws_s3control_access_point_policy",
    "aws_s3control_bucket_policy",
    "aws_s3control_multi_region_access_point_policy",
    "aws_s3control_object_lambda_access_point_policy",
    "aws_s3tables_table_bucket_policy",
    "aws_s3tables_table_policy",
    "aws_schemas_registry_policy",
    "aws_ses_identity_policy",
    "aws_sesv2_email_identity_policy",
    "aws_signer_signing_profile_permission",
    "aws_vpclattice_auth_policy",
    "aws_vpclattice_resource_policy",
    "aws_xray_resource_policy",
];

/// Their policies hold back and let nobody in.
const RESTRICTING: &[&str] =
    &["aws_vpc_endpoint", "AWS::EC2::VPCEndpoint", "AWS::IAM::Role", "AWS::Organizations::Policy"];

/// What an attribute that lets somebody in and is not read is called by whoever finds one: this, type and attribute.
pub(crate) const NOT_READ_ATTRIBUTE: &str = "Ringfence::NotRead::";

/// How deep a policy is looked for.
const DEPTH: usize = 6;

pub(super) fn resource(assembly: &mut Assembly, own: &PlannedResource) {
    if own.whereabouts.purpose == Purpose::Validation {
        return; // It is about access.
    }
    let name = own.resource_type.as_str();
    if let Some((of, attribute)) =
        name.strip_prefix(NOT_READ_ATTRIBUTE).and_then(|own| own.split_once('.'))
    {
        let shown = PlannedResource { resource_type: of.to_owned(), ..own.clone() };
        assembly.not_analyzed(&shown, format!("what `{attribute}` grants is not analyzed"));
        return;
    }
    let is_read = ringfence_access::inventory::ResourceType::parse(name).is_some()
        || RESTRICTING.contains(&name)
        || name.starts_with("Ringfence::");
    let is_listed = NOT_READ.contains(&name)
        && (name != "AWS::Backup::BackupVault" || own.properties.get("AccessPolicy").is_some());
    if !is_read && (is_listed || has_resource_policy(&own.properties, DEPTH)) {
        let reason = format!("access to resources of the type `{name}` is not analyzed");
        assembly.not_analyzed(own, reason);
    }
}

/// Whether there is a policy that names principals somewhere in the value.
fn has_resource_policy(value: &Planned, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    if let Some(statements) = value.get("Statement") {
        let names = |one: &Planned| {
            one.get("Effect").is_some()
                && (one.get("Principal").is_some() || one.get("NotPrincipal").is_some())
        };
        return statements.one_or_many().iter().any(names);
    }
    match &value.kind {
        PlannedKind::Map(all) => all.iter().any(|(_, own)| has_resource_policy(own, depth - 1)),
        PlannedKind::List(all) | PlannedKind::OneOf(all, _) => {
            all.iter().any(|own| has_resource_policy(own, depth - 1))
        }
        PlannedKind::Text(text) => {
            let text = text.pattern();
            text.contains("\"Statement\"") && text.contains("\"Principal\"")
        }
        PlannedKind::Null
        | PlannedKind::Boolean(_)
        | PlannedKind::Number(_)
        | PlannedKind::Unknown(_) => false,
    }
}
