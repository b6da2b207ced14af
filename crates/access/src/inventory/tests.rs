use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn file(name: &str) -> Arc<str> {
    Arc::from(name)
}

fn account_id(digit: char) -> AccountId {
    AccountId::new(&digit.to_string().repeat(12)).unwrap()
}

fn policy(id: &str, policy_type: OrganizationPolicyType, targets: &[&str]) -> OrganizationPolicy {
    let text = r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    let targets = targets.iter().map(|target| (*target).to_owned()).collect();
    let source = PolicySource::whole_file(&file("o"), text);
    OrganizationPolicy::new(id.to_owned(), id.to_owned(), policy_type, targets, source)
}

fn organization(enabled: &[OrganizationPolicyType]) -> Organization {
    use OrganizationPolicyType::{ResourceControlPolicy, ServiceControlPolicy};
    let unit = |id: &str, parent: &str| {
        let (id, parent_id) = (id.to_owned(), parent.to_owned());
        (id.clone(), OrganizationalUnit { name: id.clone(), id, parent_id })
    };
    let account = |digit, parent: &str| {
        let account = OrganizationAccount {
            id: account_id(digit),
            name: digit.to_string(),
            status: None,
            parent_id: parent.to_owned(),
            org_path: String::new(),
            tags: Vec::new(),
        };
        (account.id.clone(), account)
    };
    Organization {
        id: "o-1".to_owned(),
        management_account: account_id('1'),
        roots: BTreeMap::from([(
            "r-1".to_owned(),
            Root { id: "r-1".to_owned(), enabled: enabled.iter().copied().collect() },
        )]),
        units: [unit("ou-a", "r-1"), unit("ou-b", "ou-a")].into(),
        accounts: [account('1', "r-1"), account('2', "ou-b")].into(),
        policies: vec![
            policy("p-full", ServiceControlPolicy, &["r-1", "ou-a", "ou-b", "222222222222"]),
            policy("p-b", ServiceControlPolicy, &["ou-b"]),
            policy("p-rcp", ResourceControlPolicy, &["222222222222"]),
        ],
        file: file("o"),
    }
}

fn ids(levels: &PolicyLevels<'_>) -> Option<Vec<Vec<String>>> {
    match levels {
        PolicyLevels::Unbound => None,
        PolicyLevels::Levels(levels) => {
            let level = |level: &Vec<&OrganizationPolicy>| {
                level.iter().map(|policy| policy.id.clone()).collect()
            };
            Some(levels.iter().map(level).collect())
        }
    }
}

#[test]
fn policies_bind_level_by_level() {
    use OrganizationPolicyType::{ResourceControlPolicy, ServiceControlPolicy};
    let organization =
        organization(&[ServiceControlPolicy, ResourceControlPolicy]).complete().unwrap();
    let member = account_id('2');
    assert_eq!(organization.org_path(&member), Some("o-1/r-1/ou-a/ou-b/"));
    let scps = ids(&organization.scps_of(&member)).unwrap();
    assert_eq!(scps, [vec!["p-full"], vec!["p-full"], vec!["p-full", "p-b"], vec!["p-full"]]);
    let rcps = ids(&organization.rcps_of(&member)).unwrap();
    let full = "p-RCPFullAWSAccess";
    assert_eq!(rcps, [vec![full], vec![full], vec![full], vec!["p-rcp", full]]);
    assert_eq!(ids(&organization.scps_of(&account_id('1'))), None, "the management account");
    assert_eq!(ids(&organization.rcps_of(&account_id('1'))), None, "the management account");
    assert_eq!(ids(&organization.scps_of(&account_id('3'))), None, "a stranger");
}

#[test]
fn a_type_that_is_not_enabled_binds_nobody() {
    let scps_only = [OrganizationPolicyType::ServiceControlPolicy];
    let organization = organization(&scps_only).complete().unwrap();
    assert!(ids(&organization.scps_of(&account_id('2'))).is_some());
    assert_eq!(ids(&organization.rcps_of(&account_id('2'))), None);
}

#[test]
fn a_tree_without_way_to_the_root_is_an_error() {
    let mut looping = organization(&[]);
    looping.units.get_mut("ou-a").unwrap().parent_id = "ou-b".to_owned();
    let error = looping.complete().unwrap_err();
    assert_eq!(error, OrganizationError::NoWayToRoot("ou-a".to_owned(), "ou-b".to_owned()));
    let mut orphan = organization(&[]);
    orphan.accounts.get_mut(&account_id('2')).unwrap().parent_id = "ou-x".to_owned();
    let error = orphan.complete().unwrap_err();
    assert_eq!(error, OrganizationError::NoWayToRoot("222222222222".to_owned(), "ou-x".to_owned()));
}

fn queue(account: char, name: &str, from: &str) -> Resource {
    Resource {
        arn: format!("arn:aws:sqs:eu-west-1:{}:{name}", account_id(account)),
        account: account_id(account),
        region: Arc::from("eu-west-1"),
        tags: Vec::new(),
        file: file(from),
        position: Position { line: 1, column: 0, offset: 0 },
        configuration: Configuration::SqsQueue(SqsQueue::default()),
    }
}

fn inventory(resources: Vec<Resource>) -> Inventory {
    Inventory { resources: resources.into(), ..Inventory::empty(Partition::Aws) }
}

#[test]
fn a_resource_that_is_described_twice_is_read_once() {
    let mut first = inventory(vec![queue('2', "b", "x"), queue('1', "a", "z")]);
    first.merge(inventory(vec![queue('1', "a", "y"), queue('1', "c", "y")]));
    let order: Vec<_> = first.resources.iter().map(|r| (&*r.arn, &*r.file)).collect();
    assert_eq!(
        order,
        [
            ("arn:aws:sqs:eu-west-1:111111111111:a", "y"),
            ("arn:aws:sqs:eu-west-1:111111111111:c", "y"),
            ("arn:aws:sqs:eu-west-1:222222222222:b", "x"),
        ]
    );
    let [entry] = first.not_analyzed.as_slice() else { panic!("{:?}", first.not_analyzed) };
    assert_eq!(entry.file.as_ref(), "z");
    assert_eq!(entry.resource.as_deref(), Some("arn:aws:sqs:eu-west-1:111111111111:a"));
    assert!(entry.reason.contains("`y` is read"), "{}", entry.reason);
}

#[test]
fn a_bucket_has_one_owner() {
    let bucket = |account, from: &str| Resource {
        arn: "arn:aws:s3:::b".to_owned(),
        configuration: Configuration::S3Bucket(Box::default()),
        ..queue(account, "", from)
    };
    let mut inventory = inventory(vec![bucket('2', "x"), bucket('1', "y"), queue('1', "b", "z")]);
    inventory.arrange();
    let order: Vec<_> = inventory.resources.iter().map(|resource| &*resource.file).collect();
    assert_eq!(order, ["y", "z"]);
    assert_eq!(inventory.not_analyzed[0].file.as_ref(), "x");
}

#[test]
fn another_partition_is_left_out() {
    let mut first = Inventory::empty(Partition::AwsCn);
    first.merge(inventory(vec![queue('1', "a", "x")]));
    assert_eq!((first.partition, first.resources.len()), (Partition::Aws, 1));
    let partition = Partition::AwsCn;
    first.merge(Inventory { partition, ..inventory(vec![queue('1', "b", "y")]) });
    assert_eq!(first.resources.len(), 1);
    let reason = &first.not_analyzed[0].reason;
    assert!(reason.starts_with("the partition `aws-cn` is left out"), "{reason}");
}

#[test]
fn merging_fills_in_and_keeps_one_organization() {
    let of = |id: &str, alias: Option<&str>, regions: &[&str]| {
        let mut account = Account::new(account_id('2'));
        account.alias = alias.map(str::to_owned);
        account.regions = regions.iter().map(|region| (*region).to_owned()).collect();
        let organization = Organization { id: id.to_owned(), ..organization(&[]) };
        Inventory {
            accounts: [(account_id('2'), account)].into(),
            organization: Some(organization),
            ..Inventory::empty(Partition::Aws)
        }
    };
    let mut first = of("o-1", None, &["a"]);
    first.merge(of("o-2", Some("cards"), &["a", "b"]));
    let account = &first.accounts[&account_id('2')];
    assert_eq!((account.alias.as_deref(), account.regions.len()), (Some("cards"), 2));
    assert_eq!(first.organization.unwrap().id, "o-1");
    let reasons: BTreeSet<_> = first.not_analyzed.iter().map(|entry| &*entry.reason).collect();
    assert_eq!(reasons.len(), 1);
    assert!(reasons.first().unwrap().contains("`o-2` is left out"), "{reasons:?}");
}
