//! Users, groups, roles and policies. A role is both: a principal with its policies, and a resource with its trust
//! policy.

use std::sync::Arc;

use ringfence_access::inventory::{
    AuthorizationDetails, Configuration, Group, IamRole, IdentityPolicies, InlinePolicy,
    ManagedPolicy, PolicySource, Role, User,
};
use ringfence_policy::AccountId;

use super::draft::Draft;
use super::{Assembly, PlannedResource};
use crate::planned::{Planned, Policies, Presence, Text};

/// A user, group or role while it is put together.
pub(super) struct Identity {
    kind: IdentityKind,
    account: AccountId,
    arn: Text,
    names: Vec<Text>,
    name: String,
    policies: IdentityPolicies,
    trust_policy: Option<PolicySource>,
    permissions_boundary: Option<String>,
    groups: Vec<String>,
    tags: Vec<ringfence_access::inventory::Tag>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IdentityKind {
    User,
    Group,
    Role,
}

/// What is gathered for the authorization details of the accounts.
#[derive(Default)]
pub(super) struct Identities {
    all: Vec<Identity>,
    managed: Vec<(AccountId, ManagedPolicy)>,
}

pub(super) fn role(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let placeholder = PolicySource::whole_file(&own.properties.place.file, "{}");
    let configuration = Configuration::IamRole(IamRole { trust_policy: placeholder });
    let mut draft = Draft::new(own, arn, configuration);
    let document = own.properties.get("AssumeRolePolicyDocument");
    let Some(trust_policy) = draft.policy("AssumeRolePolicyDocument", document, &own.presence)
    else {
        assembly.not_analyzed.extend(draft.policies.not_analyzed);
        if document.is_none() {
            assembly.not_analyzed(own, "the role has no `AssumeRolePolicyDocument`");
        }
        return;
    };
    draft.configuration = Configuration::IamRole(IamRole { trust_policy: trust_policy.clone() });
    let tags = draft.tags.clone();
    assembly.push(draft);
    identity(assembly, own, IdentityKind::Role);
    if let Some(last) = assembly.identities.all.last_mut() {
        last.trust_policy = Some(trust_policy);
        last.tags = tags;
    }
}

pub(super) fn user(assembly: &mut Assembly, own: &PlannedResource) {
    identity(assembly, own, IdentityKind::User);
    let groups = texts(own.properties.get("Groups"));
    if let Some(last) = assembly.identities.all.last_mut() {
        last.groups = groups.iter().map(Text::pattern).collect();
    }
}

pub(super) fn group(assembly: &mut Assembly, own: &PlannedResource) {
    identity(assembly, own, IdentityKind::Group);
}

fn identity(assembly: &mut Assembly, own: &PlannedResource, kind: IdentityKind) {
    let Some(arn) = own.arn.clone() else { return };
    let mut found = Identity {
        kind,
        account: own.whereabouts.account.clone(),
        name: arn.pattern().rsplit('/').next().unwrap_or_default().to_owned(),
        names: own.names.clone(),
        arn,
        policies: IdentityPolicies::default(),
        trust_policy: None,
        permissions_boundary: own
            .properties
            .get("PermissionsBoundary")
            .and_then(Planned::as_text)
            .map(|text| text.pattern()),
        groups: Vec::new(),
        tags: Vec::new(),
    };
    for policy in own.properties.get("Policies").map(Planned::one_or_many).unwrap_or_default() {
        let name = policy.get("PolicyName").and_then(Planned::as_text).map(|text| text.pattern());
        let document = policy.get("PolicyDocument");
        let source = source(assembly, own, document);
        let name = name.unwrap_or_default();
        found.policies.inline.extend(source.map(|policy| InlinePolicy { name, policy }));
    }
    let attached = texts(own.properties.get("ManagedPolicyArns"));
    found.policies.attached = attached.iter().map(Text::pattern).collect();
    assembly.identities.all.push(found);
}

/// The identity policy that a document comes to.
fn source(
    assembly: &mut Assembly,
    own: &PlannedResource,
    document: Option<&Planned>,
) -> Option<PolicySource> {
    let mut policies = Policies::new(own.whereabouts.purpose);
    let source = policies.policy("PolicyDocument", document?, "", &own.presence);
    for mut entry in policies.not_analyzed {
        entry.account = Some(own.whereabouts.account.clone());
        entry.resource = own.arn.as_ref().map(Text::pattern);
        assembly.not_analyzed.push(entry);
    }
    source
}

pub(super) fn managed_policy(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.as_ref().map(Text::pattern) else { return };
    let Some(policy) = source(assembly, own, own.properties.get("PolicyDocument")) else { return };
    let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    let managed = ManagedPolicy { arn, name, policy };
    assembly.identities.managed.push((own.whereabouts.account.clone(), managed));
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let properties = &own.properties;
    if own.resource_type == "AWS::IAM::UserToGroupAddition" {
        let group = properties.get("GroupName").and_then(Planned::as_text);
        let group = group.map(|text| text.pattern()).unwrap_or_default();
        let users = texts(properties.get("Users"));
        let of = |identity: &&mut Identity| identity.is(IdentityKind::User, &users);
        assembly
            .identities
            .all
            .iter_mut()
            .filter(of)
            .for_each(|own| own.groups.push(group.clone()));
        return;
    }
    let inline = source(assembly, own, properties.get("PolicyDocument"));
    let name = properties.get("PolicyName").and_then(Planned::as_text);
    let name = name.map(|text| text.pattern()).unwrap_or_else(|| own.address.clone());
    let managed = properties.get("PolicyArn").and_then(Planned::as_text).map(|text| text.pattern());
    let add = |identity: &mut Identity| {
        identity.policies.attached.extend(managed.clone());
        let inline = inline.clone().map(|policy| InlinePolicy { name: name.clone(), policy });
        identity.policies.inline.extend(inline);
    };
    let is_certain = matches!(own.presence, Presence::Certain);
    for (kind, names) in [
        (IdentityKind::Role, ["Roles", "RoleName"]),
        (IdentityKind::User, ["Users", "UserName"]),
        (IdentityKind::Group, ["Groups", "GroupName"]),
    ] {
        let names: Vec<Text> = names.iter().flat_map(|name| texts(properties.get(name))).collect();
        let of = |identity: &&mut Identity| identity.is(kind, &names);
        let mut found = 0;
        for identity in assembly.identities.all.iter_mut().filter(of) {
            add(identity);
            found += 1;
        }
        // A policy of someone outside of the plan is kept as one that nobody in it has.
        if found == 0
            && !names.is_empty()
            && is_certain
            && let Some(policy) = &inline
        {
            let (account, arn) =
                (own.whereabouts.account.clone(), format!("{}/{name}", own.address));
            let managed = ManagedPolicy { arn, name: name.clone(), policy: policy.clone() };
            assembly.identities.managed.push((account, managed));
        }
    }
}

impl Identity {
    fn is(&self, kind: IdentityKind, names: &[Text]) -> bool {
        self.kind == kind && names.iter().any(|name| self.arn == *name || self.names.contains(name))
    }
}

fn texts(value: Option<&Planned>) -> Vec<Text> {
    value
        .map(Planned::one_or_many)
        .unwrap_or_default()
        .iter()
        .filter_map(Planned::as_text)
        .collect()
}

/// Writes what was gathered into the accounts.
pub(super) fn finish(assembly: &mut Assembly) {
    let Identities { all, managed } = std::mem::take(&mut assembly.identities);
    for (account, policy) in managed {
        details(assembly, &account).policies.insert(policy.arn.clone(), policy);
    }
    for identity in all {
        let Identity { account, name, policies, permissions_boundary, groups, tags, .. } = identity;
        let arn = identity.arn.pattern();
        let details = details(assembly, &account);
        match (identity.kind, identity.trust_policy) {
            (IdentityKind::User, _) => {
                let user = User {
                    arn: arn.clone(),
                    name,
                    id: None,
                    tags,
                    groups,
                    policies,
                    permissions_boundary,
                };
                details.users.insert(arn, user);
            }
            (IdentityKind::Group, _) => {
                details.groups.insert(name.clone(), Group { arn, name, policies });
            }
            (IdentityKind::Role, Some(trust_policy)) => {
                let role = Role {
                    arn: arn.clone(),
                    name,
                    id: None,
                    tags,
                    trust_policy,
                    policies,
                    permissions_boundary,
                };
                details.roles.insert(arn, role);
            }
            (IdentityKind::Role, None) => {}
        }
    }
}

fn details<'a>(assembly: &'a mut Assembly, account: &AccountId) -> &'a mut AuthorizationDetails {
    use ringfence_access::inventory::Account;
    let new = || Account::new(account.clone());
    let account = assembly.accounts.entry(account.clone()).or_insert_with(new);
    let new = Arc::<AuthorizationDetails>::default;
    Arc::make_mut(account.authorization_details.get_or_insert_with(new))
}
