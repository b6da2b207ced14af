//! Plans for what is shared by lists: each closes exactly its finding, takes nobody else off, and can be undone.

use ringfence_access::external::ZoneChoice;

use crate::requests::Numbers;
use crate::world::{MEMBER, OWN, World, applied, finding};
use ringfence_response::plan::{Admission, Claim};
use ringfence_response::resolution::undo;
use ringfence_response::slot::{Slot, Slots};

fn some(numbers: &mut Numbers, all: &[&str]) -> Vec<String> {
    let mut some: Vec<String> =
        all.iter().filter(|_| numbers.below(2) > 0).map(|own| (*own).to_owned()).collect();
    some.sort();
    some
}

/// Slots of the types that are shared by lists.
fn worlds(numbers: &mut Numbers, zone: ZoneChoice) -> Vec<World> {
    let accounts = ["210987654321", "999988887777", MEMBER, OWN];
    let snapshot = |resource_type, kind, slot, text| {
        let arn = format!("arn:aws:rds:eu-west-1:{OWN}:{kind}:ledger");
        World::new(resource_type, &arn, Slots::from([(slot, Some(text))]), zone)
    };
    let list = |numbers: &mut Numbers| {
        serde_json::to_string(&some(numbers, &["210987654321", "999988887777", MEMBER, "all"]))
            .unwrap()
    };
    let mut all = vec![
        snapshot("AWS::RDS::DBSnapshot", "snapshot", Slot::DatabaseSnapshotSharing, list(numbers)),
        snapshot(
            "AWS::RDS::DBClusterSnapshot",
            "cluster-snapshot",
            Slot::ClusterSnapshotSharing,
            list(numbers),
        ),
    ];
    let sharing = serde_json::json!({
        "Groups": some(numbers, &["all"]), "UserIds": some(numbers, &accounts),
    });
    all.push(World::new(
        "AWS::EC2::Snapshot",
        "arn:aws:ec2:eu-west-1::snapshot/snap-0c4d5e6f7a8b90123",
        Slots::from([(Slot::VolumeSnapshotSharing, Some(sharing.to_string()))]),
        zone,
    ));
    let mut grants = Slots::from([(
        Slot::KeyPolicy,
        Some(format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{OWN}"}},"Action":"kms:*","Resource":"*"}}]}}"#
        )),
    )]);
    for (place, account) in accounts.iter().enumerate().filter(|_| numbers.below(2) > 0) {
        let grant_id = format!("{place}c237476b39f8bc4");
        let text = serde_json::json!({
            "GrantId": grant_id, "GranteePrincipal": format!("arn:aws:iam::{account}:role/r"),
            "IssuingAccount": OWN, "Operations": ["Decrypt"],
        });
        grants.insert(Slot::KeyGrant { grant_id }, Some(text.to_string()));
    }
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
    all.push(World::new("AWS::KMS::Key", arn, grants, zone));
    let canonical = |id: &str| id.chars().cycle().take(64).collect::<String>();
    let mut list: Vec<_> = accounts
        .iter()
        .filter(|_| numbers.below(2) > 0)
        .map(|id| {
            serde_json::json!({
                "Grantee": {"ID": canonical(id), "Type": "CanonicalUser"}, "Permission": "READ",
            })
        })
        .collect();
    if numbers.below(3) == 0 {
        list.push(serde_json::json!({
            "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"},
            "Permission": "READ",
        }));
    }
    let acl = serde_json::json!({"Grants": list, "Owner": {"ID": canonical(OWN)}});
    let slots = Slots::from([
        (Slot::BucketPolicy, None),
        (Slot::BucketAcl, Some(acl.to_string())),
        (Slot::BucketPublicAccessBlock, None),
    ]);
    all.push(World::new("AWS::S3::Bucket", "arn:aws:s3:::exports", slots, zone));
    all
}

#[test]
fn lists_lose_one_entry_and_get_it_back() {
    let (mut planned, mut found) = (0, 0);
    for seed in 0..60 {
        let zone = match seed % 2 {
            0 => ZoneChoice::Account,
            _ => ZoneChoice::Organization,
        };
        let mut numbers = Numbers(seed * 31 + 7);
        for world in worlds(&mut numbers, zone) {
            let ways = world.ways(&world.slots);
            for way in &ways {
                found += 1;
                let told = format!("seed {seed} {} {:?}", way.resource_type, way.principal);
                let plan = world.plan(&finding(way)).unwrap_or_else(|why| panic!("{told}: {why}"));
                planned += 1;
                let live = applied(&world.slots, &plan.edits);
                let left = world.ways(&live);
                let others: Vec<_> = ways.iter().filter(|own| own.id != way.id).collect();
                assert!(!left.iter().any(|own| own.principal == way.principal), "{told}: {left:?}");
                assert!(
                    others
                        .iter()
                        .all(|own| left.iter().any(|left| left.principal == own.principal)),
                    "{told}"
                );
                assert_ne!(plan.proof.admission(), Admission::Never, "{told}");
                let everyone = way.principal.entry().1 == "*";
                assert!(everyone || plan.proof.keeps == Claim::Proved, "{told}: {:?}", plan.proof);
                let back = undo(&plan, &live).unwrap();
                assert_eq!(applied(&live, &back), world.slots, "{told}");
            }
        }
    }
    assert!(planned == found && found > 200, "{planned} of {found}");
}
