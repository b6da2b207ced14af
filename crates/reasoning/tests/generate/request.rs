//! Random requests that are likely to meet the policies of a pair.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{
    Caller, ConditionKey, ContextValue, PolicyDocument, Qualifier, RequestContext, Token,
};

use crate::generate::Random;
use crate::generate::condition::{KEYS, Kind};

const CALLERS: &[&str] = &[
    "anonymous",
    "sns.amazonaws.com",
    "ec2.amazonaws.com.cn",
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::111122223333:user/u",
    "arn:aws:iam::111122223333:user/p/u",
    "arn:aws:iam::444455556666:user/a",
    "arn:aws:sts::111122223333:assumed-role/r/s",
    "arn:aws:sts::111122223333:assumed-role/r/t",
    "arn:aws:sts::444455556666:assumed-role/q/s",
    "arn:aws:sts::111122223333:federated-user/f",
    "accounts.google.com",
    "arn:aws:iam::111122223333:saml-provider/s",
    "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
];

const RESOURCES: &[&str] = &[
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/a",
    "arn:aws:s3:::b/u",
    "arn:aws:s3:::b/a/a",
    "arn:aws:s3:::b/ab/x",
    "arn:aws:sqs:us-east-1:111122223333:q",
    "arn:aws:sqs:us-east-1:444455556666:q",
    "arn:aws:sqs:q",
    "a:b",
    "arn:aws:s3:::111122223333-b/x",
    "arn:aws:s3:::b/u/x",
    "arn:aws:s3:::b/a/u/x",
    "arn:aws:s3:::b/*",
    "axb",
];

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:GetBucketPolicy",
    "sqs:SendMessage",
    "kms:Decrypt",
    "ec2:RunInstances",
];

/// A request about the keys that `policies` speak of. Values have the type of their key, and only keys
/// that may have several values have several.
pub(crate) fn request(random: &mut Random, policies: &[&PolicyDocument]) -> RequestContext {
    let caller =
        random.of(CALLERS).and_then(|text| Caller::parse(text)).unwrap_or(Caller::Anonymous);
    let text = |random: &mut Random, all: &[&str]| {
        random.of(all).map_or(String::new(), |t| (*t).to_owned())
    };
    let action = text(random, ACTIONS);
    let mut context = BTreeMap::new();
    let mut names = names(policies);
    if names.contains("aws:principalorgpaths") {
        names.insert("aws:principalorgid".to_owned());
    }
    for name in names {
        // Only calls to KMS show it, and then the evaluator knows it itself.
        if name == "kms:calleraccount" {
            continue;
        }
        let key = ConditionKey::new(&name);
        if let Some(value) = value(random, &caller, &key, policies) {
            context.insert(key, value);
        }
    }
    if let Caller::AssumedRole { arn } = &caller
        && let Some(role) = arn.resource.split('/').nth(1)
    {
        let path = if random.chance(1, 2) { "p/" } else { "" };
        let text = format!("arn:{}:iam::{}:role/{path}{role}", arn.partition, arn.account);
        context.insert(ConditionKey::new("aws:PrincipalArn"), ContextValue::Single(text));
    }
    RequestContext {
        caller,
        action,
        resource: text(random, RESOURCES),
        resource_account: None,
        context: with_path(context, random),
    }
}

/// Who shows an organization shows its path.
fn with_path(
    mut context: BTreeMap<ConditionKey, ContextValue>,
    random: &mut Random,
) -> BTreeMap<ConditionKey, ContextValue> {
    let organization = context.get(&ConditionKey::new("aws:PrincipalOrgID"));
    if let Some(ContextValue::Single(id)) = organization {
        let units = random.of(&["", "r-a/", "r-a/ou-a/", "r-b/"]).copied().unwrap_or("");
        let path = ContextValue::Many(vec![format!("{id}/{units}")]);
        context.insert(ConditionKey::new("aws:PrincipalOrgPaths"), path);
    }
    context
}

fn names(policies: &[&PolicyDocument]) -> BTreeSet<String> {
    let statements = || policies.iter().flat_map(|policy| &policy.statements);
    let conditions = statements().flat_map(|statement| &statement.conditions);
    let keys = conditions.map(|condition| condition.key.value.folded().to_owned());
    let patterns = statements().flat_map(|statement| {
        let resources = statement.resource.iter().flat_map(|element| &element.patterns);
        resources.chain(statement.conditions.iter().flat_map(|condition| &condition.values))
    });
    let variables = patterns.flat_map(|pattern| pattern.value.variables()).map(str::to_owned);
    keys.chain(variables).collect()
}

/// A value for a key that does not follow from the caller, or nothing.
fn value(
    random: &mut Random,
    caller: &Caller,
    key: &ConditionKey,
    policies: &[&PolicyDocument],
) -> Option<ContextValue> {
    let has_account = caller.arn().is_some() && !matches!(caller, Caller::Federated(_));
    let is_root = matches!(caller, Caller::Root { .. });
    let possible = match key.folded() {
        "aws:userid" => matches!(caller, Caller::User { .. } | Caller::AssumedRole { .. }),
        "aws:principalorgid" => has_account,
        "aws:federatedprovider" => matches!(caller, Caller::AssumedRole { .. }),
        tag if tag.starts_with("aws:principaltag/") => has_account && !is_root,
        own => !own.starts_with("aws:principal") && own != "aws:username",
    };
    let is_certain = key.folded() == "aws:userid";
    if !possible || random.chance(1, 4) && !is_certain {
        return None;
    }
    if key.folded() == "aws:principalorgid" {
        let organization = random.of(&["o-a1", "o-b2", "o-ax", "o-c"]).copied().unwrap_or("o-a1");
        return Some(ContextValue::Single(organization.to_owned()));
    }
    if key.folded() == "aws:userid" {
        let session = caller.arn().and_then(|arn| arn.resource.rsplit('/').next());
        let text = match caller {
            Caller::User { .. } => "AIDAEXAMPLE".to_owned(),
            _ => format!("AROAEXAMPLE:{}", session.unwrap_or("s")),
        };
        return Some(ContextValue::Single(text));
    }
    let kind =
        KEYS.iter().find(|own| own.name.eq_ignore_ascii_case(key.folded())).map(|own| own.kind);
    let one = |random: &mut Random| text(random, key, kind.unwrap_or(Kind::Text), policies);
    let conditions = || policies.iter().flat_map(|p| &p.statements).flat_map(|s| &s.conditions);
    let own = || conditions().filter(|condition| condition.key.value == *key);
    let is_set = own().any(|condition| condition.operator.value.qualifier != Qualifier::None);
    let one_valued = key.folded().starts_with("aws:") && key.folded() != "aws:tagkeys";
    if is_set && !one_valued && random.chance(2, 3) {
        let values = (0..1 + random.below(3)).map(|_| one(random)).collect();
        return Some(ContextValue::Many(values));
    }
    Some(ContextValue::Single(one(random)))
}

/// A value that one of the policies' patterns for the key may match.
fn text(
    random: &mut Random,
    key: &ConditionKey,
    kind: Kind,
    policies: &[&PolicyDocument],
) -> String {
    let fixed: &[&str] = match kind {
        Kind::Text | Kind::Arn => &[],
        Kind::Truth => &["true", "false"],
        Kind::Address => {
            &["10.1.2.3", "10.1.2.4", "10.2.0.0", "203.0.113.9", "2001:db8::1", "2001:db9::"]
        }
        Kind::Number => &["1", "2", "2.5", "3", "10", "-1", "100"],
        Kind::Instant => &[
            "2024-01-01T00:00:00Z",
            "2024-06-01T12:00:00Z",
            "1704067201",
            "2025-01-01T00:00:00.5Z",
        ],
        Kind::Bytes => &["QQ==", "QUI=", "", "/w=="],
    };
    if !fixed.is_empty() {
        return random.of(fixed).map_or(String::new(), |text| (*text).to_owned());
    }
    let conditions = policies.iter().flat_map(|p| &p.statements).flat_map(|s| &s.conditions);
    let values: Vec<_> = conditions
        .filter(|condition| condition.key.value == *key)
        .flat_map(|condition| &condition.values)
        .collect();
    let Some(pattern) = random.of(&values).filter(|_| random.chance(5, 6)) else {
        return random
            .of(&["a", "u", "ab", "A", "zz", "111122223333"])
            .map_or(String::new(), |t| (*t).to_owned());
    };
    let parts = pattern.value.tokens().iter().map(|token| match token {
        Token::Literal(text) => text.clone(),
        Token::AnyOne => "b".to_owned(),
        Token::AnyMany => {
            random.of(&["", "a", "b/c", "x:y"]).map_or(String::new(), |t| (*t).to_owned())
        }
        Token::Variable { .. } => random.of(&["u", "a"]).map_or(String::new(), |t| (*t).to_owned()),
    });
    parts.collect()
}
