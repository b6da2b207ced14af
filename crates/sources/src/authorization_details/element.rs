//! One user, group, role or managed policy of authorization details.

use std::sync::Arc;

use ringfence_access::inventory::{
    Group, IdentityPolicies, InlinePolicy, ManagedPolicy, NotAnalyzed, ResourceType, Role, User,
};
use ringfence_policy::json::Value;
use ringfence_policy::location::Position;
use ringfence_policy::{Arn, Partition};

use crate::error::SourceError;
use crate::file::parse_tree;
use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, list, member, object_here, optional_bool, optional_text, required,
    required_text, tags, text, text_list,
};

/// The lists of authorization details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    Users,
    Groups,
    Roles,
    Policies,
}

/// An element of one of the lists, and where it stands.
pub(super) struct Element<'t> {
    pub(super) list: List,
    pub(super) file: &'t Arc<str>,
    pub(super) text: &'t str,
    pub(super) start: Position,
}

/// What became of an element.
pub(super) struct ReadElement {
    pub(super) list: List,
    pub(super) start: Position,
    /// Its ARN, even when nothing else of it can be read.
    pub(super) arn: Option<String>,
    pub(super) item: Option<Item>,
    pub(super) not_analyzed: Vec<NotAnalyzed>,
}

/// What an element is.
pub(super) enum Item {
    User(User),
    Group(Group),
    Role(Role),
    Policy(ManagedPolicy),
}

impl List {
    /// The list that AWS calls `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "UserDetailList" => Some(Self::Users),
            "GroupDetailList" => Some(Self::Groups),
            "RoleDetailList" => Some(Self::Roles),
            "Policies" => Some(Self::Policies),
            _ => None,
        }
    }
}

/// Reads the element; whatever is wrong with it becomes an entry.
pub(super) fn read(element: &Element<'_>, partition: Option<Partition>) -> ReadElement {
    let mut read = ReadElement {
        list: element.list,
        start: element.start,
        arn: None,
        item: None,
        not_analyzed: Vec::new(),
    };
    let error = match parse_tree(element.text) {
        Err(problem) => Some(SourceError::at(element.file, element.start, problem)),
        Ok(parsed) => {
            let mut part = Part::new(element.file, element.text, element.start);
            read.arn = parsed.value.get("Arn").and_then(Value::as_str).map(str::to_owned);
            part.not_json(&parsed).or_else(|| {
                match item(&mut part, element.list, partition, &parsed.value) {
                    Ok(item) => {
                        read.item = Some(item);
                        read.not_analyzed = part.policy_problems();
                        part.said_twice(&parsed)
                    }
                    Err(error) => Some(part.shape_error(error)),
                }
            })
        }
    };
    if let Some(error) = error {
        read.item = None;
        read.not_analyzed = vec![error.into_not_analyzed()];
    }
    for entry in &mut read.not_analyzed {
        entry.resource = read.arn.clone();
        if element.list == List::Roles {
            entry.resource_type = Some(ResourceType::IamRole.as_str().to_owned());
            entry.region = Some("global".to_owned());
        }
    }
    read
}

fn item(
    part: &mut Part<'_>,
    list: List,
    partition: Option<Partition>,
    value: &Value<'_>,
) -> Shaped<Item> {
    object_here(value)?;
    let arn_value = required(value, "Arn")?;
    let arn = text(arn_value, "Arn")?.to_owned();
    let (kind, expected) = match list {
        List::Users => ("user/", "a user"),
        List::Groups => ("group/", "a group"),
        List::Roles => ("role/", "a role"),
        List::Policies => ("policy/", "a managed policy"),
    };
    let parsed = Arn::parse(&arn).filter(|parsed| {
        parsed.service == "iam"
            && parsed.resource.starts_with(kind)
            && (parsed.account_id().is_some() || list == List::Policies && parsed.account == "aws")
            && partition.is_none_or(|partition| partition.as_str() == parsed.partition)
    });
    if parsed.is_none() {
        let message = format!("`{arn}` is not the ARN of {expected} in this partition");
        return Err(ShapeError::new(arn_value, message));
    }
    Ok(match list {
        List::Users => Item::User(user(part, arn, value)?),
        List::Groups => Item::Group(Group {
            arn,
            name: required_text(value, "GroupName")?.to_owned(),
            policies: identity_policies(part, value, "GroupPolicyList")?,
        }),
        List::Roles => Item::Role(role(part, arn, value)?),
        List::Policies => Item::Policy(managed_policy(part, arn, value)?),
    })
}

fn user(part: &Part<'_>, arn: String, value: &Value<'_>) -> Shaped<User> {
    Ok(User {
        arn,
        name: required_text(value, "UserName")?.to_owned(),
        id: optional_text(value, "UserId")?,
        tags: tags(value, "Tags")?,
        groups: text_list(value, "GroupList")?,
        policies: identity_policies(part, value, "UserPolicyList")?,
        permissions_boundary: permissions_boundary(value)?,
    })
}

fn role(part: &mut Part<'_>, arn: String, value: &Value<'_>) -> Shaped<Role> {
    let missing = || ShapeError::new(value, "`AssumeRolePolicyDocument` is missing here");
    Ok(Role {
        arn,
        name: required_text(value, "RoleName")?.to_owned(),
        id: optional_text(value, "RoleId")?,
        tags: tags(value, "Tags")?,
        trust_policy: part.policy(value, "AssumeRolePolicyDocument")?.ok_or_else(missing)?,
        policies: identity_policies(part, value, "RolePolicyList")?,
        permissions_boundary: permissions_boundary(value)?,
    })
}

fn permissions_boundary(value: &Value<'_>) -> Shaped<Option<String>> {
    let Some(boundary) = member(value, "PermissionsBoundary") else { return Ok(None) };
    Ok(Some(required_text(boundary, "PermissionsBoundaryArn")?.to_owned()))
}

fn identity_policies(
    part: &Part<'_>,
    value: &Value<'_>,
    inline_name: &str,
) -> Shaped<IdentityPolicies> {
    let mut policies = IdentityPolicies::default();
    for inline in list(value, inline_name)? {
        let name = required_text(inline, "PolicyName")?.to_owned();
        let policy = document(part, inline, "PolicyDocument")?;
        policies.inline.push(InlinePolicy { name, policy });
    }
    for attached in list(value, "AttachedManagedPolicies")? {
        policies.attached.push(required_text(attached, "PolicyArn")?.to_owned());
    }
    Ok(policies)
}

fn managed_policy(part: &Part<'_>, arn: String, value: &Value<'_>) -> Shaped<ManagedPolicy> {
    for version in list(value, "PolicyVersionList")? {
        if optional_bool(version, "IsDefaultVersion")? == Some(true) {
            let name = required_text(value, "PolicyName")?.to_owned();
            return Ok(ManagedPolicy { arn, name, policy: document(part, version, "Document")? });
        }
    }
    Err(ShapeError::new(value, "no version in `PolicyVersionList` is the default version"))
}

/// The document of an identity policy, which external access does not depend on.
fn document(
    part: &Part<'_>,
    value: &Value<'_>,
    name: &str,
) -> Shaped<ringfence_access::inventory::PolicySource> {
    let missing = || ShapeError::new(value, format!("`{name}` is missing here"));
    part.unchecked_policy(required(value, name)?, name)?.ok_or_else(missing)
}
