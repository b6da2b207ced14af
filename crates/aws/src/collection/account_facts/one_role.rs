//! One role, as GetAccountAuthorizationDetails has it.

use std::path::{Path, PathBuf};

use aws_sdk_iam::Client;
use aws_sdk_iam::types::{PolicyDetail, RoleDetail};
use serde_json::{Value, json};

use super::authorization_items::{boundary, boundary_policy, role};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Place, client};
use crate::collection::reading::Reading;
use crate::collection::snapshot_folder::change_file;
use crate::collection::unit::Collecting;
use crate::failure::{Cause, Failure};

/// Reads the role called `name` and puts it into the account's authorization details at `path`, or takes it out where it
/// is not there any more. Managed policies that the details lack are added.
///
/// # Errors
/// When the role cannot be read, so that the details stay as they are.
pub(in crate::collection) fn read_role(place: Place, path: PathBuf, name: String) -> Collecting {
    Box::pin(async move { read(&place, &path, &name).await })
}

async fn read(place: &Place, path: &Path, name: &str) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_iam);
    let asked = client.get_role().role_name(name).send();
    let found = match place.call("iam:GetRole", asked).await {
        Ok(answer) => answer.role,
        Err(failure) if failure.cause == Cause::NotFound || failure.code == "NoSuchEntity" => None,
        Err(failure) => return Err(failure),
    };
    let Some(found) = found else {
        place.account.check(change_file(path, |details| replace(details, name, None)));
        return Ok(());
    };
    let mut reading = place.reading(found.arn.clone());
    let page = async |marker| {
        let listed = client.list_role_policies().role_name(name).set_marker(marker).send();
        let listed = place.call("iam:ListRolePolicies", listed).await?;
        Ok(Page::new(Some(listed.policy_names), listed.marker))
    };
    let mut inline = Vec::new();
    for policy in pages::all("iam:ListRolePolicies", page).await? {
        let asked = client.get_role_policy().role_name(name).policy_name(policy).send();
        let got = place.call("iam:GetRolePolicy", asked).await?;
        inline.push(
            PolicyDetail::builder()
                .policy_name(got.policy_name)
                .policy_document(got.policy_document)
                .build(),
        );
    }
    let page = async |marker| {
        let listed = client.list_attached_role_policies().role_name(name).set_marker(marker);
        let listed = place.call("iam:ListAttachedRolePolicies", listed.send()).await?;
        Ok(Page::new(listed.attached_policies, listed.marker))
    };
    let attached = pages::all("iam:ListAttachedRolePolicies", page).await?;
    let arns: Vec<String> = attached.iter().filter_map(|own| own.policy_arn.clone()).collect();
    let detail = RoleDetail::builder()
        .path(found.path)
        .role_name(found.role_name)
        .role_id(found.role_id)
        .arn(found.arn)
        .create_date(found.create_date)
        .set_assume_role_policy_document(found.assume_role_policy_document)
        .set_role_policy_list(Some(inline))
        .set_attached_managed_policies(Some(attached))
        .set_permissions_boundary(found.permissions_boundary)
        .set_tags(found.tags)
        .set_role_last_used(found.role_last_used)
        .build();
    let item = role(&detail);
    let needed = arns.into_iter().chain(boundary(&item).map(str::to_owned));
    let policies = policies(place, &client, &mut reading, path, needed.collect()).await;
    let written = change_file(path, |details| {
        replace(details, name, Some(item));
        if let Some(Value::Array(all)) = details.get_mut("Policies") {
            all.extend(policies);
        }
    });
    place.account.check(written);
    Ok(())
}

/// The managed policies among `arns` that the details do not have.
async fn policies(
    place: &Place,
    client: &Client,
    reading: &mut Reading<'_>,
    path: &Path,
    arns: Vec<String>,
) -> Vec<Value> {
    let details: Value = std::fs::read(path)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_else(|| json!({}));
    let known = details.get("Policies").and_then(Value::as_array);
    let is_known = |arn: &str| {
        let mut known = known.into_iter().flatten();
        known.any(|own| own.get("Arn").and_then(Value::as_str) == Some(arn))
    };
    let mut read = Vec::new();
    for arn in arns.into_iter().filter(|arn| !is_known(arn)) {
        let asked = client.get_policy().policy_arn(&arn).send();
        let Ok(answer) =
            place.call("iam:GetPolicy", asked).await.map_err(|own| reading.failed(&own))
        else {
            continue;
        };
        let Some(policy) = answer.policy else { continue };
        let version = policy.default_version_id.clone().unwrap_or_default();
        let asked = client.get_policy_version().policy_arn(&arn).version_id(version).send();
        let version = place.call("iam:GetPolicyVersion", asked).await;
        let version = version.map_err(|own| reading.failed(&own)).ok();
        if let Some(version) = version.and_then(|answer| answer.policy_version) {
            read.push(boundary_policy(&policy, &version));
        }
    }
    read
}

/// Puts a role in the place of the one with its name; takes that one out where there is none to put.
fn replace(details: &mut Value, name: &str, role: Option<Value>) {
    let Some(Value::Array(roles)) = details.get_mut("RoleDetailList") else { return };
    let is_it = |own: &Value| own.get("RoleName").and_then(Value::as_str) == Some(name);
    let at = roles.iter().position(is_it);
    match (at.and_then(|at| roles.get_mut(at)), role) {
        (Some(present), Some(mut role)) => {
            // Which instances have it, its own operations do not say.
            if let Some(profiles) = present.get("InstanceProfileList").cloned()
                && let Value::Object(members) = &mut role
            {
                members.insert("InstanceProfileList".to_owned(), profiles);
            }
            *present = role;
        }
        (None, Some(role)) => roles.push(role),
        (Some(_), None) => roles.retain(|own| !is_it(own)),
        (None, None) => {}
    }
}
