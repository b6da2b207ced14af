//! Users, groups, roles and policies as the AWS CLI prints them: the API's members, with documents decoded.

use aws_sdk_iam::types::{
    AttachedPermissionsBoundary, AttachedPolicy, GroupDetail, InstanceProfile, ManagedPolicyDetail,
    Policy, PolicyDetail, PolicyVersion, Role, RoleDetail, RoleLastUsed, Tag, UserDetail,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value, json};

use crate::collection::policy_text::encoded_policy;

pub(super) fn user(user: &UserDetail) -> Value {
    object([
        ("Path", json!(user.path)),
        ("UserName", json!(user.user_name)),
        ("UserId", json!(user.user_id)),
        ("Arn", json!(user.arn)),
        ("CreateDate", time(user.create_date.as_ref())),
        ("UserPolicyList", inline(user.user_policy_list.as_deref())),
        ("GroupList", json!(user.group_list.clone().unwrap_or_default())),
        ("AttachedManagedPolicies", attached(user.attached_managed_policies.as_deref())),
        ("PermissionsBoundary", permissions_boundary(user.permissions_boundary.as_ref())),
        ("Tags", tags(user.tags.as_deref())),
    ])
}

pub(super) fn group(group: &GroupDetail) -> Value {
    object([
        ("Path", json!(group.path)),
        ("GroupName", json!(group.group_name)),
        ("GroupId", json!(group.group_id)),
        ("Arn", json!(group.arn)),
        ("CreateDate", time(group.create_date.as_ref())),
        ("GroupPolicyList", inline(group.group_policy_list.as_deref())),
        ("AttachedManagedPolicies", attached(group.attached_managed_policies.as_deref())),
    ])
}

pub(super) fn role(role: &RoleDetail) -> Value {
    let profiles = role.instance_profile_list.iter().flatten().map(instance_profile);
    object([
        ("Path", json!(role.path)),
        ("RoleName", json!(role.role_name)),
        ("RoleId", json!(role.role_id)),
        ("Arn", json!(role.arn)),
        ("CreateDate", time(role.create_date.as_ref())),
        ("AssumeRolePolicyDocument", encoded_policy(role.assume_role_policy_document.as_deref())),
        ("InstanceProfileList", profiles.collect()),
        ("RolePolicyList", inline(role.role_policy_list.as_deref())),
        ("AttachedManagedPolicies", attached(role.attached_managed_policies.as_deref())),
        ("PermissionsBoundary", permissions_boundary(role.permissions_boundary.as_ref())),
        ("Tags", tags(role.tags.as_deref())),
        ("RoleLastUsed", last_used(role.role_last_used.as_ref())),
    ])
}

pub(super) fn policy(policy: &ManagedPolicyDetail) -> Value {
    let versions = policy.policy_version_list.iter().flatten().map(version);
    // The ARN ends with the name, which some endpoints leave out.
    let name_in_arn = policy.arn.as_deref().and_then(|arn| arn.rsplit('/').next());
    object([
        ("PolicyName", json!(policy.policy_name.as_deref().or(name_in_arn))),
        ("PolicyId", json!(policy.policy_id)),
        ("Arn", json!(policy.arn)),
        ("Path", json!(policy.path)),
        ("DefaultVersionId", json!(policy.default_version_id)),
        ("AttachmentCount", json!(policy.attachment_count)),
        ("PermissionsBoundaryUsageCount", json!(policy.permissions_boundary_usage_count)),
        ("IsAttachable", json!(policy.is_attachable)),
        ("Description", json!(policy.description)),
        ("CreateDate", time(policy.create_date.as_ref())),
        ("UpdateDate", time(policy.update_date.as_ref())),
        ("PolicyVersionList", versions.collect()),
    ])
}

/// A policy that GetPolicy and GetPolicyVersion gave, in the form of the others.
pub(super) fn boundary_policy(policy: &Policy, default_version: &PolicyVersion) -> Value {
    object([
        ("PolicyName", json!(policy.policy_name)),
        ("PolicyId", json!(policy.policy_id)),
        ("Arn", json!(policy.arn)),
        ("Path", json!(policy.path)),
        ("DefaultVersionId", json!(policy.default_version_id)),
        ("AttachmentCount", json!(policy.attachment_count)),
        ("PermissionsBoundaryUsageCount", json!(policy.permissions_boundary_usage_count)),
        ("IsAttachable", json!(policy.is_attachable)),
        ("Description", json!(policy.description)),
        ("CreateDate", time(policy.create_date.as_ref())),
        ("UpdateDate", time(policy.update_date.as_ref())),
        ("PolicyVersionList", json!([version(default_version)])),
    ])
}

/// The ARN of the boundary of a user or role.
pub(super) fn boundary(item: &Value) -> Option<&str> {
    item.get("PermissionsBoundary")?.get("PermissionsBoundaryArn")?.as_str()
}

/// Members that the API leaves out are left out.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let present = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(present.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn time(time: Option<&DateTime>) -> Value {
    let text = time.and_then(|time| time.fmt(Format::DateTime).ok());
    json!(text.map(|text| text.replace('Z', "+00:00")))
}

fn version(version: &PolicyVersion) -> Value {
    object([
        ("Document", encoded_policy(version.document.as_deref())),
        ("VersionId", json!(version.version_id)),
        ("IsDefaultVersion", json!(version.is_default_version)),
        ("CreateDate", time(version.create_date.as_ref())),
    ])
}

fn inline(policies: Option<&[PolicyDetail]>) -> Value {
    let written = policies.unwrap_or_default().iter().map(|policy| {
        object([
            ("PolicyName", json!(policy.policy_name)),
            ("PolicyDocument", encoded_policy(policy.policy_document.as_deref())),
        ])
    });
    written.collect()
}

fn attached(policies: Option<&[AttachedPolicy]>) -> Value {
    let written = policies.unwrap_or_default().iter().map(|policy| {
        object([("PolicyName", json!(policy.policy_name)), ("PolicyArn", json!(policy.policy_arn))])
    });
    written.collect()
}

fn permissions_boundary(boundary: Option<&AttachedPermissionsBoundary>) -> Value {
    boundary.map_or(Value::Null, |boundary| {
        let kind = boundary.permissions_boundary_type.as_ref();
        object([
            ("PermissionsBoundaryType", json!(kind.map(|kind| kind.as_str()))),
            ("PermissionsBoundaryArn", json!(boundary.permissions_boundary_arn)),
        ])
    })
}

fn tags(tags: Option<&[Tag]>) -> Value {
    tags.unwrap_or_default()
        .iter()
        .map(|tag| json!({ "Key": tag.key, "Value": tag.value }))
        .collect()
}

fn last_used(used: Option<&RoleLastUsed>) -> Value {
    used.map_or(Value::Null, |used| {
        object([
            ("LastUsedDate", time(used.last_used_date.as_ref())),
            ("Region", json!(used.region)),
        ])
    })
}

fn instance_profile(profile: &InstanceProfile) -> Value {
    object([
        ("Path", json!(profile.path)),
        ("InstanceProfileName", json!(profile.instance_profile_name)),
        ("InstanceProfileId", json!(profile.instance_profile_id)),
        ("Arn", json!(profile.arn)),
        ("CreateDate", time(Some(&profile.create_date))),
        ("Roles", profile.roles.iter().map(profile_role).collect()),
        ("Tags", tags(profile.tags.as_deref())),
    ])
}

fn profile_role(role: &Role) -> Value {
    object([
        ("Path", json!(role.path)),
        ("RoleName", json!(role.role_name)),
        ("RoleId", json!(role.role_id)),
        ("Arn", json!(role.arn)),
        ("CreateDate", time(Some(&role.create_date))),
        ("AssumeRolePolicyDocument", encoded_policy(role.assume_role_policy_document.as_deref())),
    ])
}
