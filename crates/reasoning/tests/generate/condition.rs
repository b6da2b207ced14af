//! Random conditions: every operator on keys that it is made for.

use serde_json::{Map, Value, json};

use super::random::Random;
use super::{Style, some, words};

/// What the values of a key look like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Arn,
    Truth,
    Address,
    Number,
    Instant,
    Bytes,
}

pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) words: &'static [&'static str],
}

const fn key(name: &'static str, kind: Kind, words: &'static [&'static str]) -> Key {
    Key { name, kind, words }
}

pub(crate) const KEYS: &[Key] = &[
    key("aws:Referer", Kind::Text, words::GLOBS),
    key("s3:prefix", Kind::Text, words::GLOBS),
    key("aws:ResourceTag/t", Kind::Text, words::GLOBS),
    key("aws:TagKeys", Kind::Text, words::GLOBS),
    key("dynamodb:LeadingKeys", Kind::Text, words::GLOBS),
    key("aws:PrincipalTag/t", Kind::Text, words::GLOBS),
    key("aws:username", Kind::Text, words::USER_NAMES),
    key("aws:userid", Kind::Text, words::USER_IDS),
    key("aws:PrincipalType", Kind::Text, words::TYPES),
    key("aws:PrincipalAccount", Kind::Text, words::ACCOUNTS),
    key("kms:CallerAccount", Kind::Text, words::ACCOUNTS),
    key("aws:SourceAccount", Kind::Text, words::ACCOUNTS),
    key("aws:PrincipalOrgID", Kind::Text, words::ORGANIZATIONS),
    key("aws:PrincipalOrgPaths", Kind::Text, words::PATHS),
    key("aws:PrincipalServiceName", Kind::Text, words::SERVICES),
    key("aws:PrincipalServiceNamesList", Kind::Text, words::SERVICES),
    key("aws:FederatedProvider", Kind::Text, words::GLOBS),
    key("aws:PrincipalArn", Kind::Arn, words::CALLER_ARNS),
    key("aws:SourceArn", Kind::Arn, words::ARNS),
    key("aws:SecureTransport", Kind::Truth, words::TRUTHS),
    key("aws:PrincipalIsAWSService", Kind::Truth, words::TRUTHS),
    key("aws:SourceIp", Kind::Address, words::BLOCKS),
    key("aws:MultiFactorAuthAge", Kind::Number, words::NUMBERS),
    key("s3:max-keys", Kind::Number, words::NUMBERS),
    key("aws:CurrentTime", Kind::Instant, words::INSTANTS),
    key("example:bytes", Kind::Bytes, words::BYTES),
];

pub(crate) fn any_key(random: &mut Random) -> usize {
    random.below(KEYS.len())
}

/// Keys that variables read, so that policies say something of them too.
pub(crate) fn keys_for_variables(random: &mut Random) -> Vec<usize> {
    let names = [
        "aws:username",
        "aws:PrincipalTag/t",
        "aws:PrincipalAccount",
        "s3:prefix",
        "aws:ResourceTag/t",
    ];
    let wanted = random.of(&names).copied();
    KEYS.iter().position(|key| Some(key.name) == wanted).into_iter().collect()
}

const TEXT: &[&str] = &[
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
const ARN: &[&str] = &[
    "ArnLike",
    "ArnEquals",
    "ArnNotLike",
    "ArnNotEquals",
    "StringLike",
    "StringEquals",
    "StringNotLike",
];
const NUMERIC: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATE: &[&str] = &[
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
];

pub(crate) fn add(random: &mut Random, style: &Style, conditions: &mut Map<String, Value>) {
    let Some(key) = random.of(&style.keys).and_then(|index| KEYS.get(*index)) else { return };
    let (operator, values) = match random.below(12) {
        0 => ("Null".to_owned(), some(random, &["true", "false"])),
        1 if matches!(key.kind, Kind::Text) => ("Bool".to_owned(), some(random, words::TRUTHS)),
        _ => comparison(random, style, key),
    };
    let block = conditions.entry(operator).or_insert_with(|| json!({}));
    if let Value::Object(block) = block {
        let name = if random.chance(1, 8) { key.name.to_uppercase() } else { key.name.to_owned() };
        block.insert(name, values);
    }
}

fn comparison(random: &mut Random, style: &Style, key: &Key) -> (String, Value) {
    let names = match key.kind {
        Kind::Text => TEXT,
        Kind::Arn => ARN,
        Kind::Truth => &["Bool"][..],
        Kind::Address => &["IpAddress", "NotIpAddress"],
        Kind::Number => NUMERIC,
        Kind::Instant => DATE,
        Kind::Bytes => &["BinaryEquals"],
    };
    let name = random.of(names).copied().unwrap_or("StringEquals");
    let (set, plain) = match key.name {
        "aws:TagKeys" | "dynamodb:LeadingKeys" => (5, 1),
        _ => (1, 5),
    };
    let qualifier = match random.below(2 * (set + plain)) {
        at if at < set => "ForAnyValue:",
        at if at < 2 * set => "ForAllValues:",
        _ => "",
    };
    let suffix = if random.chance(1, 6) { "IfExists" } else { "" };
    let is_plain = name.contains("Equals") && key.kind == Kind::Text;
    let values = match (is_plain, key.words == words::GLOBS) {
        (_, true) if style.has_variables && random.chance(1, 2) && !name.contains("IgnoreCase") => {
            let list =
                if is_plain { words::TEXTS_WITH_VARIABLES } else { words::GLOBS_WITH_VARIABLES };
            some(random, list)
        }
        (true, true) => some(random, words::TEXTS),
        _ => some(random, key.words),
    };
    (format!("{qualifier}{name}{suffix}"), values)
}
