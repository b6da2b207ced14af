//! Buckets that are reached by several mechanisms at once: each plan closes its finding by all of them, and nothing else.

use ringfence_access::external::ZoneChoice;
use ringfence_response::plan::Admission;
use ringfence_response::resolution::undo;
use ringfence_response::slot::{Slot, Slots};
use serde_json::{Value, json};

use crate::requests::Numbers;
use crate::world::{OWN, World, applied, finding};

const POINT: &str = "arn:aws:s3:eu-west-1:111122223333:accesspoint/partner";

fn statements(numbers: &mut Numbers, resource: &str) -> Vec<Value> {
    let principals = [
        json!("*"),
        json!({"AWS": "999988887777"}),
        json!({"AWS": ["arn:aws:iam::210987654321:user/ops", "111122223333"]}),
        json!({"CanonicalUser": "a".repeat(64)}),
    ];
    let conditions = [
        json!({}),
        json!({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
        json!({"StringEquals": {"s3:DataAccessPointAccount": "210987654321"}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-partner"}}),
    ];
    let count = numbers.below(3);
    (0..count)
        .map(|_| {
            json!({
                "Effect": if numbers.below(6) > 0 { "Allow" } else { "Deny" },
                "Principal": numbers.pick(&principals),
                "Action": numbers.pick(&["s3:GetObject", "s3:PutObject", "s3:*"]),
                "Resource": format!("{resource}/*"),
                "Condition": numbers.pick(&conditions),
            })
        })
        .collect()
}

fn policy(statements: &[Value]) -> Option<String> {
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    (!statements.is_empty()).then(|| policy.to_string())
}

fn bucket(numbers: &mut Numbers, zone: ZoneChoice) -> World {
    let mut own = statements(numbers, "arn:aws:s3:::exports");
    let through = numbers.below(2) > 0;
    if through {
        own.push(json!({
            "Effect": "Allow", "Principal": "*", "Action": "s3:*",
            "Resource": ["arn:aws:s3:::exports", "arn:aws:s3:::exports/*"],
            "Condition": {"StringEquals": {"s3:DataAccessPointAccount": OWN}},
        }));
    }
    let point = statements(numbers, &format!("{POINT}/object"));
    let canonical = |id: &str| id.chars().cycle().take(64).collect::<String>();
    let grants = [
        json!({"Grantee": {"ID": "a".repeat(64), "Type": "CanonicalUser"}, "Permission": "WRITE"}),
        json!({"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}, "Permission": "READ"}),
    ];
    let grants: Vec<&Value> = grants.iter().filter(|_| numbers.below(3) == 0).collect();
    let acl = json!({"Grants": grants, "Owner": {"ID": canonical(OWN)}});
    let block = json!({
        "BlockPublicAcls": false, "BlockPublicPolicy": false,
        "IgnorePublicAcls": numbers.below(4) == 0, "RestrictPublicBuckets": numbers.below(4) == 0,
    });
    let slots = Slots::from([
        (Slot::BucketPolicy, policy(&own)),
        (Slot::AccessPointPolicy { access_point_arn: POINT.to_owned() }, policy(&point)),
        (Slot::BucketAcl, Some(acl.to_string())),
        (Slot::BucketPublicAccessBlock, Some(block.to_string())),
    ]);
    World::new("AWS::S3::Bucket", "arn:aws:s3:::exports", slots, zone)
}

#[test]
fn several_mechanisms_are_closed_together() {
    let (mut planned, mut automatic, mut none, mut several) = (0, 0, Vec::new(), 0);
    for seed in 0..120 {
        let zone = match seed % 2 {
            0 => ZoneChoice::Account,
            _ => ZoneChoice::Organization,
        };
        let mut numbers = Numbers(seed * 53 + 11);
        let world = bucket(&mut numbers, zone);
        let ways = world.ways(&world.slots);
        for way in &ways {
            let told =
                format!("seed {seed} {:?} {:?} {:?}", way.principal, way.sources, world.slots);
            let plan = match world.plan(&finding(way)) {
                Ok(plan) => plan,
                Err(why) => {
                    none.push(format!("seed {seed} {:?} {:?}: {why}", way.principal, way.sources));
                    continue;
                }
            };
            planned += 1;
            several += usize::from(way.sources.len() > 1);
            automatic += usize::from(plan.proof.admission() == Admission::Automatic);
            let live = applied(&world.slots, &plan.edits);
            let left = world.ways(&live);
            let same = |one: &ringfence_access::observation::Observation,
                        other: &ringfence_access::observation::Observation| {
                one.principal == other.principal
                    && one.condition == other.condition
                    && one.action.iter().any(|action| other.action.contains(action))
            };
            assert!(!left.iter().any(|own| same(own, way)), "{told}: {left:?}");
            for other in ways.iter().filter(|own| !same(own, way)) {
                assert!(left.iter().any(|own| same(own, other)), "{told}: {other:?} is gone");
            }
            let restored = applied(&live, &undo(&plan, &live).unwrap());
            assert_eq!(restored, world.slots, "{told}");
        }
    }
    assert!(several > 0 && planned > 5 * none.len(), "{planned} {automatic} {several} {none:#?}");
}
