//! Resources that access to is not analyzed, but that can hold policies.

use super::{Assembly, PlannedResource};
use crate::planned::{Planned, PlannedKind, Purpose};

/// Types with policies, or with lists of accounts they are shared with, that are not read. Other types are noticed
/// by a policy among their properties.
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
];

/// Their policies hold back and let nobody in.
const RESTRICTING: &[&str] =
    &["aws_vpc_endpoint", "AWS::EC2::VPCEndpoint", "AWS::IAM::Role", "AWS::Organizations::Policy"];

/// How deep a policy is looked for.
const DEPTH: usize = 6;

pub(super) fn resource(assembly: &mut Assembly, own: &PlannedResource) {
    if own.whereabouts.purpose == Purpose::Validation {
        return; // It is about access.
    }
    let name = own.resource_type.as_str();
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
