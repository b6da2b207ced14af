//! The organization: its tree, its accounts, and the policies that bind them at every level.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{Account, OrganizationalUnit, Root};
use aws_smithy_types::date_time::Format;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::organization_policies;
use super::pages::{self, Page};
use super::place::{Place, client};
use crate::failure::Failure;

/// Every action that reading an organization takes.
pub(super) const ACTIONS: &[&str] = &[
    "organizations:DescribeOrganization",
    "organizations:ListRoots",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListAccountsForParent",
    "organizations:ListTagsForResource",
    "organizations:ListPolicies",
    "organizations:DescribePolicy",
    "organizations:ListTargetsForPolicy",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListDelegatedServicesForAccount",
];

/// How many calls of this service are made at once: it allows few.
pub(super) const AT_ONCE: usize = 4;

/// An organization as it was read.
#[derive(Debug)]
pub(super) struct Organization {
    /// `organization.json`.
    pub(super) file: Value,
    pub(super) id: String,
    /// Accounts that are in use, with their path.
    pub(super) accounts: BTreeMap<String, String>,
}

impl Organization {
    /// The accounts below a root or unit; `None` when there is no such part.
    pub(super) fn below(&self, part: &str) -> Option<BTreeSet<String>> {
        let listed = |list: &str| {
            let parts = self.file.get(list).and_then(Value::as_array).into_iter().flatten();
            parts.filter_map(|part| part.get("Id")?.as_str()).any(|id| id == part)
        };
        if !listed("Roots") && !listed("OrganizationalUnits") {
            return None;
        }
        let within = format!("/{part}/");
        let below = self.accounts.iter().filter(|(_, path)| path.contains(&within));
        Some(below.map(|(id, _)| id.clone()).collect())
    }
}

/// Reads the organization that the account is in.
///
/// # Errors
/// When there is none, or its tree cannot be read whole: with half of a tree, accounts would be taken for strangers.
/// Tags, policies and delegations that cannot be read are noted instead.
pub(super) async fn read(place: &Place) -> Result<Organization, Failure> {
    let client = client!(place, aws_sdk_organizations);
    let asked = client.describe_organization().send();
    let described = place.call("organizations:DescribeOrganization", asked).await?;
    let described = described.organization;
    let described = described.as_ref();
    let id = described.and_then(|it| it.id.clone()).unwrap_or_default();
    let tree = tree(place, &client, &id).await?;
    let policies = organization_policies::read(place, &client).await;
    let roots = tree.roots.iter().map(|root| root_file(root, &policies.unread_types));
    let file = json!({
        "Organization": {
            "Id": id,
            "Arn": described.and_then(|it| it.arn.as_deref()),
            "FeatureSet": described.and_then(|it| it.feature_set.as_ref()).map(|it| it.as_str()),
            "MasterAccountArn": described.and_then(|it| it.master_account_arn.as_deref()),
            "MasterAccountId": described.and_then(|it| it.master_account_id.as_deref()),
            "MasterAccountEmail": described.and_then(|it| it.master_account_email.as_deref()),
        },
        "Roots": roots.collect::<Vec<_>>(),
        "OrganizationalUnits": tree.units,
        "Accounts": accounts(place, &client, &tree).await,
        "Policies": policies.file,
        "DelegatedAdministrators": delegated_administrators(place, &client).await,
    });
    let in_use = tree.accounts.iter().filter(|member| is_in_use(&member.account));
    let accounts = in_use
        .filter_map(|member| Some((member.account.id.clone()?, member.path.clone())))
        .collect();
    Ok(Organization { file, id, accounts })
}

/// The tree, read from the root down.
struct Tree {
    roots: Vec<Root>,
    units: Vec<Value>,
    accounts: Vec<Member>,
}

struct Member {
    account: Account,
    parent: String,
    path: String,
}

async fn tree(place: &Place, client: &Client, organization: &str) -> Result<Tree, Failure> {
    let page = async |token| {
        let listed = client.list_roots().set_next_token(token).send();
        let listed = place.call("organizations:ListRoots", listed).await?;
        Ok(Page::new(listed.roots, listed.next_token))
    };
    let roots = pages::all("organizations:ListRoots", page).await?;
    let ids = roots.iter().filter_map(|root| root.id.clone());
    let mut parents: VecDeque<(String, String)> =
        ids.map(|id| (format!("{organization}/{id}/"), id)).collect();
    let mut tree = Tree { roots, units: Vec::new(), accounts: Vec::new() };
    while let Some((path, parent)) = parents.pop_front() {
        for account in accounts_of(place, client, &parent).await? {
            tree.accounts.push(Member { account, parent: parent.clone(), path: path.clone() });
        }
        for unit in units_of(place, client, &parent).await? {
            let Some(id) = unit.id else { continue };
            tree.units.push(json!({
                "Id": id,
                "Arn": unit.arn,
                "Name": unit.name,
                "ParentId": parent,
            }));
            parents.push_back((format!("{path}{id}/"), id));
        }
    }
    tree.units.sort_by_key(|unit| unit.get("Id").map(ToString::to_string));
    tree.accounts.sort_by(|one, other| one.account.id.cmp(&other.account.id));
    Ok(tree)
}

async fn accounts_of(
    place: &Place,
    client: &Client,
    parent: &str,
) -> Result<Vec<Account>, Failure> {
    let action = "organizations:ListAccountsForParent";
    let page = async |token| {
        let listed = client.list_accounts_for_parent().parent_id(parent).set_next_token(token);
        let listed = place.call(action, listed.send()).await?;
        Ok(Page::new(listed.accounts, listed.next_token))
    };
    pages::all(action, page).await
}

async fn units_of(
    place: &Place,
    client: &Client,
    parent: &str,
) -> Result<Vec<OrganizationalUnit>, Failure> {
    let action = "organizations:ListOrganizationalUnitsForParent";
    let page = async |token| {
        let listed = client.list_organizational_units_for_parent().parent_id(parent);
        let listed = place.call(action, listed.set_next_token(token).send()).await?;
        Ok(Page::new(listed.organizational_units, listed.next_token))
    };
    pages::all(action, page).await
}

/// A type of policy that could not be read is left out: a level without any of a type that is enabled would allow
/// nothing, and what is unknown must not look closed.
fn root_file(root: &Root, unread: &BTreeSet<&'static str>) -> Value {
    let types = root.policy_types.iter().flatten().filter_map(|it| {
        let name = it.r#type.as_ref()?.as_str();
        (!unread.contains(name))
            .then(|| json!({ "Type": name, "Status": it.status.as_ref().map(|it| it.as_str()) }))
    });
    json!({ "Id": root.id, "Arn": root.arn, "Name": root.name, "PolicyTypes": types.collect::<Vec<_>>() })
}

async fn accounts(place: &Place, client: &Client, tree: &Tree) -> Vec<Value> {
    let written = stream::iter(&tree.accounts).map(async |member| {
        let account = &member.account;
        let id = account.id.clone().unwrap_or_default();
        let page = async |token| {
            let listed = client.list_tags_for_resource().resource_id(&id).set_next_token(token);
            let listed = place.call("organizations:ListTagsForResource", listed.send()).await?;
            Ok(Page::new(listed.tags, listed.next_token))
        };
        let mut reading = place.reading(account.arn.clone().unwrap_or_else(|| id.clone()));
        let tags = reading.listing("organizations:ListTagsForResource", page).await;
        let mut tags: Vec<_> = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        tags.sort();
        let tags = tags.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        let joined = account.joined_timestamp.as_ref();
        json!({
            "Id": id,
            "Arn": account.arn,
            "Name": account.name,
            "Email": account.email,
            "Status": status(account),
            "JoinedMethod": account.joined_method.as_ref().map(|it| it.as_str()),
            "JoinedTimestamp": joined.and_then(|time| time.fmt(Format::DateTime).ok()),
            "ParentId": member.parent,
            "OrgPath": member.path,
            "Tags": tags.collect::<Vec<_>>(),
        })
    });
    let written: Vec<Value> = written.buffered(AT_ONCE).collect().await;
    written.into_iter().map(without_nulls).collect()
}

fn status(account: &Account) -> Option<&str> {
    let state = account.state.as_ref().map(|state| state.as_str());
    account.status.as_ref().map(|status| status.as_str()).or(state)
}

/// Nothing in an account that is closed can be reached, nor can it be read.
fn is_in_use(account: &Account) -> bool {
    matches!(status(account), None | Some("ACTIVE" | "PENDING_ACTIVATION"))
}

async fn delegated_administrators(place: &Place, client: &Client) -> Vec<Value> {
    let action = "organizations:ListDelegatedAdministrators";
    let page = async |token| {
        let listed = client.list_delegated_administrators().set_next_token(token).send();
        let listed = place.call(action, listed).await?;
        Ok(Page::new(listed.delegated_administrators, listed.next_token))
    };
    let mut listed = pages::all(action, page).await.unwrap_or_else(|failure| {
        place.not_read(None, &failure);
        Vec::new()
    });
    listed.sort_by(|one, other| one.id.cmp(&other.id));
    let mut written = Vec::new();
    for administrator in listed {
        let Some(id) = administrator.id else { continue };
        let action = "organizations:ListDelegatedServicesForAccount";
        let page = async |token| {
            let listed = client.list_delegated_services_for_account().account_id(&id);
            let listed = place.call(action, listed.set_next_token(token).send()).await?;
            Ok(Page::new(listed.delegated_services, listed.next_token))
        };
        let mut reading = place.reading(administrator.arn.clone().unwrap_or_else(|| id.clone()));
        let services = reading.listing(action, page).await;
        let mut services: Vec<_> =
            services.into_iter().filter_map(|service| service.service_principal).collect();
        services.sort();
        written.push(without_nulls(json!({
            "Id": id,
            "Arn": administrator.arn,
            "Name": administrator.name,
            "ServicePrincipals": services,
        })));
    }
    written
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().filter(|(_, value)| !value.is_null()).collect()
        }
        other => other,
    }
}
