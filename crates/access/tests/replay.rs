//! Findings of random policies against the evaluator: each witness is allowed, each request from outside that the
//! evaluator allows is covered by a finding, and neither order nor repetition changes what is found.

use std::sync::Arc;

use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::inventory::{
    Configuration, IamRole, Inventory, KmsKey, PolicySource, Resource, S3Bucket, SqsQueue,
};
use ringfence_access::observation::Observation;
use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::location::Position;
use ringfence_policy::{
    AccountId, Caller, ConditionKey, ContextValue, Partition, PolicyDocument, RequestContext,
    parse_policy,
};
use serde_json::{Value, json};

const OWN: &str = "111122223333";
const ROUNDS: u64 = 250;

/// A type of resource with actions that other accounts can be given.
#[derive(Clone, Copy)]
struct Kind {
    arn: &'static str,
    asked: &'static str,
    actions: [&'static str; 2],
    patterns: [&'static str; 2],
    configuration: fn(PolicySource) -> Configuration,
}

const KINDS: [Kind; 4] = [
    Kind {
        arn: "arn:aws:s3:::reports",
        asked: "arn:aws:s3:::reports/a",
        actions: ["s3:GetObject", "s3:PutObject"],
        patterns: ["s3:*", "s3:Get*"],
        configuration: |policy| {
            let bucket = S3Bucket { bucket_policy: Some(policy), ..S3Bucket::default() };
            Configuration::S3Bucket(Box::new(bucket))
        },
    },
    Kind {
        arn: "arn:aws:iam::111122223333:role/app",
        asked: "arn:aws:iam::111122223333:role/app",
        actions: ["sts:AssumeRole", "sts:TagSession"],
        patterns: ["sts:*", "sts:Assume*"],
        configuration: |trust_policy| Configuration::IamRole(IamRole { trust_policy }),
    },
    Kind {
        arn: "arn:aws:kms:eu-west-1:111122223333:key/1",
        asked: "arn:aws:kms:eu-west-1:111122223333:key/1",
        actions: ["kms:Decrypt", "kms:Encrypt"],
        patterns: ["kms:*", "kms:De*"],
        configuration: |policy| {
            let key = KmsKey { key_policy: Some(policy), ..KmsKey::default() };
            Configuration::KmsKey(Box::new(key))
        },
    },
    Kind {
        arn: "arn:aws:sqs:eu-west-1:111122223333:orders",
        asked: "arn:aws:sqs:eu-west-1:111122223333:orders",
        actions: ["sqs:ReceiveMessage", "sqs:SendMessage"],
        patterns: ["sqs:*", "sqs:Send*"],
        configuration: |policy| Configuration::SqsQueue(SqsQueue { queue_policy: Some(policy) }),
    },
];

/// A small generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn statement(numbers: &mut Numbers, kind: &Kind) -> Value {
    let principals = [
        json!("*"),
        json!({"AWS": "999988887777"}),
        json!({"AWS": "arn:aws:iam::999988887777:role/reader"}),
        json!({"AWS": ["arn:aws:iam::210987654321:user/ops", "111122223333"]}),
        json!({"Service": "sns.amazonaws.com"}),
    ];
    let conditions = [
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-partner"}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::999988887777:role/*"}}),
        json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}),
        json!({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
        json!({"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/25", "203.0.113.0/24"]}}),
        json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        json!({"StringEqualsIfExists": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"Null": {"aws:PrincipalOrgID": "true"}}),
    ];
    let allows = numbers.below(4) > 0;
    let action = match numbers.below(2) {
        0 => numbers.pick(&kind.actions),
        _ => numbers.pick(&kind.patterns),
    };
    let mut statement = json!({
        "Effect": if allows { "Allow" } else { "Deny" },
        "Principal": numbers.pick(&principals), "Action": action, "Resource": "*",
    });
    if numbers.below(5) > 1 {
        statement["Condition"] = numbers.pick(&conditions);
    }
    statement
}

fn request(numbers: &mut Numbers, kind: &Kind) -> RequestContext {
    let callers = [
        "arn:aws:sts::999988887777:assumed-role/reader/s",
        "arn:aws:sts::999988887777:assumed-role/other/s",
        "arn:aws:iam::210987654321:user/ops",
        "arn:aws:iam::555566667777:user/unknown",
    ];
    let mut context = std::collections::BTreeMap::new();
    for (key, values) in [
        ("aws:PrincipalOrgID", ["o-partner", "o-other"]),
        ("aws:SourceIp", ["198.51.100.7", "192.0.2.1"]),
        ("aws:SourceVpce", ["vpce-1", "vpce-3"]),
        ("aws:SecureTransport", ["true", "false"]),
    ] {
        if numbers.below(3) > 0 {
            let value = ContextValue::Single(numbers.pick(&values).to_owned());
            context.insert(ConditionKey::new(key), value);
        }
    }
    RequestContext {
        caller: Caller::parse(numbers.pick(&callers)).unwrap(),
        action: numbers.pick(&kind.actions).to_owned(),
        resource: kind.asked.to_owned(),
        resource_account: AccountId::new(OWN),
        context,
    }
}

fn document(policy: &Value) -> PolicyDocument {
    parse_policy(&policy.to_string()).sound().unwrap()
}

fn findings(kind: &Kind, policy: &Value) -> Vec<Observation> {
    let file: Arc<str> = Arc::from("policy.json");
    let mut inventory = Inventory::empty(Partition::Aws);
    inventory.resources.push(Resource {
        arn: kind.arn.to_owned(),
        account: AccountId::new(OWN).unwrap(),
        region: Arc::from("eu-west-1"),
        tags: Vec::new(),
        file: Arc::clone(&file),
        position: Position { line: 1, column: 0, offset: 0 },
        configuration: (kind.configuration)(PolicySource::whole_file(&file, &policy.to_string())),
    });
    let report = Analysis::new(&inventory, ZoneChoice::Account).resource(&inventory.resources[0]);
    assert!(report.not_analyzed.is_empty(), "{policy}");
    report.observations
}

fn policy(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Whether the finding speaks of the request: its labels are read as a statement.
fn covers(finding: &Observation, request: &RequestContext) -> bool {
    let (kind, who) = finding.principal.entry();
    let mut conditions = json!({});
    for (key, label) in &finding.condition {
        let operator = match key.as_str() {
            "aws:SourceIp" => "IpAddress",
            "aws:PrincipalArn" => "ArnLike",
            _ => "StringLike",
        };
        conditions[operator][key] = label.as_str().into();
    }
    let label = json!({
        "Effect": "Allow", "Principal": {kind: who}, "Action": "*", "Resource": "*", "Condition": conditions,
    });
    finding.action.contains(&request.action)
        && document_decision(&document(&policy(&[label])), request) == Decision::Allowed
}

fn each(mut check: impl FnMut(&mut Numbers, &Kind, &[Value])) {
    let mut numbers = Numbers(7);
    for kind in &KINDS {
        for _ in 0..ROUNDS {
            let count = 1 + numbers.below(3);
            let statements: Vec<Value> =
                (0..count).map(|_| statement(&mut numbers, kind)).collect();
            check(&mut numbers, kind, &statements);
        }
    }
}

#[test]
fn every_witness_gets_in_from_outside() {
    let mut found = 0;
    each(|_, kind, statements| {
        let policy = policy(statements);
        for finding in findings(kind, &policy) {
            let witness = &finding.witness;
            assert_eq!(
                document_decision(&document(&policy), witness),
                Decision::Allowed,
                "{policy}"
            );
            assert_ne!(witness.caller.account(), AccountId::new(OWN), "{policy}");
            assert!(!matches!(witness.caller, Caller::Service(_)), "{policy}");
            assert!(covers(&finding, witness), "{policy}\n{finding:?}");
            found += 1;
        }
    });
    assert!(found > 200, "{found} findings");
}

#[test]
fn every_request_that_gets_in_is_found() {
    let mut allowed = 0;
    each(|numbers, kind, statements| {
        let policy = policy(statements);
        let found = findings(kind, &policy);
        for _ in 0..20 {
            let request = request(numbers, kind);
            if document_decision(&document(&policy), &request) == Decision::Allowed {
                assert!(found.iter().any(|own| covers(own, &request)), "{policy}\n{request:?}");
                allowed += 1;
            }
        }
    });
    assert!(allowed > 500, "{allowed} requests");
}

#[test]
fn order_and_repetition_change_nothing() {
    let ids = |kind: &Kind, statements: &[Value]| -> Vec<(String, bool)> {
        let found = findings(kind, &policy(statements));
        let mut ids: Vec<_> = found.into_iter().map(|own| (own.id, own.is_public)).collect();
        ids.sort();
        ids
    };
    each(|_, kind, statements| {
        let first = ids(kind, statements);
        assert_eq!(first, ids(kind, statements));
        let turned = statements.iter().rev().map(|statement| {
            let members = statement.as_object().unwrap().iter().rev();
            Value::Object(members.map(|(key, value)| (key.clone(), value.clone())).collect())
        });
        let turned: Vec<Value> = turned.collect();
        assert_eq!(first, ids(kind, &turned), "{}", policy(statements));
    });
}

#[test]
fn another_condition_is_another_finding() {
    let id = |vpce: &str| {
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceVpce": vpce}},
        });
        findings(&KINDS[3], &policy(&[statement])).remove(0).id
    };
    assert_eq!(id("vpce-1"), id("vpce-1"));
    assert_ne!(id("vpce-1"), id("vpce-2"));
}
