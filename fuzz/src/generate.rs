//! Policies and requests from arbitrary bytes. Texts come from small pools, so that what is generated
//! meets; letters are few for the same reason.

use arbitrary::{Result, Unstructured};
use ringfence_policy::{
    Caller, Comparison, ConditionKey, ContextValue, PolicyDocument, RequestContext,
};
use serde_json::{Map, Value, json};

/// What a policy is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attachment {
    /// A resource: its statements name principals.
    Resource,
    /// A principal or an account: its statements do not.
    Identity,
}

const ACTIONS: &[&str] = &[
    "*",
    "s3:*",
    "s3:Get*",
    "s3:GetObject",
    "s3:PutObject",
    "S3:getobject",
    "s3:?etObject",
    "s3:*Object",
    "sqs:SendMessage",
    "kms:Decrypt",
    "kms:*",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
    "s3:Get*Tag*",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/a",
    "arn:aws:s3:::*/a",
    "arn:aws:s3:::d?ta/*b*",
    "arn:aws:s3:::${aws:username}/*",
    "arn:aws:s3:::data/${aws:PrincipalTag/team, 'none'}/*",
    "arn:aws:s3:::data/${*}",
    "arn:aws:sqs:eu-west-1:111122223333:*",
    "arn:aws:sqs:*:111122223333:q",
    "arn:aws:kms:eu-west-1:444455556666:key/k",
    "arn:aws:iam::111122223333:role/*",
    "",
    "arn:*",
];
const PRINCIPALS: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", "111122223333"),
    ("AWS", "arn:aws:iam::111122223333:root"),
    ("AWS", "arn:aws:iam::444455556666:root"),
    ("AWS", "arn:aws:iam::111122223333:role/app"),
    ("AWS", "arn:aws:iam::111122223333:role/path/app"),
    ("AWS", "arn:aws:iam::111122223333:user/alice"),
    ("AWS", "arn:aws:sts::111122223333:assumed-role/app/session"),
    ("AWS", "arn:aws:sts::111122223333:federated-user/bob"),
    ("AWS", "AROAEXAMPLEEXAMPLE123"),
    ("AWS", "nobody"),
    ("Service", "lambda.amazonaws.com"),
    ("Service", "s3.amazonaws.com"),
    ("Federated", "accounts.google.com"),
    ("Federated", "arn:aws:iam::111122223333:saml-provider/sso"),
    ("CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"),
];
const CALLERS: &[&str] = &[
    "anonymous",
    "lambda.amazonaws.com",
    "s3.amazonaws.com",
    "accounts.google.com",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::111122223333:role/path/app",
    "arn:aws:iam::111122223333:user/alice",
    "arn:aws:iam::111122223333:user/path/alice",
    "arn:aws:iam::444455556666:user/alice",
    "arn:aws:iam::999988887777:role/other",
    "arn:aws:sts::111122223333:assumed-role/app/session",
    "arn:aws:sts::111122223333:assumed-role/app/other",
    "arn:aws:sts::111122223333:federated-user/bob",
    "arn:aws:iam::111122223333:saml-provider/sso",
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
];
/// Keys of the request that nothing else of it decides.
const FREE_KEYS: &[&str] = &[
    "aws:SourceIp",
    "aws:SourceVpce",
    "aws:SourceArn",
    "aws:CurrentTime",
    "aws:SecureTransport",
    "aws:TagKeys",
    "aws:RequestTag/team",
    "aws:requesttag/Team",
    "s3:prefix",
    "s3:max-keys",
    "aws:ResourceTag/team",
    "aws:referer",
];
/// Keys that follow from the caller.
const CALLER_KEYS: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:PrincipalType",
    "aws:username",
    "aws:userid",
    "aws:PrincipalOrgID",
    "aws:PrincipalTag/team",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
];
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "ab",
    "a*",
    "*b",
    "*a*",
    "?",
    "a?b",
    "*",
    "data",
    "data/",
    "eng",
    "${aws:username}",
    "${$}a",
    "${aws:PrincipalTag/team, 'eng'}",
    "true",
    "false",
    "é",
    "alice",
    "o-abc",
    "User",
    "111122223333",
    "4444*",
];
const ARNS: &[&str] = &[
    "arn:aws:iam::111122223333:role/*",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::*:role/app",
    "arn:aws:*",
    "arn:aws:s3:::data",
    "arn:aws:s3:::*",
    "arn:*:iam::111122223333:user/*",
    "arn:aws:iam::${aws:PrincipalAccount}:root",
    "arn",
    "*",
];
const NUMBERS: &[&str] = &["0", "1", "10", "-1", "1.5", "1e2", "100", "NaN", "many"];
const DATES: &[&str] = &[
    "2026-01-01T00:00:00Z",
    "2026-01-01",
    "2027-01-01T00:00:00+02:00",
    "1735689600",
    "2026-02-30",
    "soon",
];
const ADDRESSES: &[&str] = &[
    "10.0.0.0/8",
    "10.0.0.1",
    "10.0.0.1/32",
    "0.0.0.0/0",
    "203.0.113.0/24",
    "::/0",
    "2001:db8::/32",
    "2001:db8::1",
    "300.1.1.1",
    "10.0.0.0/33",
];

/// A policy document as JSON; sound, except that its texts may be odd.
pub(super) fn policy(u: &mut Unstructured<'_>, attachment: Attachment) -> Result<Value> {
    let statements = several(u, 4, |u| statement(u, attachment))?;
    let mut policy = json!({ "Statement": statements });
    match u.int_in_range(0..=9)? {
        0 => {}
        1 => policy["Version"] = "2008-10-17".into(),
        _ => policy["Version"] = "2012-10-17".into(),
    }
    Ok(policy)
}

/// The text of a policy, in which some bytes may have been changed, taken out or written twice.
pub(super) fn policy_text(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let attachment = *u.choose(&[Attachment::Resource, Attachment::Identity])?;
    let mut text = policy(u, attachment)?.to_string().into_bytes();
    for _ in 0..u.int_in_range(0..=3)? {
        let at = u.choose_index(text.len())?;
        let to = at + u.int_in_range(0..=8)?.min(text.len() - at);
        let replacement = match u.int_in_range(0..=2)? {
            0 => Vec::new(),
            1 => text.get(at..to).map(|own| own.repeat(2)).unwrap_or_default(),
            _ => u.bytes(u.len().min(2))?.to_vec(),
        };
        text.splice(at..to, replacement);
        if text.is_empty() {
            break;
        }
    }
    Ok(text)
}

/// One statement as JSON.
pub(super) fn statement(u: &mut Unstructured<'_>, attachment: Attachment) -> Result<Value> {
    let mut statement = Map::new();
    let effect = if u.ratio(1, 3)? { "Deny" } else { "Allow" };
    statement.insert("Effect".into(), effect.into());
    let negated = |u: &mut Unstructured<'_>, name: &str| {
        Ok(if u.ratio(1, 6)? { format!("Not{name}") } else { name.to_owned() })
    };
    if attachment == Attachment::Resource {
        statement.insert(negated(u, "Principal")?, principals(u)?);
    }
    let actions = several(u, 3, |u| one_of(u, ACTIONS))?;
    statement.insert(negated(u, "Action")?, json!(actions));
    let resources = several(u, 2, |u| text(u, RESOURCES, "ad*?/:"))?;
    statement.insert(negated(u, "Resource")?, json!(resources));
    let mut conditions = Map::new();
    for _ in 0..u.int_in_range(0..=3)? {
        condition(u, &mut conditions)?;
    }
    if !conditions.is_empty() {
        statement.insert("Condition".into(), conditions.into());
    }
    Ok(statement.into())
}

fn principals(u: &mut Unstructured<'_>) -> Result<Value> {
    if u.ratio(1, 4)? {
        return Ok("*".into());
    }
    let mut types: Map<String, Value> = Map::new();
    for _ in 0..u.int_in_range(1..=3)? {
        let (kind, name) = *u.choose(PRINCIPALS)?;
        if let Value::Array(list) = types.entry(kind).or_insert_with(|| json!([])) {
            list.push(name.into());
        }
    }
    Ok(types.into())
}

fn condition(u: &mut Unstructured<'_>, conditions: &mut Map<String, Value>) -> Result<()> {
    let comparison = *u.choose(Comparison::ALL)?;
    let pool = pool(comparison);
    let keys = if u.ratio(1, 3)? { CALLER_KEYS } else { FREE_KEYS };
    let key = one_of(u, keys)?;
    let qualifier = *u.choose(&["", "", "", "ForAllValues:", "ForAnyValue:"])?;
    let null = comparison == Comparison::Null;
    let suffix = if !null && u.ratio(1, 5)? { "IfExists" } else { "" };
    let mut operator = format!("{qualifier}{}{suffix}", comparison.as_str());
    if u.ratio(1, 8)? {
        operator.make_ascii_lowercase();
    }
    let values = several(u, 3, |u| text(u, pool, "ab*?"))?;
    if let Value::Object(keys) = conditions.entry(operator).or_insert_with(|| json!({})) {
        keys.insert(key.to_owned(), json!(values));
    }
    Ok(())
}

fn pool(comparison: Comparison) -> &'static [&'static str] {
    let name = comparison.as_str();
    match name {
        "Null" | "Bool" => &["true", "false"],
        "IpAddress" | "NotIpAddress" => ADDRESSES,
        "BinaryEquals" => &["YQ==", "YWI=", "!"],
        _ if name.starts_with("Numeric") => NUMBERS,
        _ if name.starts_with("Date") => DATES,
        _ if name.starts_with("Arn") => ARNS,
        _ => TEXTS,
    }
}

/// A request that has to do with `documents`: its texts are made of their patterns.
pub(super) fn request(
    u: &mut Unstructured<'_>,
    documents: &[&PolicyDocument],
) -> Result<RequestContext> {
    let statements: Vec<_> = documents.iter().flat_map(|document| &document.statements).collect();
    let caller = one_of(u, CALLERS)?;
    let mut action = one_of(u, ACTIONS)?.to_owned();
    let mut resource = "arn:aws:s3:::data/a".to_owned();
    if !statements.is_empty() {
        let statement = *u.choose(&statements)?;
        if let Some(pattern) = statement.action.patterns.first() {
            action = instance(u, pattern.value.text())?;
        }
        if let Some(pattern) = statement.resource.as_ref().and_then(|own| own.patterns.first()) {
            resource = instance(u, pattern.value.text())?;
        }
    }
    let mut context = std::collections::BTreeMap::new();
    for condition in statements.iter().flat_map(|statement| &statement.conditions) {
        let key = condition.key.value.folded();
        let free = FREE_KEYS.iter().any(|own| own.eq_ignore_ascii_case(key));
        if !free || condition.values.is_empty() || u.ratio(1, 4)? {
            continue;
        }
        let texts = several(u, 2, |u| {
            let value = u.choose(&condition.values)?;
            instance(u, value.value.text())
        })?;
        let value = match texts.as_slice() {
            [one] if u.ratio(2, 3)? => ContextValue::Single(one.clone()),
            _ => ContextValue::Many(texts),
        };
        context.insert(ConditionKey::new(key), value);
    }
    let action = if action.contains(':') { action } else { format!("s3:{action}") };
    let caller = Caller::parse(caller).unwrap_or(Caller::Anonymous);
    Ok(RequestContext { caller, action, resource, resource_account: None, context })
}

/// A text that `pattern` may match.
fn instance(u: &mut Unstructured<'_>, pattern: &str) -> Result<String> {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        rest = rest.get(character.len_utf8()..).unwrap_or("");
        match character {
            '*' => text.push_str(u.choose(&["", "a", "b", "alice", "x/a", "a:b"])?),
            '?' => text.push(*u.choose(&['a', 'G', 'é'])?),
            '$' if rest.starts_with('{') => {
                rest = rest.split_once('}').map_or("", |(_, behind)| behind);
                text.push_str(u.choose(&["alice", "eng", "111122223333", "*"])?);
            }
            _ => text.push(character),
        }
    }
    Ok(text)
}

/// A scenario as JSON: a request, and any of the layers.
pub(super) fn scenario(u: &mut Unstructured<'_>) -> Result<Value> {
    let mut scenario = json!({
        "principal": one_of(u, CALLERS)?,
        "action": one_of(u, ACTIONS)?.replace(['*', '?'], "x"),
    });
    let arn = one_of(u, RESOURCES)?;
    let arn = instance(u, arn)?;
    scenario["resource"] = json!({ "arn": if arn.is_empty() { "*" } else { &arn } });
    if u.ratio(1, 3)? {
        scenario["resource"]["account"] = (*u.choose(&["111122223333", "444455556666"])?).into();
    }
    let mut context = Map::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let keys = if u.ratio(1, 3)? { CALLER_KEYS } else { FREE_KEYS };
        let key = one_of(u, keys)?.to_lowercase();
        let pool = *u.choose(&[TEXTS, ARNS, NUMBERS, DATES, ADDRESSES])?;
        let value = match u.ratio(1, 3)? {
            true => json!(several(u, 3, |u| text(u, pool, "ab"))?),
            false => json!(text(u, pool, "ab")?),
        };
        context.insert(key, value);
    }
    scenario["context"] = context.into();
    if u.ratio(1, 4)? {
        scenario["managementAccount"] = "111122223333".into();
    }
    for name in ["identityPolicies", "permissionsBoundaries", "sessionPolicies", "endpointPolicies"]
    {
        let attachment = match name {
            "endpointPolicies" => Attachment::Resource,
            _ => Attachment::Identity,
        };
        if u.ratio(if name == "identityPolicies" { 3 } else { 1 }, 4)? {
            scenario[name] = json!(several(u, 2, |u| policy(u, attachment))?);
        }
    }
    if u.ratio(1, 2)? {
        scenario["resourcePolicy"] = policy(u, Attachment::Resource)?;
    }
    for (name, attachment) in [
        ("serviceControlPolicies", Attachment::Identity),
        ("resourceControlPolicies", Attachment::Resource),
    ] {
        if u.ratio(1, 4)? {
            let level = |u: &mut Unstructured<'_>| several(u, 2, |u| policy(u, attachment));
            scenario[name] = json!(several(u, 2, level)?);
        }
    }
    Ok(scenario)
}

fn one_of(u: &mut Unstructured<'_>, pool: &[&'static str]) -> Result<&'static str> {
    u.choose(pool).copied()
}

/// Mostly a text of the pool, sometimes a short one of these letters.
fn text(u: &mut Unstructured<'_>, pool: &[&'static str], letters: &str) -> Result<String> {
    if u.ratio(4, 5)? {
        return Ok(one_of(u, pool)?.to_owned());
    }
    let letters: Vec<char> = letters.chars().collect();
    let length = u.int_in_range(0..=6)?;
    (0..length).map(|_| u.choose(&letters).copied()).collect()
}

/// One to `most`.
fn several<T>(
    u: &mut Unstructured<'_>,
    most: usize,
    mut one: impl FnMut(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let count = u.int_in_range(1..=most)?;
    (0..count).map(|_| one(u)).collect()
}
