//! Random environments, with the stack of policies for each principal put together independently of the
//! analysis.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_access::inventory::{
    Account, AuthorizationDetails, Group, IdentityPolicies, InlinePolicy, Inventory, ManagedPolicy,
    Organization, OrganizationAccount, OrganizationPolicy, OrganizationPolicyType, PolicySource,
    Resource, Role, Root, Tag, User,
};
use ringfence_policy::evaluate::PolicyStack;
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Partition, PolicyDocument, parse_policy};
use serde_json::{Value, json};

use crate::documents::{action, conditions, document, everything, resource_statement};
use crate::kinds::Kind;
use crate::numbers::Numbers;

pub(crate) const OWN: &str = "111122223333";
pub(crate) const OTHER: &str = "444455556666";
pub(crate) const MANAGEMENT: &str = "999988887777";
pub(crate) const ORGANIZATION: &str = "o-example0001";

/// A principal with the policies that it has.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) arn: &'static str,
    pub(crate) account: &'static str,
    pub(crate) team: Option<&'static str>,
    pub(crate) identity: Vec<Value>,
    pub(crate) boundary: Option<Value>,
}

/// A random environment with one resource.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) kind: Kind,
    pub(crate) principals: Vec<Who>,
    pub(crate) resource_policy: Value,
    pub(crate) tagged: Option<&'static str>,
    scps: Vec<Value>,
    rcps: Vec<Value>,
    management: &'static str,
}

const PRINCIPALS: [(&str, &str); 6] = [
    ("arn:aws:iam::111122223333:user/alice", OWN),
    ("arn:aws:iam::111122223333:role/ops/reader", OWN),
    ("arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/Linked", OWN),
    ("arn:aws:iam::444455556666:user/bob", OTHER),
    ("arn:aws:iam::444455556666:role/writer", OTHER),
    ("arn:aws:iam::999988887777:role/admin", MANAGEMENT),
];

impl World {
    pub(crate) fn random(numbers: &mut Numbers, kind: &Kind) -> Self {
        let principal = |(arn, account): &(&'static str, &'static str), numbers: &mut Numbers| {
            let count = numbers.below(3);
            Who {
                arn,
                account,
                team: numbers.pick(&[None, Some("t"), Some("u")]),
                identity: (0..count).map(|_| document(numbers, kind, 5)).collect(),
                boundary: numbers.one_in(3).then(|| document(numbers, kind, 6)),
            }
        };
        let control = |numbers: &mut Numbers| match numbers.below(3) {
            0 => document(numbers, kind, 2),
            _ => everything(),
        };
        let mut rcp = everything();
        if numbers.one_in(2) {
            let denied = json!({
                "Effect": "Deny", "Principal": "*", "Action": action(numbers, kind), "Resource": "*",
                "Condition": conditions(numbers),
            });
            rcp["Statement"].as_array_mut().unwrap().push(denied);
        }
        rcp["Statement"][0]["Principal"] = json!("*");
        let count = 1 + numbers.below(3);
        let statements: Vec<Value> =
            (0..count).map(|_| resource_statement(numbers, kind)).collect();
        Self {
            kind: *kind,
            principals: PRINCIPALS.iter().map(|own| principal(own, numbers)).collect(),
            resource_policy: json!({"Version": "2012-10-17", "Statement": statements}),
            tagged: numbers.pick(&[Some("t"), Some("u"), None]),
            scps: vec![control(numbers), control(numbers)],
            rcps: vec![rcp],
            management: MANAGEMENT,
        }
    }

    /// All policies about requests of `who`, put together from what was generated.
    pub(crate) fn stack(&self, who: &Who, control: Control) -> PolicyStack {
        let all = |documents: &[Value]| documents.iter().map(model).collect::<Vec<_>>();
        let level = |document: &Value| vec![model(document)];
        let levels = |documents: &[Value]| {
            // The root's policies, then those of the account itself.
            Some(documents.iter().map(level).collect::<Vec<_>>())
        };
        let mut stack = PolicyStack {
            management_account: AccountId::new(self.management),
            identity_policies: Some(all(&who.identity)),
            permissions_boundaries: who.boundary.as_ref().map(level),
            resource_policy: Some(model(&self.resource_policy)),
            ..PolicyStack::default()
        };
        if control == Control::Counts {
            stack.service_control_policies = levels(&self.scps);
            stack.resource_control_policies = levels(&self.rcps);
        }
        stack
    }

    pub(crate) fn resource_type(&self) -> &'static str {
        (self.kind.configuration)(source(&self.resource_policy)).resource_type().as_str()
    }

    /// The control policies, to be read.
    pub(crate) fn control(&self) -> Value {
        json!({"scps": self.scps, "rcps": self.rcps})
    }

    pub(crate) fn inventory(&self) -> Inventory {
        let mut inventory = Inventory::empty(Partition::Aws);
        for id in [OWN, OTHER, MANAGEMENT] {
            let account = AccountId::new(id).unwrap();
            let own = self.principals.iter().filter(|who| who.account == id);
            let details = details(own);
            let known = Account {
                authorization_details: Some(details.into()),
                ..Account::new(account.clone())
            };
            inventory.accounts.insert(account, known);
        }
        inventory.organization = Some(self.organization());
        let tags = self.tagged.map(|team| Tag { key: "team".into(), value: team.into() });
        inventory.resources.push(Resource {
            arn: self.kind.arn.to_owned(),
            account: AccountId::new(OWN).unwrap(),
            region: Arc::from("eu-west-1"),
            tags: tags.into_iter().collect(),
            file: Arc::from("resource.json"),
            position: Position { line: 1, column: 0, offset: 0 },
            configuration: (self.kind.configuration)(source(&self.resource_policy)),
        });
        inventory
    }

    fn organization(&self) -> Organization {
        use OrganizationPolicyType::{ResourceControlPolicy, ServiceControlPolicy};
        let account = |id: &str| {
            let id = AccountId::new(id).unwrap();
            let account = OrganizationAccount {
                id: id.clone(),
                name: id.to_string(),
                status: None,
                parent_id: "r-1".into(),
                org_path: String::new(),
                tags: Vec::new(),
            };
            (id, account)
        };
        let policy = |name: &str, kind, targets: &[&str], document: &Value| {
            let targets: BTreeSet<String> = targets.iter().map(|own| (*own).to_owned()).collect();
            OrganizationPolicy::new(name.into(), name.into(), kind, targets, source(document))
        };
        let members = [OWN, OTHER, MANAGEMENT];
        Organization {
            id: ORGANIZATION.into(),
            management_account: AccountId::new(self.management).unwrap(),
            roots: BTreeMap::from([(
                "r-1".into(),
                Root {
                    id: "r-1".into(),
                    enabled: [ServiceControlPolicy, ResourceControlPolicy].into(),
                },
            )]),
            units: BTreeMap::new(),
            accounts: members.map(account).into(),
            policies: vec![
                policy("p-root", ServiceControlPolicy, &["r-1"], &self.scps[0]),
                policy("p-account", ServiceControlPolicy, &members, &self.scps[1]),
                policy("p-rcp", ResourceControlPolicy, &["r-1"], &self.rcps[0]),
            ],
            file: Arc::from("organization.json"),
        }
        .complete()
        .unwrap()
    }
}

/// Whether SCPs and RCPs count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Counts,
    DoesNot,
}

fn model(document: &Value) -> Arc<PolicyDocument> {
    Arc::new(parse_policy(&document.to_string()).sound().unwrap())
}

fn source(document: &Value) -> PolicySource {
    PolicySource::whole_file(&Arc::from("policy.json"), &document.to_string())
}

/// The first policy is inline, the second attached, of users by a group.
fn details<'w>(principals: impl Iterator<Item = &'w Who>) -> AuthorizationDetails {
    let mut details = AuthorizationDetails::default();
    for who in principals {
        let mut managed = |name: &str, document: &Value| {
            let arn = format!("{}-{name}", who.arn);
            let policy =
                ManagedPolicy { arn: arn.clone(), name: name.into(), policy: source(document) };
            details.policies.insert(arn.clone(), policy);
            arn
        };
        let inline =
            who.identity.first().map(|own| InlinePolicy { name: "i".into(), policy: source(own) });
        let attached = who.identity.get(1).map(|own| managed("attached", own));
        let permissions_boundary = who.boundary.as_ref().map(|own| managed("boundary", own));
        let tags = who.team.map(|team| Tag { key: "team".into(), value: team.into() });
        let tags: Vec<Tag> = tags.into_iter().collect();
        let name = who.arn.rsplit('/').next().unwrap().to_owned();
        let inline: Vec<InlinePolicy> = inline.into_iter().collect();
        let attached: Vec<String> = attached.into_iter().collect();
        if who.arn.contains(":user/") {
            let policies = IdentityPolicies { attached, ..IdentityPolicies::default() };
            let group = Group { arn: "g".into(), name: name.clone(), policies };
            details.groups.insert(name.clone(), group);
            let user = User {
                arn: who.arn.into(),
                id: None,
                tags,
                groups: vec![name.clone()],
                name,
                policies: IdentityPolicies { inline, ..IdentityPolicies::default() },
                permissions_boundary,
            };
            details.users.insert(who.arn.into(), user);
        } else {
            let trust = json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",
            }]});
            let role = Role {
                arn: who.arn.into(),
                id: (name == "reader").then(|| "AROAREADER00000000001".into()),
                name,
                tags,
                trust_policy: source(&trust),
                policies: IdentityPolicies { inline, attached },
                permissions_boundary,
            };
            details.roles.insert(who.arn.into(), role);
        }
    }
    details
}
