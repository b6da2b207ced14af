#![doc = include_str!("resource_control_policies.md")]

use super::{Reading, is_service_linked_role};
use crate::arn::Arn;
use crate::evaluate::facts::Facts;
use crate::evaluate::stack::{Layer, PolicyStack};

/// The services whose actions RCPs bind, by service prefix:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services>,
/// as of August 2026.
#[rustfmt::skip]
pub const SERVICES: &[&str] = &[
    "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets",
    "clouddirectory", "cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild",
    "codecommit", "codepipeline", "cognito-identity", "cognito-idp", "comprehend",
    "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql", "dynamodb",
    "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health",
    "inspector-scan", "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor",
    "notifications", "opensearch", "pca-connector-ad", "personalize", "polly", "pricing",
    "resource-groups", "rolesanywhere", "s3", "secretsmanager", "servicediscovery", "signin",
    "sqs", "sts", "support", "swf", "textract", "timestream-influxdb", "transcribe", "transfer",
    "translate", "wafv2", "workspaces", "xray",
];

pub(super) fn read<'p>(facts: &Facts<'_>, stack: &'p PolicyStack) -> Vec<Reading<'p>> {
    match &stack.resource_control_policies {
        Some(levels) if binds(facts, stack) => {
            Reading::levels(Layer::ResourceControlPolicies, levels, facts)
        }
        Some(_) | None => Vec::new(),
    }
}

fn binds(facts: &Facts<'_>, stack: &PolicyStack) -> bool {
    let resource = &facts.request.resource;
    let owner = facts.resource_account();
    let is_linked_role =
        Arn::parse(resource).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"));
    SERVICES.contains(&facts.service().as_str())
        && !facts.is_action("kms:RetireGrant")
        && resource != "*"
        && (owner.is_none() || owner != stack.management_account)
        && !is_linked_role
        && !is_service_linked_role(facts)
}
