#![doc = include_str!("use_condition_key_only_with_supported_services.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
    finding_type: FindingType::Warning,
    page: include_str!("use_condition_key_only_with_supported_services.md"),
    run,
};

/// The services that send `aws:VpceAccount`, sorted:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount>.
const ACCOUNT: &[&str] = &[
    "acm-pca",
    "apprunner",
    "applicationinsights",
    "athena",
    "cloudformation",
    "comprehendmedical",
    "compute-optimizer",
    "datasync",
    "discovery",
    "dynamodb",
    "ebs",
    "ecr",
    "ecs",
    "firehose",
    "gamelift",
    "healthlake",
    "iam",
    "iotfleetwise",
    "iotwireless",
    "kinesisanalytics",
    "kms",
    "lambda",
    "medical-imaging",
    "omics",
    "payment-cryptography",
    "polly",
    "rbin",
    "rekognition",
    "route53",
    "s3",
    "scheduler",
    "servicediscovery",
    "servicequotas",
    "shield",
    "ssm-contacts",
    "storagegateway",
    "textract",
    "transcribe",
    "transfer",
];

/// The services that send `aws:VpceOrgID` and `aws:VpceOrgPaths` besides:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceorgid>.
const ORGANIZATION: &[&str] = &[
    "b2bi",
    "cassandra",
    "cognito-identity",
    "dms",
    "ds-data",
    "identitystore",
    "iottwinmaker",
    "network-firewall",
    "pricing",
    "ses",
    "sms-voice",
    "sqs",
    "workmail",
];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for condition in &statement.conditions {
            let with_organization =
                condition.is_key("aws:VpceOrgID") || condition.is_key("aws:VpceOrgPaths");
            if !with_organization && !condition.is_key("aws:VpceAccount") {
                continue;
            }
            let is_supported = |action: &ActionPattern<'_>| {
                action.service().is_some_and(|service| {
                    ACCOUNT.contains(&service.prefix())
                        || (with_organization && ORGANIZATION.contains(&service.prefix()))
                })
            };
            if statement.not_action.is_some() || !statement.actions().iter().all(is_supported) {
                let details = format!(
                    "Not every service of this statement sends `{}`, and requests without it are decided as if they \
                     came from elsewhere. List only actions of services that send it.",
                    condition.key.value
                );
                report.at(condition.key.span, details);
            }
        }
    }
}
