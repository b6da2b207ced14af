//! Random policies.

use serde_json::{Value, json};

use crate::kinds::Kind;
use crate::numbers::Numbers;
use crate::world::{MANAGEMENT, ORGANIZATION, OTHER, OWN};

pub(crate) fn conditions(numbers: &mut Numbers) -> Value {
    numbers.pick(&[
        json!({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}),
        json!({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}),
        json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-example0001/r-1/*"}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}),
        json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:*"}}),
        json!({"StringEquals": {"aws:PrincipalTag/team": "t"}}),
        json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
        json!({"StringLike": {"aws:userid": "AROAREADER00000000001:*"}}),
        json!({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
        json!({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}),
        json!({"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/25", "203.0.113.0/24"]}}),
        json!({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        json!({"StringEqualsIfExists": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
        json!({"Null": {"aws:PrincipalTag/team": "true"}}),
    ])
}

pub(crate) fn action(numbers: &mut Numbers, kind: &Kind) -> Value {
    match numbers.below(4) {
        0 => json!("*"),
        1 => json!(numbers.pick(&kind.patterns)),
        _ => json!([numbers.pick(&kind.actions), numbers.pick(&kind.actions)]),
    }
}

/// A statement without principals: of an identity policy, a boundary or an SCP.
fn statement(numbers: &mut Numbers, kind: &Kind, denies: usize) -> Value {
    let allows = !numbers.one_in(denies);
    let mut statement = json!({"Effect": if allows { "Allow" } else { "Deny" }});
    let element = if numbers.one_in(8) { "NotAction" } else { "Action" };
    statement[element] = action(numbers, kind);
    let resource = match numbers.below(3) {
        0 => json!(numbers.pick(&kind.resources)),
        _ => json!("*"),
    };
    let element = if numbers.one_in(10) { "NotResource" } else { "Resource" };
    statement[element] = resource;
    if numbers.one_in(3) {
        statement["Condition"] = conditions(numbers);
    }
    statement
}

pub(crate) fn document(numbers: &mut Numbers, kind: &Kind, denies: usize) -> Value {
    let count = 1 + numbers.below(2);
    let statements: Vec<Value> = (0..count).map(|_| statement(numbers, kind, denies)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub(crate) fn resource_statement(numbers: &mut Numbers, kind: &Kind) -> Value {
    let principals = [
        json!("*"),
        json!({"AWS": OTHER}),
        json!({"AWS": "arn:aws:iam::111122223333:root"}),
        json!({"AWS": "arn:aws:iam::111122223333:user/alice"}),
        json!({"AWS": ["arn:aws:iam::111122223333:role/ops/reader", "arn:aws:iam::444455556666:user/bob"]}),
        json!({"AWS": "arn:aws:sts::111122223333:assumed-role/reader/s1"}),
        json!({"AWS": ["arn:aws:iam::444455556666:role/writer", MANAGEMENT]}),
        json!({"Service": "sns.amazonaws.com"}),
        json!({"AWS": [OWN, "arn:aws:iam::111122223333:role/ops/reader",
            "arn:aws:sts::111122223333:assumed-role/reader/s1", "arn:aws:iam::111122223333:user/alice"]}),
    ];
    let denies = numbers.one_in(4);
    let mut statement = json!({
        "Effect": if denies { "Deny" } else { "Allow" }, "Action": action(numbers, kind), "Resource": "*",
    });
    let element = if numbers.one_in(6) { "NotPrincipal" } else { "Principal" };
    statement[element] = numbers.pick(&principals);
    if numbers.one_in(3) {
        statement["Condition"] = conditions(numbers);
    }
    statement
}

pub(crate) fn everything() -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
}
