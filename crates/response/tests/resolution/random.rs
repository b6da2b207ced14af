//! Plans for findings of random policies: each closes its finding and nothing else, and can be undone; and what is claimed
//! of it is checked once more by the evaluator on sampled requests.

use std::collections::BTreeSet;

use ringfence_access::external::ZoneChoice;
use ringfence_policy::evaluate::Decision;
use serde_json::{Value, json};

use crate::requests::{INSIDE, MEMBERS, Numbers, OUTSIDE, decision, request};
use crate::world::{ID, World, applied, finding};
use ringfence_response::plan::{Admission, Claim, Plan};
use ringfence_response::resolution::{sid, undo};
use ringfence_response::slot::{Slot, Slots};

/// A type of resource that one policy decides about.
struct Kind {
    resource_type: &'static str,
    arn: &'static str,
    asked: &'static str,
    slot: Slot,
    actions: [&'static str; 2],
    patterns: [&'static str; 2],
    has_resource: bool,
    /// A statement that every such policy has.
    always: Option<&'static str>,
}

fn kinds() -> Vec<Kind> {
    let kind = |resource_type, arn, slot, actions, patterns| Kind {
        resource_type,
        arn,
        asked: arn,
        slot,
        actions,
        patterns,
        has_resource: true,
        always: None,
    };
    vec![
        Kind {
            asked: "arn:aws:s3:::reports/a",
            ..kind(
                "AWS::S3::Bucket",
                "arn:aws:s3:::reports",
                Slot::BucketPolicy,
                ["s3:GetObject", "s3:PutObject"],
                ["s3:*", "s3:Get*"],
            )
        },
        Kind {
            has_resource: false,
            ..kind(
                "AWS::IAM::Role",
                "arn:aws:iam::111122223333:role/app",
                Slot::RoleTrustPolicy,
                ["sts:AssumeRole", "sts:TagSession"],
                ["sts:*", "sts:Assume*"],
            )
        },
        Kind {
            always: Some(
                r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*"}"#,
            ),
            ..kind(
                "AWS::KMS::Key",
                "arn:aws:kms:eu-west-1:111122223333:key/1",
                Slot::KeyPolicy,
                ["kms:Decrypt", "kms:Encrypt"],
                ["kms:*", "kms:De*"],
            )
        },
        kind(
            "AWS::SQS::Queue",
            "arn:aws:sqs:eu-west-1:111122223333:orders",
            Slot::QueuePolicy,
            ["sqs:ReceiveMessage", "sqs:SendMessage"],
            ["sqs:*", "sqs:Send*"],
        ),
        kind(
            "AWS::SNS::Topic",
            "arn:aws:sns:eu-west-1:111122223333:status",
            Slot::TopicPolicy,
            ["sns:Publish", "sns:Subscribe"],
            ["sns:*", "SNS:Publish"],
        ),
        kind(
            "AWS::SecretsManager::Secret",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-Ab12Cd",
            Slot::SecretPolicy,
            ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            ["secretsmanager:*", "secretsmanager:Get*"],
        ),
        Kind {
            has_resource: false,
            ..kind(
                "AWS::ECR::Repository",
                "arn:aws:ecr:eu-west-1:111122223333:repository/gateway",
                Slot::RepositoryPolicy,
                ["ecr:BatchGetImage", "ecr:PutImage"],
                ["ecr:*", "ecr:Batch*"],
            )
        },
        kind(
            "AWS::EFS::FileSystem",
            "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0123456789abcdef0",
            Slot::FileSystemPolicy,
            ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            ["elasticfilesystem:*", "elasticfilesystem:Client*"],
        ),
        kind(
            "AWS::DynamoDB::Table",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/tokens",
            Slot::TablePolicy,
            ["dynamodb:GetItem", "dynamodb:PutItem"],
            ["dynamodb:*", "dynamodb:Get*"],
        ),
        kind(
            "AWS::DynamoDB::Stream",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/tokens/stream/2026-01-15T08:30:00.000",
            Slot::StreamPolicy,
            ["dynamodb:GetRecords", "dynamodb:DescribeStream"],
            ["dynamodb:*", "dynamodb:Get*"],
        ),
        kind(
            "AWS::Lambda::Function",
            "arn:aws:lambda:eu-west-1:111122223333:function:pay",
            Slot::FunctionPolicy,
            ["lambda:InvokeFunction", "lambda:GetFunction"],
            ["lambda:*", "lambda:Invoke*"],
        ),
        kind(
            "AWS::Lambda::LayerVersion",
            "arn:aws:lambda:eu-west-1:111122223333:layer:crypto:3",
            Slot::LayerPolicy,
            ["lambda:GetLayerVersion", "lambda:GetLayerVersion"],
            ["lambda:*", "lambda:Get*"],
        ),
        kind(
            "AWS::S3Express::DirectoryBucket",
            "arn:aws:s3express:eu-west-1:111122223333:bucket/cache--euw1-az1--x-s3",
            Slot::DirectoryBucketPolicy,
            ["s3express:CreateSession", "s3express:CreateSession"],
            ["s3express:*", "s3express:Create*"],
        ),
    ]
}

fn statement(numbers: &mut Numbers, kind: &Kind, place: usize) -> Value {
    let principals = [
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": "999988887777"}),
        json!({"AWS": "arn:aws:iam::999988887777:role/reader"}),
        json!({"AWS": ["arn:aws:iam::210987654321:user/ops", "111122223333"]}),
        json!({"AWS": ["arn:aws:iam::999988887777:root", "arn:aws:iam::444455556666:root"]}),
        json!({"Service": "sns.amazonaws.com"}),
    ];
    let conditions = [
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-partner"}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::999988887777:role/*"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::inventory"}}),
        json!({"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"]}}),
        json!({"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/25", "203.0.113.0/24"]}}),
        json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        json!({"StringEqualsIfExists": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"StringNotEquals": {"aws:PrincipalAccount": "210987654321"}}),
    ];
    let action = match numbers.below(2) {
        0 => numbers.pick(&kind.actions),
        _ => numbers.pick(&kind.patterns),
    };
    let mut statement = json!({
        "Sid": format!("s{place}"),
        "Effect": if numbers.below(5) > 0 { "Allow" } else { "Deny" },
        "Principal": numbers.pick(&principals), "Action": action,
    });
    if kind.has_resource {
        statement["Resource"] = "*".into();
    }
    if numbers.below(2) > 0 {
        statement["Condition"] = numbers.pick(&conditions);
    }
    statement
}

fn policy(numbers: &mut Numbers, kind: &Kind) -> String {
    let count = 1 + numbers.below(3);
    let mut all: Vec<Value> = (0..count).map(|place| statement(numbers, kind, place)).collect();
    all.extend(kind.always.map(|own| serde_json::from_str(own).unwrap()));
    let policy = json!({"Version": "2012-10-17", "Statement": all});
    match numbers.below(2) {
        0 => policy.to_string(),
        _ => serde_json::to_string_pretty(&policy).unwrap(),
    }
}

/// What became of the findings of all policies.
#[derive(Debug, Default)]
struct Count {
    automatic: usize,
    approval: usize,
    none: usize,
    reasons: BTreeSet<String>,
}

#[test]
fn plans_keep_what_they_claim() {
    let rounds: u64 = 30;
    let mut all = Count::default();
    for kind in kinds() {
        let mut count = Count::default();
        for seed in 0..rounds {
            let zone = match seed % 2 {
                0 => ZoneChoice::Account,
                _ => ZoneChoice::Organization,
            };
            round(&kind, seed, zone, &mut count);
        }
        assert!(count.automatic + count.approval > 0, "{}: {count:?}", kind.resource_type);
        all.automatic += count.automatic;
        all.approval += count.approval;
        all.none += count.none;
        all.reasons.extend(count.reasons);
    }
    assert!(all.automatic > 10 * all.none, "{all:#?}");
    // Where nothing but a removal is possible, two findings of one statement cannot be told apart.
    assert!(all.reasons.iter().all(|own| own.starts_with("AWS::Lambda::")), "{all:#?}");
}

fn round(kind: &Kind, seed: u64, zone: ZoneChoice, count: &mut Count) {
    let mut numbers = Numbers(seed * 977 + 13);
    let policy = policy(&mut numbers, kind);
    let slots = Slots::from([(kind.slot.clone(), Some(policy.clone()))]);
    let world = World::new(kind.resource_type, kind.arn, slots, zone);
    for way in world.ways(&world.slots) {
        let told = format!("{} seed {seed} {:?} {policy}", kind.resource_type, way.principal);
        let plan = match world.plan(&finding(&way)) {
            Ok(plan) => plan,
            Err(why) => {
                count.none += 1;
                count.reasons.insert(format!("{}: {why}", kind.resource_type));
                continue;
            }
        };
        match plan.proof.admission() {
            Admission::Automatic => count.automatic += 1,
            Admission::Approval => count.approval += 1,
            Admission::Never => panic!("{told}: a plan that may never be applied"),
        }
        let live = applied(&world.slots, &plan.edits);
        let left = world.ways(&live);
        let key = |own: &ringfence_access::observation::Observation| {
            (own.principal.clone(), own.condition.clone())
        };
        assert!(!left.iter().any(|own| key(own) == key(&way)), "{told}: it is still there");
        let restored = applied(&live, &undo(&plan, &live).unwrap());
        assert_eq!(restored, world.slots, "{told}: undoing gives it back");
        let after = live[&kind.slot].as_deref();
        names_the_finding(&plan, after, &told);
        others_stay(kind, &plan, (&policy, after), &told);
        assert_eq!(decision(Some(&policy), &way.witness), Decision::Allowed, "{told}");
        assert_ne!(decision(after, &way.witness), Decision::Allowed, "{told}");
        evaluator(kind, &mut numbers, (&policy, after, zone), &plan, &told);
    }
}

/// What somebody else wrote meanwhile stays when the plan is undone, and everything of before comes back.
fn others_stay(kind: &Kind, plan: &Plan, (before, after): (&str, Option<&str>), told: &str) {
    let statements = |policy: &str| -> Vec<Value> {
        let policy: Value = serde_json::from_str(policy).unwrap();
        policy["Statement"].as_array().unwrap().clone()
    };
    let theirs = json!({
        "Sid": "theirs", "Effect": "Allow", "Principal": {"AWS": "111122223333"},
        "Action": kind.actions[0], "Resource": kind.arn,
    });
    let mut all = after.map(statements).unwrap_or_default();
    all.insert(0, theirs.clone());
    let now = json!({"Version": "2012-10-17", "Statement": all}).to_string();
    let now = Slots::from([(kind.slot.clone(), Some(now))]);
    let restored = applied(&now, &undo(plan, &now).unwrap());
    let restored = statements(restored[&kind.slot].as_deref().unwrap());
    let mut expected = statements(before);
    expected.push(theirs);
    assert_eq!(restored.len(), expected.len(), "{told}: {restored:?}");
    assert!(expected.iter().all(|own| restored.contains(own)), "{told}: {restored:?}");
}

/// Services differ in the Sids they take; letters and digits are taken by all, and each Sid stands once.
fn names_the_finding(plan: &Plan, after: Option<&str>, told: &str) {
    let Some(sid) = &plan.sid else { return };
    assert_eq!(sid::decode(sid).as_deref(), Some(ID), "{told}");
    assert!(sid.bytes().all(|own| own.is_ascii_alphanumeric()), "{told}: {sid}");
    let policy: Value = serde_json::from_str(after.unwrap()).unwrap();
    let sids = policy["Statement"].as_array().unwrap().iter().filter_map(|own| own["Sid"].as_str());
    let all: Vec<&str> = sids.collect();
    let once: BTreeSet<&str> = all.iter().copied().collect();
    assert!(all.len() == once.len() && once.contains(sid.as_str()), "{told}: {all:?}");
}

/// The evaluator on sampled requests: nobody gets in who did not, and nobody inside loses anything that is not said.
fn evaluator(
    kind: &Kind,
    numbers: &mut Numbers,
    (before, after, zone): (&str, Option<&str>, ZoneChoice),
    plan: &Plan,
    told: &str,
) {
    let mut inside = INSIDE.to_vec();
    let mut outside = OUTSIDE.to_vec();
    match zone {
        ZoneChoice::Organization => inside.extend(MEMBERS),
        ZoneChoice::Account => outside.extend(MEMBERS),
    }
    for _ in 0..40 {
        let request = request(numbers, &outside, &kind.actions, kind.asked);
        let (old, new) = (decision(Some(before), &request), decision(after, &request));
        assert!(
            new != Decision::Allowed || old == Decision::Allowed,
            "{told}: {request:?} gets in"
        );
    }
    if plan.proof.keeps != Claim::Proved {
        return;
    }
    for _ in 0..40 {
        let request = request(numbers, &inside, &kind.actions, kind.asked);
        let (old, new) = (decision(Some(before), &request), decision(after, &request));
        // What no policy of the resource denies, identity policies may allow.
        assert_eq!(new, old, "{told}: {request:?} is decided otherwise by {after:?}");
    }
}
