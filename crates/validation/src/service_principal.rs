//! Names of service principals: `lambda.amazonaws.com`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services>

use crate::document::catalogue;

/// The domains of service principals.
const DOMAINS: &[&str] =
    &[".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".amazon.com", ".aws.internal"];

/// First labels of service principals that are no prefix of an action. AWS publishes no list of them; these are named
/// in the user guides of the services.
const LABELS: &[&str] = &[
    "application-signals",
    "cloudwatch-crossaccount",
    "config-conforms",
    "config-multiaccountsetup",
    "delivery",
    "ec2-images",
    "ec2fastlaunch",
    "ec2fleet",
    "ec2scheduled",
    "ecs-tasks",
    "edgelambda",
    "eks-fargate-pods",
    "eks-nodegroup",
    "importexport",
    "jellyfish",
    "lexv2",
    "malware-protection",
    "monitoring",
    "ops",
    "pods",
    "servicecatalog-appregistry",
    "spot",
    "spotfleet",
    "transitgateway",
    "vmie",
    "vpc-flow-logs",
];

/// The part before the domain; nothing when the text does not end in one.
pub(crate) fn without_domain(text: &str) -> Option<&str> {
    DOMAINS.iter().find_map(|domain| text.strip_suffix(domain))
}

/// Whether the text has the form of a service principal: labels in lower case, and a domain of AWS.
pub(crate) fn has_form(text: &str) -> bool {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    without_domain(text).is_some_and(|name| {
        !name.is_empty() && name.bytes().all(fits) && !name.split('.').any(str::is_empty)
    })
}

/// Whether a service of AWS is known by the first label of its principal.
pub(crate) fn is_known_label(label: &str) -> bool {
    catalogue().service(label).is_some() || LABELS.contains(&label)
}
