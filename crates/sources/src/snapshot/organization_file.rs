//! `organization.json`: the organization, its tree, its accounts and the policies that bind them.
//!
//! Anything wrong but the documents of its policies makes the whole file unusable: with half of an
//! organization, accounts would be taken for strangers and policies for absent.

use std::collections::BTreeMap;

use ringfence_access::inventory::{
    Organization, OrganizationAccount, OrganizationPolicy, OrganizationPolicyType,
    OrganizationalUnit, Root,
};
use ringfence_policy::json::Value;

use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, account_id, list, member, object_here, optional_text, required,
    required_text, tags, text,
};

/// The organization that the file describes.
pub(super) fn organization(part: &mut Part<'_>, value: &Value<'_>) -> Shaped<Organization> {
    object_here(value)?;
    let head = required(value, "Organization")?;
    let mut organization = Organization {
        id: required_text(head, "Id")?.to_owned(),
        management_account: account_id(required(head, "MasterAccountId")?, "MasterAccountId")?,
        roots: BTreeMap::new(),
        units: BTreeMap::new(),
        accounts: BTreeMap::new(),
        policies: Vec::new(),
        file: part.file().clone(),
    };
    for element in list(value, "Roots")? {
        let root = root(element)?;
        organization.roots.insert(root.id.clone(), root);
    }
    for element in list(value, "OrganizationalUnits")? {
        let unit = OrganizationalUnit {
            id: required_text(element, "Id")?.to_owned(),
            name: optional_text(element, "Name")?.unwrap_or_default(),
            parent_id: required_text(element, "ParentId")?.to_owned(),
        };
        organization.units.insert(unit.id.clone(), unit);
    }
    for element in list(value, "Accounts")? {
        let account = account(element)?;
        let id = account.id.clone();
        if organization.accounts.insert(id.clone(), account).is_some() {
            return Err(ShapeError::new(element, format!("account `{id}` is listed twice")));
        }
    }
    for element in list(value, "Policies")? {
        organization.policies.extend(policy(part, element)?);
    }
    let given_paths = given_paths(value)?;
    let organization =
        organization.complete().map_err(|error| ShapeError::new(value, error.to_string()))?;
    for (path, account) in given_paths {
        let follows = organization.org_path(&account_id(account, "Id")?).unwrap_or_default();
        if text(path, "OrgPath")? != follows {
            let message =
                format!("`OrgPath` does not follow from `ParentId`, which gives `{follows}`");
            return Err(ShapeError::new(path, message));
        }
    }
    Ok(organization)
}

fn root(value: &Value<'_>) -> Shaped<Root> {
    let mut root = Root { id: required_text(value, "Id")?.to_owned(), enabled: [].into() };
    for policy_type in list(value, "PolicyTypes")? {
        let named = required_text(policy_type, "Type")?;
        if required_text(policy_type, "Status")? == "ENABLED" {
            root.enabled.extend(policy_type_named(named));
        }
    }
    Ok(root)
}

fn account(value: &Value<'_>) -> Shaped<OrganizationAccount> {
    Ok(OrganizationAccount {
        id: account_id(required(value, "Id")?, "Id")?,
        name: optional_text(value, "Name")?.unwrap_or_default(),
        status: optional_text(value, "Status")?,
        parent_id: required_text(value, "ParentId")?.to_owned(),
        org_path: String::new(), // Follows from the tree.
        tags: tags(value, "Tags")?,
    })
}

/// The paths that accounts are given, each with the account's id.
fn given_paths<'v, 't>(value: &'v Value<'t>) -> Shaped<Vec<(&'v Value<'t>, &'v Value<'t>)>> {
    let mut paths = Vec::new();
    for account in list(value, "Accounts")? {
        if let Some(path) = member(account, "OrgPath") {
            paths.push((path, required(account, "Id")?));
        }
    }
    Ok(paths)
}

/// Nothing for a policy of a type that does not decide about access, such as a tag policy.
fn policy(part: &mut Part<'_>, value: &Value<'_>) -> Shaped<Option<OrganizationPolicy>> {
    let summary = required(value, "PolicySummary")?;
    let Some(policy_type) = policy_type_named(required_text(summary, "Type")?) else {
        return Ok(None);
    };
    let target = |target| Ok(required_text(target, "TargetId")?.to_owned());
    let missing = || ShapeError::new(value, "`Content` is missing here");
    Ok(Some(OrganizationPolicy::new(
        required_text(summary, "Id")?.to_owned(),
        optional_text(summary, "Name")?.unwrap_or_default(),
        policy_type,
        list(value, "Targets")?.iter().map(target).collect::<Shaped<_>>()?,
        part.policy(value, "Content")?.ok_or_else(missing)?,
    )))
}

fn policy_type_named(name: &str) -> Option<OrganizationPolicyType> {
    match name {
        "SERVICE_CONTROL_POLICY" => Some(OrganizationPolicyType::ServiceControlPolicy),
        "RESOURCE_CONTROL_POLICY" => Some(OrganizationPolicyType::ResourceControlPolicy),
        _ => None,
    }
}
