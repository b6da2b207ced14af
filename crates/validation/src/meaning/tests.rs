//! What is reported as changing nothing, against the evaluator on random policies and requests.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{
    Caller, ConditionKey, ContextValue, PathElement, PolicyDocument, PolicyType, RequestContext,
    parse_policy,
};

use crate::validate_beyond_aws;

const ACTIONS: &[&str] = &["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "sqs:*"];
const RESOURCES: &[&str] = &["*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::*"];
const CONDITIONS: &[&str] = &[
    "",
    "",
    r#", "Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}"#,
    r#", "Condition": {"StringLike": {"aws:SourceVpc": "vpc-1*"}}"#,
    r#", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}"#,
    r#", "Condition": {"StringLikeIfExists": {"aws:SourceVpc": "*"}}"#,
];

/// xorshift64: <https://en.wikipedia.org/wiki/Xorshift>.
struct Random(u64);

impl Random {
    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        words[usize::try_from(self.0 >> 33).unwrap() % words.len()]
    }

    fn statement(&mut self) -> String {
        format!(
            r#"{{"Effect": "{}", "Action": ["{}", "{}"], "Resource": "{}"{}}}"#,
            self.of(&["Allow", "Allow", "Deny"]),
            self.of(ACTIONS),
            self.of(ACTIONS),
            self.of(RESOURCES),
            self.of(CONDITIONS)
        )
    }

    fn request(&mut self) -> RequestContext {
        let mut context = BTreeMap::new();
        let vpc = self.of(&["", "vpc-1", "vpc-2", "vpc-12", "vpc-3"]);
        if !vpc.is_empty() {
            context
                .insert(ConditionKey::new("aws:SourceVpc"), ContextValue::Single(vpc.to_owned()));
        }
        RequestContext {
            caller: Caller::parse("arn:aws:iam::111122223333:role/r").unwrap(),
            action: self.of(&["s3:GetObject", "s3:PutObject", "s3:GetX", "sqs:Y"]).to_owned(),
            resource: self
                .of(&["arn:aws:s3:::a/x", "arn:aws:s3:::a/y", "arn:aws:s3:::b"])
                .to_owned(),
            resource_account: None,
            context,
        }
    }
}

/// Taking out, all at once, the statements that are reported changes no decision about what is allowed.
#[test]
fn what_changes_nothing_can_be_taken_out() {
    let (mut taken, mut requests) = (0, 0);
    for seed in 1..1500_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let statements: Vec<String> = (0..4).map(|_| random.statement()).collect();
        let text =
            format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
        let policy = parse_policy(&text).sound().unwrap();
        let out: BTreeSet<usize> = validate_beyond_aws(&text, PolicyType::IdentityPolicy, None)
            .iter()
            .filter(|own| own.issue_code.contains("_COVERED_BY_"))
            .filter_map(|own| match own.locations[0].path.as_slice() {
                [_, PathElement::Index(index)] => Some(*index),
                _ => None,
            })
            .collect();
        let kept = policy.statements.iter().filter(|own| !out.contains(&own.index)).cloned();
        let without = PolicyDocument { statements: kept.collect(), ..policy.clone() };
        taken += out.len();
        for _ in 0..60 {
            let request = random.request();
            let allowed = |policy| document_decision(policy, &request) == Decision::Allowed;
            assert_eq!(allowed(&policy), allowed(&without), "{text} without {out:?}: {request:?}");
            requests += usize::from(allowed(&policy));
        }
    }
    assert!(taken > 500 && requests > 5000, "{taken} statements, {requests} allowed requests");
}
