//! Runs the examples of the pages in `rules`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::location::Position;
use ringfence_policy::{Arn, Partition};
use serde_json::{Value, json};

use super::*;
use crate::inventory::{
    Account, AuthorizationDetails, Configuration, DynamodbTable, Group, IamRole, IdentityPolicies,
    InlinePolicy, KmsKey, ManagedPolicy, OrganizationAccount, OrganizationPolicy,
    OrganizationPolicyType, Placed, PolicySource, RdsSnapshot, Role, Root, SecretsManagerSecret,
    SqsQueue, Tag, User,
};

const START: Position = Position { line: 1, column: 0, offset: 0 };
const MANAGEMENT: &str = "999988887777";

#[test]
fn pages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/internal/rules");
    ringfence_page_test::run(folder, &[], |block| answer(block.content));
}

fn answer(example: &str) -> String {
    let example: Value = serde_json::from_str(example).unwrap();
    let inventory = inventory(&example);
    let zone = match example["zoneOfTrust"].as_str() {
        Some("account") => ZoneChoice::Account,
        _ => ZoneChoice::Organization,
    };
    let analysis = Analysis::new(&inventory, zone, Inclusions::default());
    let report = analysis.resource(&inventory.resources[0]);
    assert!(report.not_analyzed.is_empty() && analysis.not_analyzed().is_empty(), "{report:?}");
    let lines: Vec<String> = report.observations.iter().map(line).collect();
    if lines.is_empty() { "nobody".to_owned() } else { lines.join("\n") }
}

fn line(own: &InternalObservation) -> String {
    let name = own.principal.splitn(6, ':').last().unwrap();
    let mut line = format!("{name} {} {}", own.access_type.as_str(), own.action.join(", "));
    for (key, value) in &own.condition {
        line.push_str(&format!(" if {key} = {value}"));
    }
    for (layer, restriction) in [
        ("SCP", own.service_control_policy_restriction.as_scp_str()),
        ("RCP", own.resource_control_policy_restriction.as_rcp_str()),
    ] {
        if restriction != "NOT_APPLICABLE" {
            line.push_str(&format!(" {layer} {restriction}"));
        }
    }
    line
}

fn source(statements: &Value) -> PolicySource {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    PolicySource::whole_file(&Arc::from("policy.json"), &document.to_string())
}

fn inventory(example: &Value) -> Inventory {
    let mut inventory = Inventory::empty(Partition::Aws);
    let mut details: BTreeMap<AccountId, AuthorizationDetails> = BTreeMap::new();
    for (arn, own) in example["principals"].as_object().unwrap() {
        let account = Arn::parse(arn).unwrap().account_id().unwrap();
        add(details.entry(account).or_default(), arn, own);
    }
    for (account, own) in details {
        let known =
            Account { authorization_details: Some(own.into()), ..Account::new(account.clone()) };
        inventory.accounts.insert(account, known);
    }
    for id in ["111122223333", MANAGEMENT] {
        let account = AccountId::new(id).unwrap();
        let nobody = Account {
            authorization_details: Some(AuthorizationDetails::default().into()),
            ..Account::new(account.clone())
        };
        inventory.accounts.entry(account).or_insert(nobody);
    }
    inventory.organization = Some(organization(example, inventory.accounts.keys()));
    let arn = Arn::parse(example["resource"]["arn"].as_str().unwrap()).unwrap();
    inventory.resources.push(Resource {
        arn: arn.to_string(),
        account: arn.account_id().unwrap(),
        region: Arc::from("eu-west-1"),
        tags: vec![Tag { key: "team".into(), value: "red".into() }],
        file: Arc::from("resource.json"),
        position: START,
        configuration: configuration(&example["resource"]),
    });
    inventory
}

fn configuration(resource: &Value) -> Configuration {
    let policy = resource.get("policy").map(source);
    match resource["type"].as_str().unwrap() {
        "AWS::SQS::Queue" => Configuration::SqsQueue(SqsQueue { queue_policy: policy }),
        "AWS::IAM::Role" => Configuration::IamRole(IamRole { trust_policy: policy.unwrap() }),
        "AWS::KMS::Key" => {
            Configuration::KmsKey(Box::new(KmsKey { key_policy: policy, ..KmsKey::default() }))
        }
        "AWS::DynamoDB::Table" => {
            Configuration::DynamodbTable(DynamodbTable { table_policy: policy })
        }
        "AWS::SecretsManager::Secret" => {
            Configuration::SecretsManagerSecret(SecretsManagerSecret {
                secret_policy: policy,
                ..SecretsManagerSecret::default()
            })
        }
        "AWS::RDS::DBSnapshot" => {
            let shared = resource["sharedWith"].as_array().unwrap().iter();
            let placed =
                |id: &Value| Placed { value: id.as_str().unwrap().into(), position: START };
            let restore_account_ids = shared.map(placed).collect();
            let snapshot = RdsSnapshot { restore_account_ids, ..RdsSnapshot::default() };
            Configuration::RdsDbSnapshot(Box::new(snapshot))
        }
        other => panic!("`{other}` is not read here"),
    }
}

fn add(details: &mut AuthorizationDetails, arn: &str, own: &Value) {
    let name = arn.rsplit('/').next().unwrap().to_owned();
    let tags = vec![Tag { key: "team".into(), value: name.clone() }];
    let inline =
        own.get("identity").map(|own| InlinePolicy { name: "i".into(), policy: source(own) });
    let policies = IdentityPolicies { inline: inline.into_iter().collect(), attached: Vec::new() };
    let permissions_boundary = own.get("boundary").map(|own| {
        let arn = format!("{arn}-boundary");
        let policy = ManagedPolicy { arn: arn.clone(), name: "b".into(), policy: source(own) };
        details.policies.insert(arn.clone(), policy);
        arn
    });
    let groups = own.get("group").map(|own| {
        let inline = vec![InlinePolicy { name: "g".into(), policy: source(own) }];
        let policies = IdentityPolicies { inline, attached: Vec::new() };
        let group = Group { arn: "g".into(), name: "group".into(), policies };
        details.groups.insert("group".into(), group);
        "group".to_owned()
    });
    let (arn, id) = (arn.to_owned(), None);
    if arn.contains(":user/") {
        let groups = groups.into_iter().collect();
        let user =
            User { arn: arn.clone(), name, id, tags, groups, policies, permissions_boundary };
        details.users.insert(arn, user);
    } else {
        let trust_policy = source(&json!([]));
        let role =
            Role { arn: arn.clone(), name, id, tags, trust_policy, policies, permissions_boundary };
        details.roles.insert(arn, role);
    }
}

fn organization<'a>(
    example: &Value,
    accounts: impl Iterator<Item = &'a AccountId>,
) -> Organization {
    use OrganizationPolicyType::{ResourceControlPolicy, ServiceControlPolicy};
    let account = |id: &AccountId| OrganizationAccount {
        id: id.clone(),
        name: id.to_string(),
        status: None,
        parent_id: "r-1".into(),
        org_path: String::new(),
        tags: Vec::new(),
    };
    let accounts: BTreeMap<_, _> = accounts.map(|id| (id.clone(), account(id))).collect();
    let everywhere: BTreeSet<String> =
        accounts.keys().map(ToString::to_string).chain(["r-1".to_owned()]).collect();
    let policy = |id: &str, kind, targets: &BTreeSet<String>, statements: &Value| {
        OrganizationPolicy::new(id.into(), id.into(), kind, targets.clone(), source(statements))
    };
    let everything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let mut policies = vec![policy("p-full", ServiceControlPolicy, &everywhere, &everything)];
    let root = BTreeSet::from(["r-1".to_owned()]);
    for (member, kind) in [
        ("serviceControlPolicy", ServiceControlPolicy),
        ("resourceControlPolicy", ResourceControlPolicy),
    ] {
        policies.extend(example.get(member).map(|own| policy(member, kind, &root, own)));
    }
    let enabled = [ServiceControlPolicy, ResourceControlPolicy].into();
    Organization {
        id: "o-example0001".into(),
        management_account: AccountId::new(MANAGEMENT).unwrap(),
        roots: BTreeMap::from([("r-1".into(), Root { id: "r-1".into(), enabled })]),
        units: BTreeMap::new(),
        accounts,
        policies,
        file: Arc::from("organization.json"),
    }
    .complete()
    .unwrap()
}
