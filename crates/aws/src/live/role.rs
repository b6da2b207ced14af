//! A role that is to go: what it is, what else uses it, how it is deleted and made again.
//!
//! A role that is made again has another unique id (`AROA…`). Policies of others that named the old one in their
//! Principal hold its id by now and do not let the new one in.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::{Role as IamRole, Tag};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use ringfence_response::slot::Target;
use serde::{Deserialize, Serialize};

use super::accounts::{Accounts, Purpose};
use super::arn::role_name;
use super::canonical::same;
use super::place::Place;
use super::role_mentions::mentions;
use super::unit::Form;
use super::write_failure::WriteFailure;
use crate::client::client;
use crate::collection::pages::{self, Page};
use crate::failure::{Cause, Failure};

/// Every action that looking at a role takes.
pub(super) const READ_ACTIONS: &[&str] = &[
    "iam:GetAccountAuthorizationDetails",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
];

/// Every action that deleting a role and making it again takes besides looking at it.
pub(super) const DELETE_ACTIONS: &[&str] = &[
    "iam:AddRoleToInstanceProfile",
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
    "iam:PassRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:TagRole",
];

/// Everything that a role is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleDefinition {
    /// Its ARN.
    pub arn: String,
    /// Its unique id, which it has only once.
    pub role_id: String,
    /// Its path, `/` where it has none.
    pub path: String,
    /// Its name.
    pub role_name: String,
    /// Its trust policy.
    pub assume_role_policy_document: String,
    /// What it is for.
    pub description: Option<String>,
    /// How many seconds a session lasts at most.
    pub max_session_duration: Option<i32>,
    /// The ARN of the policy that bounds it.
    pub permissions_boundary: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The ARNs of the managed policies that are attached to it.
    pub attached_policies: BTreeSet<String>,
    /// Its own policies, by name.
    pub inline_policies: BTreeMap<String, String>,
    /// The instance profiles that it is in, by name.
    pub instance_profiles: BTreeSet<String>,
}

/// What else uses a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleUses {
    /// When it was used last, in the 400 days that IAM keeps, and in which Region.
    pub last_used: Option<(Timestamp, String)>,
    /// Instance profiles with it: the instances that run with them lose their access.
    pub instance_profiles: BTreeSet<String>,
    /// ARNs of roles of the account whose trust policies name it.
    pub trusted_by: BTreeSet<String>,
    /// ARNs of users, groups, roles and policies of the account whose permissions name it.
    pub mentioned_by: BTreeSet<String>,
}

/// A role that was made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredRole {
    /// Its ARN, which is the old one.
    pub arn: String,
    /// Its unique id, which is new.
    pub role_id: String,
    /// What a person should know of it.
    pub note: String,
}

impl Accounts {
    /// What a role is, and what else uses it as far as its account says: resources of other accounts, functions and tasks
    /// that run with it are not among it.
    ///
    /// # Errors
    /// When it cannot be read whole.
    pub async fn role(&self, target: &Target) -> Result<(RoleDefinition, RoleUses), Failure> {
        let place = self.place(Purpose::Read, &target.account, "global").await?;
        let role = get(&place, role_name(target)?).await?;
        let used = role.role_last_used.as_ref();
        let last_used = used.and_then(|used| {
            let at = Timestamp::from_second(used.last_used_date.as_ref()?.secs()).ok()?;
            Some((at, used.region.clone().unwrap_or_default()))
        });
        let definition = definition(&place, role).await?;
        let (trusted_by, mentioned_by) = mentions(&place, &definition.arn).await?;
        let instance_profiles = definition.instance_profiles.clone();
        let uses = RoleUses { last_used, instance_profiles, trusted_by, mentioned_by };
        Ok((definition, uses))
    }

    /// Deletes a role that still is what was decided about. Whoever died in the middle deletes again; a role that is not
    /// there is deleted.
    ///
    /// # Errors
    /// When it is another role by now, has more than it had, or a call is refused. What was detached until then stays so.
    pub async fn delete_role(
        &self,
        target: &Target,
        expected: &RoleDefinition,
    ) -> Result<(), WriteFailure> {
        let place = self.place(Purpose::Change, &target.account, "global").await?;
        let name = role_name(target)?;
        let role = match get(&place, name).await {
            Err(failure) if failure.cause == Cause::NotFound => return Ok(()),
            role => role?,
        };
        let now = definition(&place, role).await?;
        if !now.is_part_of(expected, &place.partition) {
            let now = serde_json::to_string(&now).ok();
            return Err(WriteFailure::Changed { now });
        }
        let client = client!(place, aws_sdk_iam);
        for profile in &now.instance_profiles {
            let asked = client.remove_role_from_instance_profile().role_name(name);
            let asked = asked.instance_profile_name(profile).send();
            place.call("iam:RemoveRoleFromInstanceProfile", asked).await?;
        }
        for policy in &now.attached_policies {
            let asked = client.detach_role_policy().role_name(name).policy_arn(policy).send();
            place.call("iam:DetachRolePolicy", asked).await?;
        }
        for policy in now.inline_policies.keys() {
            let asked = client.delete_role_policy().role_name(name).policy_name(policy).send();
            place.call("iam:DeleteRolePolicy", asked).await?;
        }
        let asked = client.delete_role().role_name(name).send();
        place.call("iam:DeleteRole", asked).await?;
        Ok(())
    }

    /// Makes a role again that was deleted. Whoever died in the middle makes again.
    ///
    /// # Errors
    /// When there is another role of the name, or a call is refused.
    pub async fn restore_role(
        &self,
        account: &str,
        role: &RoleDefinition,
    ) -> Result<RestoredRole, WriteFailure> {
        let place = self.place(Purpose::Change, account, "global").await?;
        let client = client!(place, aws_sdk_iam);
        let name = &role.role_name;
        let role_id = match get(&place, name).await {
            Err(failure) if failure.cause == Cause::NotFound => create(&place, role).await?,
            found => {
                let now = definition(&place, found?).await?;
                if !now.is_part_of(role, &place.partition) {
                    let now = serde_json::to_string(&now).ok();
                    return Err(WriteFailure::Changed { now });
                }
                now.role_id
            }
        };
        for (policy, document) in &role.inline_policies {
            let asked = client.put_role_policy().role_name(name).policy_name(policy);
            place.call("iam:PutRolePolicy", asked.policy_document(document).send()).await?;
        }
        for policy in &role.attached_policies {
            let asked = client.attach_role_policy().role_name(name).policy_arn(policy).send();
            place.call("iam:AttachRolePolicy", asked).await?;
        }
        let there: BTreeSet<String> = instance_profiles(&place, name).await?;
        for profile in role.instance_profiles.difference(&there) {
            let asked = client.add_role_to_instance_profile().role_name(name);
            let asked = asked.instance_profile_name(profile).send();
            place.call("iam:AddRoleToInstanceProfile", asked).await?;
        }
        let note = format!(
            "`{}` was made again and has the unique id `{role_id}`, where it had `{}`: policies elsewhere that named the \
             old role do not let the new one in until they are written again",
            role.arn, role.role_id
        );
        Ok(RestoredRole { arn: role.arn.clone(), role_id, note })
    }
}

impl RoleDefinition {
    /// Whether a role is another one, or has something that the other has not. What is missing may have been taken from it
    /// by a deletion that did not end, or not yet given back. Of one that was made again, the id does not count.
    fn is_part_of(&self, whole: &Self, partition: &str) -> bool {
        let same = |one: &str, other: &str| same(Form::Policy, partition, Some(one), Some(other));
        let inline = self.inline_policies.iter().all(|(name, document)| {
            whole.inline_policies.get(name).is_some_and(|other| same(document, other))
        });
        self.arn == whole.arn
            && inline
            && same(&self.assume_role_policy_document, &whole.assume_role_policy_document)
            && self.permissions_boundary == whole.permissions_boundary
            && self.attached_policies.is_subset(&whole.attached_policies)
            && self.instance_profiles.is_subset(&whole.instance_profiles)
    }
}

async fn get(place: &Place, name: &str) -> Result<IamRole, Failure> {
    let client = client!(place, aws_sdk_iam);
    let answer = place.call("iam:GetRole", client.get_role().role_name(name).send()).await?;
    answer.role.ok_or_else(|| Failure::new("iam:GetRole", Cause::Unintelligible, "no role"))
}

async fn definition(place: &Place, role: IamRole) -> Result<RoleDefinition, Failure> {
    let client = client!(place, aws_sdk_iam);
    let name = role.role_name;
    let action = "iam:ListAttachedRolePolicies";
    let page = async |token| {
        let asked = client.list_attached_role_policies().role_name(&name).set_marker(token).send();
        let listed = place.call(action, asked).await?;
        Ok(Page::new(listed.attached_policies, listed.marker))
    };
    let attached = pages::all(action, page).await?;
    let action = "iam:ListRolePolicies";
    let page = async |token| {
        let asked = client.list_role_policies().role_name(&name).set_marker(token).send();
        let listed = place.call(action, asked).await?;
        Ok(Page { items: listed.policy_names, next: listed.marker })
    };
    let mut inline_policies = BTreeMap::new();
    for policy in pages::all(action, page).await? {
        let asked = client.get_role_policy().role_name(&name).policy_name(&policy).send();
        let answer = place.call("iam:GetRolePolicy", asked).await?;
        inline_policies.insert(policy, decoded(&answer.policy_document));
    }
    let tags = role.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
    let boundary = role.permissions_boundary.and_then(|it| it.permissions_boundary_arn);
    Ok(RoleDefinition {
        arn: role.arn,
        role_id: role.role_id,
        path: role.path,
        assume_role_policy_document: decoded(
            role.assume_role_policy_document.as_deref().unwrap_or_default(),
        ),
        description: role.description.filter(|text| !text.is_empty()),
        max_session_duration: role.max_session_duration,
        permissions_boundary: boundary,
        tags: tags.collect(),
        attached_policies: attached.into_iter().filter_map(|policy| policy.policy_arn).collect(),
        inline_policies,
        instance_profiles: instance_profiles(place, &name).await?,
        role_name: name,
    })
}

async fn instance_profiles(place: &Place, name: &str) -> Result<BTreeSet<String>, Failure> {
    let client = client!(place, aws_sdk_iam);
    let action = "iam:ListInstanceProfilesForRole";
    let page = async |token| {
        let asked = client.list_instance_profiles_for_role().role_name(name);
        let listed = place.call(action, asked.set_marker(token).send()).await?;
        Ok(Page { items: listed.instance_profiles, next: listed.marker })
    };
    let profiles = pages::all(action, page).await?;
    Ok(profiles.into_iter().map(|profile| profile.instance_profile_name).collect())
}

async fn create(place: &Place, role: &RoleDefinition) -> Result<String, WriteFailure> {
    let client = client!(place, aws_sdk_iam);
    let tags = role.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags: Result<Vec<Tag>, _> = tags.collect();
    let tags = tags.map_err(|error| WriteFailure::Malformed { detail: error.to_string() })?;
    let asked = client
        .create_role()
        .path(&role.path)
        .role_name(&role.role_name)
        .assume_role_policy_document(&role.assume_role_policy_document)
        .set_description(role.description.clone())
        .set_max_session_duration(role.max_session_duration)
        .set_permissions_boundary(role.permissions_boundary.clone())
        .set_tags(Some(tags).filter(|tags| !tags.is_empty()))
        .send();
    let made = place.call("iam:CreateRole", asked).await?;
    Ok(made.role.map(|role| role.role_id).unwrap_or_default())
}

/// IAM gives documents URL-encoded.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
