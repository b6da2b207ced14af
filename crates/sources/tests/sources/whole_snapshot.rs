//! A snapshot with every type of resource and every form that a policy can have.

use std::path::{Path, PathBuf};

use ringfence_access::inventory::*;
use ringfence_policy::AccountId;
use ringfence_policy::location::Position;
use ringfence_sources::{read_snapshot, read_target};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/whole")
}

fn read() -> Inventory {
    read_snapshot(&root()).unwrap()
}

fn resource(inventory: &Inventory, resource_type: ResourceType) -> &Resource {
    inventory.resources.iter().find(|found| found.resource_type() == resource_type).unwrap()
}

fn account(inventory: &Inventory) -> &Account {
    &inventory.accounts[&AccountId::new("111122223333").unwrap()]
}

fn sid(policy: Option<&PolicySource>) -> String {
    policy.unwrap().parse().unwrap().statements[0].sid().unwrap().to_owned()
}

#[test]
fn every_type_is_there_and_nothing_is_broken() {
    let inventory = read();
    let found = crate::support::entries(&inventory, &root());
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(
        found[0].starts_with("snapshot.json:7\n    AWS::KMS::Key arn:aws:kms:"),
        "{}",
        found[0]
    );
    let listing =
        "no resource of this type was read in eu-west-2: sqs:ListQueues failed: AccessDenied";
    assert!(found[1].starts_with("snapshot.json:15\n    AWS::SQS::Queue -\n"), "{}", found[1]);
    assert!(found[1].contains(listing), "{}", found[1]);
    let mut types: Vec<_> = inventory.resources.iter().map(Resource::resource_type).collect();
    types.sort();
    types.dedup();
    assert_eq!(types, ResourceType::ALL);
    for resource in &inventory.resources {
        assert_eq!(resource.account.as_str(), "111122223333");
        let role = resource.resource_type() == ResourceType::IamRole;
        assert_eq!(resource.region.as_ref(), if role { "global" } else { "eu-west-1" });
    }
}

#[test]
fn buckets() {
    let inventory = read();
    let found = resource(&inventory, ResourceType::S3Bucket);
    assert_eq!((found.arn.as_str(), found.tag("data")), ("arn:aws:s3:::b", Some("cardholder")));
    let Configuration::S3Bucket(bucket) = &found.configuration else { panic!() };
    assert_eq!(sid(bucket.bucket_policy.as_ref()), "B");
    let grants: Vec<_> =
        bucket.bucket_acl_grants.iter().map(|g| (g.permission, &g.grantee)).collect();
    let everyone = AclGrantee::Uri("http://acs.amazonaws.com/groups/global/AllUsers".to_owned());
    let owner = AclGrantee::Id("c4a1".repeat(16));
    assert_eq!(grants, [(AclPermission::ReadAcp, &everyone), (AclPermission::FullControl, &owner)]);
    assert_eq!(bucket.bucket_acl_grants[0].position.line, 14);
    assert_eq!(
        bucket.public_access_block,
        PublicAccessBlock {
            block_public_acls: true,
            ignore_public_acls: false,
            block_public_policy: false,
            restrict_public_buckets: true
        }
    );
    let points: Vec<_> = bucket.access_points.values().collect();
    assert_eq!(points[0].network_origin, NetworkOrigin::Vpc("vpc-0a1b2c3d".to_owned()));
    assert!(points[0].public_access_block.unwrap().ignore_public_acls);
    assert_eq!(sid(points[0].access_point_policy.as_ref()), "AP");
    assert_eq!(points[1].network_origin, NetworkOrigin::Internet);
    assert!(points[1].access_point_policy.is_none() && points[1].public_access_block.is_none());
    assert_eq!(bucket.object_ownership, ObjectOwnership::BucketOwnerPreferred);
    assert_eq!(bucket.owner_id, Some("c4a1".repeat(16)));
    let [multi] = bucket.multi_region_access_points.as_slice() else { panic!() };
    assert_eq!(multi.arn, "arn:aws:s3::111122223333:accesspoint/m1.mrap");
    assert_eq!(sid(multi.policy.as_ref()), "MRAP");
    assert!(multi.public_access_block.unwrap().restrict_public_buckets);

    let found = resource(&inventory, ResourceType::S3ExpressDirectoryBucket);
    let Configuration::S3ExpressDirectoryBucket(bucket) = &found.configuration else { panic!() };
    assert_eq!(sid(bucket.bucket_policy.as_ref()), "D");
    let point = bucket.access_points.first_key_value().unwrap().1;
    assert_eq!(sid(point.access_point_policy.as_ref()), "DAP");
}

#[test]
fn keys_functions_and_secrets() {
    let inventory = read();
    let found = resource(&inventory, ResourceType::KmsKey);
    let Configuration::KmsKey(key) = &found.configuration else { panic!() };
    assert_eq!(sid(key.key_policy.as_ref()), "K");
    assert_eq!(
        (key.aliases.as_slice(), key.key_manager),
        (&["alias/k".to_owned()][..], Some(KeyManager::Customer))
    );
    let [grant] = key.grants.as_slice() else { panic!() };
    assert_eq!(grant.operations, ["Decrypt", "Encrypt"]);
    assert_eq!(grant.grantee_principal, "arn:aws:iam::444455556666:role/r");
    assert_eq!(grant.retiring_principal, None);
    assert_eq!(grant.issuing_account, "arn:aws:iam::111122223333:root");
    let constraints = grant.constraints.as_ref().unwrap();
    assert_eq!(constraints.encryption_context_equals, None);
    assert_eq!(constraints.encryption_context_subset.as_ref().unwrap()["app"], "é");

    let found = resource(&inventory, ResourceType::LambdaFunction);
    let Configuration::LambdaFunction(function) = &found.configuration else { panic!() };
    assert_eq!(sid(function.function_policy.as_ref()), "F");
    assert_eq!(function.function_url_auth_type, Some(FunctionUrlAuthType::None));

    let found = resource(&inventory, ResourceType::SecretsManagerSecret);
    let Configuration::SecretsManagerSecret(secret) = &found.configuration else { panic!() };
    assert_eq!(secret.kms_key_id.as_deref(), Some("arn:aws:kms:eu-west-1:111122223333:key/k"));
    assert!(secret.secret_policy.is_none(), "an empty policy is none");
    let found = resource(&inventory, ResourceType::SnsTopic);
    let Configuration::SnsTopic(topic) = &found.configuration else { panic!() };
    assert!(topic.topic_policy.is_none(), "null is no policy");
}

#[test]
fn snapshots_are_shared_by_lists() {
    let inventory = read();
    let values = |list: &[Placed<String>]| -> Vec<String> {
        list.iter().map(|account| account.value.clone()).collect()
    };
    let found = resource(&inventory, ResourceType::Ec2Snapshot);
    let Configuration::Ec2Snapshot(ebs) = &found.configuration else { panic!() };
    assert_eq!(
        (values(&ebs.user_ids), values(&ebs.groups)),
        (vec!["444455556666".to_owned()], vec!["all".to_owned()])
    );
    assert_eq!(ebs.user_ids[0].position, Position { line: 7, column: 8, offset: 162 });
    assert_eq!((ebs.encrypted, ebs.kms_key_id.as_deref()), (Some(false), None));
    let found = resource(&inventory, ResourceType::RdsDbSnapshot);
    let Configuration::RdsDbSnapshot(rds) = &found.configuration else { panic!() };
    assert_eq!(values(&rds.restore_account_ids), ["444455556666", "all"]);
    assert_eq!(rds.encrypted, Some(false));
    let found = resource(&inventory, ResourceType::RdsDbClusterSnapshot);
    let Configuration::RdsDbClusterSnapshot(rds) = &found.configuration else { panic!() };
    assert_eq!((values(&rds.restore_account_ids).len(), rds.encrypted), (0, Some(true)));
    assert!(rds.kms_key_id.is_some());
}

#[test]
fn the_account_and_who_is_in_it() {
    let inventory = read();
    let account = account(&inventory);
    assert_eq!(account.alias.as_deref(), Some("company-orders"));
    assert!(account.s3_public_access_block.unwrap().restrict_public_buckets);
    let blocks = &account.ebs_snapshot_block_public_access;
    assert_eq!(blocks["eu-west-1"], EbsSnapshotBlockPublicAccess::BlockAllSharing);
    assert_eq!(blocks["eu-west-2"], EbsSnapshotBlockPublicAccess::Unblocked);
    assert_eq!(account.saml_providers[0].arn, "arn:aws:iam::111122223333:saml-provider/Workforce");
    assert_eq!(account.open_id_connect_providers[0].client_ids, ["sts.amazonaws.com"]);
    let other = &inventory.accounts[&AccountId::new("999900001111").unwrap()];
    assert_eq!(
        other.s3_public_access_block,
        Some(PublicAccessBlock::default()),
        "null: none is set"
    );

    let details = account.authorization_details.as_ref().unwrap();
    let limits = "arn:aws:iam::111122223333:policy/limits";
    let user = &details.users["arn:aws:iam::111122223333:user/alice"];
    assert_eq!(
        (user.groups.as_slice(), user.permissions_boundary.as_deref()),
        (&["staff".to_owned()][..], Some(limits))
    );
    assert_eq!(user.policies.inline[0].policy.embedding(), Embedding::UrlEncoded);
    assert_eq!(
        details.groups["staff"].policies.attached,
        ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    );
    let role = &details.roles["arn:aws:iam::111122223333:role/encoded"];
    assert_eq!(
        (role.id.as_deref(), role.tags[0].key.as_str()),
        (Some("AROA0000000000000001"), "é")
    );
    assert_eq!(role.policies.attached, [limits]);
    let default_version = details.policies[limits].policy.parse().unwrap();
    assert_eq!(default_version.statements.len(), 1, "version 2, not 1");
    assert!(details.policies.contains_key("arn:aws:iam::aws:policy/ReadOnlyAccess"));
}

#[test]
fn the_organization() {
    let inventory = read();
    let organization = inventory.organization.as_ref().unwrap();
    let account = AccountId::new("111122223333").unwrap();
    assert_eq!(organization.org_path(&account), Some("o-example001/r-ex01/ou-ex01-workload/"));
    let PolicyLevels::Levels(levels) = organization.rcps_of(&account) else { panic!() };
    let names = |level: &Vec<&OrganizationPolicy>| -> Vec<String> {
        level.iter().map(|policy| policy.name.clone()).collect()
    };
    let names: Vec<_> = levels.iter().map(names).collect();
    let full = "RCPFullAWSAccess";
    assert_eq!(names, [vec![full], vec!["OnlyTheOrganization", full], vec![full]]);
    assert!(levels.concat().iter().all(|policy| policy.document.is_ok()));
}

#[test]
fn places_are_right_in_every_form_of_a_policy() {
    let inventory = read();
    // Sid, how the policy stands in its file, and the text at the start of the statement with that Sid.
    let object = "{\n              \"Sid\": ";
    for (sid, embedding, start) in [
        ("B", Embedding::JsonString, "{\\\"Sid\\\": \\\"B\\\""),
        ("Q", Embedding::Document, "{\n            \"Sid\": \"Q\""),
        ("K", Embedding::Document, object),
        ("Trust", Embedding::UrlEncoded, "%7B%22Sid%22%3A%20%22Trust%22"),
        ("Trust", Embedding::JsonString, "{\\\"Sid\\\": \\\"Trust\\\""),
        ("Trust", Embedding::Document, "{\n            \"Sid\": \"Trust\""),
    ] {
        let mut found = inventory.resources.iter().filter_map(|resource| {
            let policy = policy_of(&resource.configuration)?;
            let statement = policy.parse().ok()?.statements.first()?.clone();
            (policy.embedding() == embedding && statement.sid() == Some(sid))
                .then(|| (policy.clone(), statement))
        });
        let (policy, statement) = found.next().unwrap_or_else(|| panic!("{sid} {embedding:?}"));
        let text = std::fs::read_to_string(policy.file().as_ref()).unwrap();
        let at = text.find(start).unwrap();
        let before = &text[..at];
        let expected = Position {
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap().chars().count(),
            offset: before.chars().count(),
        };
        assert_eq!(policy.position(statement.span.start), expected, "{sid} {embedding:?}");
    }
}

fn policy_of(configuration: &Configuration) -> Option<&PolicySource> {
    match configuration {
        Configuration::S3Bucket(bucket) => bucket.bucket_policy.as_ref(),
        Configuration::SqsQueue(queue) => queue.queue_policy.as_ref(),
        Configuration::KmsKey(key) => key.key_policy.as_ref(),
        Configuration::IamRole(role) => Some(&role.trust_policy),
        _ => None,
    }
}

#[test]
fn the_same_folder_gives_the_same_inventory() {
    let first = format!("{:?}", read_target(&root()).unwrap());
    for _ in 0..5 {
        assert_eq!(format!("{:?}", read()), first);
    }
}

#[test]
fn the_example_has_one_file_that_cannot_be_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/payments");
    let inventory = read_target(&root).unwrap();
    let found = crate::support::entries(&inventory, &root);
    let [file, not_read] = found.as_slice() else { panic!("{found:#?}") };
    let broken = "accounts/444455556666/eu-west-1/AWS-SNS-Topic/refund-events.json:21\n";
    assert!(file.starts_with(broken), "{file}");
    assert!(not_read.starts_with("snapshot.json:"), "{not_read}");
    assert_eq!(inventory.organization.unwrap().accounts.len(), inventory.accounts.len());
}
