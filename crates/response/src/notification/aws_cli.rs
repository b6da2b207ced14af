//! Taking a plan's statements out of a policy with AWS's own command line: the policy is read, filtered, and written back.
//!
//! A role's trust policy comes as JSON that the AWS CLI filters by itself; those of other services come as text, which
//! `jq` reads.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::Plan;
use crate::resolution::sid;
use crate::slot::{Slot, Target};

/// A policy to which a plan adds statements, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddedStatements {
    /// The policy.
    pub slot: Slot,
    /// The Sids of the statements.
    pub sids: Vec<String>,
}

/// What a plan adds to policies; empty where it does anything else as well, or where nothing would be left of a policy
/// without it.
#[must_use]
pub fn added_statements(plan: &Plan) -> Vec<AddedStatements> {
    let added: Option<Vec<AddedStatements>> = plan
        .edits
        .iter()
        .map(|edit| {
            let (before, after) =
                (statements(edit.before.as_deref()?)?, statements(edit.after.as_deref()?)?);
            let new = after.iter().filter(|own| !before.contains(own));
            let sids: Option<Vec<String>> = new.map(sid_of).collect();
            let sids = sids.filter(|sids| !sids.is_empty() && !before.is_empty())?;
            // What was there before is all there still.
            (after.len() == before.len() + sids.len())
                .then(|| AddedStatements { slot: edit.slot.clone(), sids })
        })
        .collect();
    added.unwrap_or_default()
}

fn statements(policy: &str) -> Option<Vec<Value>> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    match policy.get("Statement")? {
        Value::Array(all) => Some(all.clone()),
        one => Some(vec![one.clone()]),
    }
}

/// The Sid of a statement of ours.
fn sid_of(statement: &Value) -> Option<String> {
    let own = statement.get("Sid")?.as_str()?;
    sid::decode(own).map(|_| own.to_owned())
}

/// The commands; nothing where one of the policies has none, or a name in them is one that a shell would read.
pub(super) fn commands(target: &Target, added: &[AddedStatements]) -> Option<Vec<String>> {
    let all: Option<Vec<[String; 2]>> = added
        .iter()
        .enumerate()
        .map(|(number, own)| policy_commands(target, own, &file(number)))
        .collect();
    all.map(|all| all.into_iter().flatten().collect()).filter(|all: &Vec<_>| !all.is_empty())
}

/// Whether the commands take `jq`.
pub(super) fn takes_jq(added: &[AddedStatements]) -> bool {
    added.iter().any(|own| own.slot != Slot::RoleTrustPolicy)
}

fn file(number: usize) -> String {
    match number {
        0 => "policy.json".to_owned(),
        number => format!("policy-{number}.json"),
    }
}

/// How a policy is read and written.
struct Calls {
    /// The call that reads it, and where in its answer the text is.
    get: String,
    query: &'static str,
    /// The call that writes it, up to the file.
    put: String,
    /// What the file holds, where it is not the policy: a filter.
    file: &'static str,
}

fn policy_commands(target: &Target, added: &AddedStatements, file: &str) -> Option<[String; 2]> {
    if !added.sids.iter().all(|sid| sid.bytes().all(|own| own.is_ascii_alphanumeric())) {
        return None;
    }
    let name = target.arn.rsplit('/').next()?;
    if added.slot == Slot::RoleTrustPolicy {
        return is_word(name).then(|| of_role(name, &added.sids, file));
    }
    let Calls { get, query, put, file: held } = calls(target, &added.slot)?;
    let region = match target.region.as_str() {
        "" | "global" => String::new(),
        region => format!(" --region {}", word(region)?),
    };
    let kept = joined(&added.sids, |sid| format!(".Sid != \"{sid}\""), " and ");
    let filter = format!(".Statement |= map(select({kept})){held}");
    Some([
        format!("aws {get}{region} --query {query} --output text | jq '{filter}' > {file}"),
        format!("aws {put}{region}").replace("FILE", &format!("file://{file}")),
    ])
}

/// `merge` keeps what else the policy has.
fn of_role(role: &str, sids: &[String], file: &str) -> [String; 2] {
    let document = "Role.AssumeRolePolicyDocument";
    let kept = joined(sids, |sid| format!("Sid!='{sid}'"), " && ");
    let query = format!("merge({document}, {{Statement: {document}.Statement[?{kept}]}})");
    [
        format!("aws iam get-role --role-name {role} --output json --query \"{query}\" > {file}"),
        format!(
            "aws iam update-assume-role-policy --role-name {role} --policy-document file://{file}"
        ),
    ]
}

/// The calls of the service that keeps the policy; nothing where they take more than a policy.
fn calls(target: &Target, slot: &Slot) -> Option<Calls> {
    let arn = word(&target.arn)?;
    let account = word(&target.account)?;
    let resource = target.arn.splitn(6, ':').nth(5)?;
    let after_slash = || resource.split_once('/').and_then(|(_, name)| word(name));
    let of = |get: String, query, put: String| Some(Calls { get, query, put, file: "" });
    match slot {
        Slot::BucketPolicy | Slot::DirectoryBucketPolicy => {
            let bucket = word(resource.strip_prefix("bucket/").unwrap_or(resource))?;
            of(
                format!("s3api get-bucket-policy --bucket {bucket}"),
                "Policy",
                format!("s3api put-bucket-policy --bucket {bucket} --policy FILE"),
            )
        }
        Slot::AccessPointPolicy { access_point_arn } => {
            let mut parts = access_point_arn.splitn(6, ':').skip(4);
            let account = word(parts.next()?)?;
            // A multi-Region access point is changed by a request that is carried out later.
            let name =
                parts.next()?.strip_prefix("accesspoint/").filter(|own| !own.ends_with(".mrap"))?;
            let which = format!("--account-id {account} --name {}", word(name)?);
            of(
                format!("s3control get-access-point-policy {which}"),
                "Policy",
                format!("s3control put-access-point-policy {which} --policy FILE"),
            )
        }
        Slot::KeyPolicy => of(
            format!("kms get-key-policy --key-id {arn} --policy-name default"),
            "Policy",
            format!("kms put-key-policy --key-id {arn} --policy-name default --policy FILE"),
        ),
        Slot::QueuePolicy => {
            let region = word(&target.region)?;
            let url = format!(
                "--queue-url \"$(aws sqs get-queue-url --queue-name {} --queue-owner-aws-account-id {account} --region {region} --query QueueUrl --output text)\"",
                word(resource)?
            );
            Some(Calls {
                get: format!("sqs get-queue-attributes {url} --attribute-names Policy"),
                query: "Attributes.Policy",
                put: format!("sqs set-queue-attributes {url} --attributes FILE"),
                file: " | {Policy: tojson}",
            })
        }
        Slot::TopicPolicy => of(
            format!("sns get-topic-attributes --topic-arn {arn}"),
            "Attributes.Policy",
            format!(
                "sns set-topic-attributes --topic-arn {arn} --attribute-name Policy --attribute-value FILE"
            ),
        ),
        Slot::SecretPolicy => of(
            format!("secretsmanager get-resource-policy --secret-id {arn}"),
            "ResourcePolicy",
            format!("secretsmanager put-resource-policy --secret-id {arn} --resource-policy FILE"),
        ),
        Slot::RepositoryPolicy => {
            let which = format!("--registry-id {account} --repository-name {}", after_slash()?);
            of(
                format!("ecr get-repository-policy {which}"),
                "policyText",
                format!("ecr set-repository-policy {which} --policy-text FILE"),
            )
        }
        Slot::FileSystemPolicy => {
            let system = after_slash()?;
            of(
                format!("efs describe-file-system-policy --file-system-id {system}"),
                "Policy",
                format!("efs put-file-system-policy --file-system-id {system} --policy FILE"),
            )
        }
        Slot::TablePolicy | Slot::StreamPolicy => of(
            format!("dynamodb get-resource-policy --resource-arn {arn}"),
            "Policy",
            format!("dynamodb put-resource-policy --resource-arn {arn} --policy FILE"),
        ),
        // These hold no policy document as a whole, or hold no statements of ours.
        Slot::RoleTrustPolicy
        | Slot::BucketAcl
        | Slot::BucketPublicAccessBlock
        | Slot::KeyGrant { .. }
        | Slot::FunctionPolicy
        | Slot::LayerPolicy
        | Slot::VolumeSnapshotSharing
        | Slot::DatabaseSnapshotSharing
        | Slot::ClusterSnapshotSharing => None,
    }
}

fn joined(sids: &[String], form: impl Fn(&String) -> String, by: &str) -> String {
    sids.iter().map(form).collect::<Vec<_>>().join(by)
}

/// A name that a shell takes as one word, and a command not as an option.
fn is_word(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && name.chars().all(|own| own.is_ascii_alphanumeric() || "+=,.@_-/:".contains(own))
}

fn word(name: &str) -> Option<&str> {
    is_word(name).then_some(name)
}

#[cfg(test)]
mod tests;
