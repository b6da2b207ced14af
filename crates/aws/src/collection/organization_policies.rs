//! Service control policies and resource control policies, and what they are attached to.

use std::collections::BTreeSet;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{PolicySummary, PolicyType};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::organization::AT_ONCE;
use super::pages::{self, Page};
use super::place::Place;
use super::policy_text::policy;
use crate::failure::Failure;

/// What could be read of the policies.
pub(super) struct Policies {
    pub(super) file: Vec<Value>,
    /// Types of which something is missing.
    pub(super) unread_types: BTreeSet<&'static str>,
}

const TYPES: [(PolicyType, &str); 2] = [
    (PolicyType::ServiceControlPolicy, "SERVICE_CONTROL_POLICY"),
    (PolicyType::ResourceControlPolicy, "RESOURCE_CONTROL_POLICY"),
];

/// Reads both types.
pub(super) async fn read(place: &Place, client: &Client) -> Policies {
    let mut policies = Policies { file: Vec::new(), unread_types: BTreeSet::new() };
    for (policy_type, name) in TYPES {
        match of_type(place, client, policy_type).await {
            Ok(read) => {
                if read.iter().any(Option::is_none) {
                    policies.unread_types.insert(name);
                }
                policies.file.extend(read.into_iter().flatten());
            }
            // An organization that has not switched the type on has none of it.
            Err(failure) if failure.code == "PolicyTypeNotEnabledException" => {}
            // China's Regions may not know a type of policy that is younger than they are.
            Err(failure)
                if failure.code == "UnsupportedAPIEndpointException"
                    && place.account.partition != "aws" =>
            {
                place
                    .account
                    .absent_from_partition(&format!("policies of the type `{name}`"), None);
            }
            Err(failure) => {
                policies.unread_types.insert(name);
                place.not_read(None, &failure);
            }
        }
    }
    policies
}

async fn of_type(
    place: &Place,
    client: &Client,
    policy_type: PolicyType,
) -> Result<Vec<Option<Value>>, Failure> {
    let page = async |token| {
        let listed = client.list_policies().filter(policy_type.clone()).set_next_token(token);
        let listed = place.call("organizations:ListPolicies", listed.send()).await?;
        Ok(Page::new(listed.policies, listed.next_token))
    };
    let mut summaries = pages::all("organizations:ListPolicies", page).await?;
    summaries.sort_by(|one, other| one.id.cmp(&other.id));
    let read = stream::iter(summaries).map(|summary| one(place, client, summary));
    Ok(read.buffered(AT_ONCE).collect().await)
}

/// A policy, or nothing when a part of it could not be read. One that was deleted meanwhile binds nobody.
async fn one(place: &Place, client: &Client, summary: PolicySummary) -> Option<Value> {
    let id = summary.id.clone().unwrap_or_default();
    let arn = summary.arn.clone().unwrap_or_else(|| id.clone());
    let described = client.describe_policy().policy_id(&id).send();
    let described = place.call("organizations:DescribePolicy", described).await;
    let page = async |token| {
        let listed = client.list_targets_for_policy().policy_id(&id).set_next_token(token).send();
        let listed = place.call("organizations:ListTargetsForPolicy", listed).await?;
        Ok(Page::new(listed.targets, listed.next_token))
    };
    let content = match described {
        Ok(answer) => answer.policy.and_then(|policy| policy.content),
        Err(failure) => return missing(place, &arn, &failure),
    };
    let mut targets = match pages::all("organizations:ListTargetsForPolicy", page).await {
        Ok(targets) => targets,
        Err(failure) => return missing(place, &arn, &failure),
    };
    targets.sort_by(|one, other| one.target_id.cmp(&other.target_id));
    let targets = targets.iter().map(|target| {
        json!({
            "TargetId": target.target_id,
            "Arn": target.arn,
            "Name": target.name,
            "Type": target.r#type.as_ref().map(|it| it.as_str()),
        })
    });
    Some(json!({
        "PolicySummary": {
            "Id": id,
            "Arn": summary.arn,
            "Name": summary.name,
            "Description": summary.description.unwrap_or_default(),
            "Type": summary.r#type.as_ref().map(|it| it.as_str()),
            "AwsManaged": summary.aws_managed,
        },
        "Content": policy(content.as_deref()),
        "Targets": targets.collect::<Vec<_>>(),
    }))
}

fn missing(place: &Place, arn: &str, failure: &Failure) -> Option<Value> {
    place.not_read(Some(arn), failure);
    None
}
