//! Values for policy variables: enough of them to show every way in which the other patterns of a
//! question can look at the place where a variable stands.

mod exact;

use std::collections::{BTreeMap, BTreeSet};

use exact::{is_id_of_caller, show_every_case};
use ringfence_policy::{Pattern, PolicyDocument, Principal, Statement, Token};

/// Values by key in lower case; none for an absent key.
pub(crate) type Values = BTreeMap<String, Option<String>>;

/// Choices of values for all variables of some documents.
pub(crate) struct Assignments {
    pub(crate) values: Vec<Values>,
    /// Whether they show every case.
    pub(crate) exact: bool,
}

/// No more choices than this are tried.
const MAX_ASSIGNMENTS: usize = 4096;

/// A place in which patterns are compared with each other: the Resource elements, or the values of one
/// key.
type Place<'p> = Vec<&'p Pattern>;

/// What is compared with the policies besides each other.
#[derive(Clone, Copy, Default)]
pub(crate) struct Beside<'p> {
    pub(crate) statements: &'p [&'p Statement],
    pub(crate) resources: &'p [Pattern],
}

/// The choices for `documents` where they are compared with what is `beside` them; keys with a known
/// value have that one.
pub(crate) fn assignments_beside(
    documents: &[&PolicyDocument],
    beside: Beside<'_>,
    known: &Values,
) -> Assignments {
    let own = documents.iter().flat_map(|document| &document.statements);
    let statements: Vec<&Statement> = own.chain(beside.statements.iter().copied()).collect();
    let mut places = places(&statements);
    places.entry(String::new()).or_default().extend(beside.resources);
    let callers = callers(&statements);
    let keys: BTreeSet<&str> =
        places.values().flatten().flat_map(|pattern| pattern.variables()).collect();
    let free: BTreeSet<&str> =
        keys.iter().copied().filter(|key| !known.contains_key(*key)).collect();
    let mut exact = show_every_case(&statements, &places, &free);
    let mut values: Vec<Values> = vec![Values::new()];
    for key in keys {
        let own: Vec<Option<String>> = match known.get(key) {
            Some(value) => vec![value.clone()],
            None => {
                let mut values = values_of(key, &places);
                values.extend(callers.get(key).into_iter().flatten().cloned());
                std::iter::once(None).chain(values.into_iter().map(Some)).collect()
            }
        };
        let mut next = Vec::new();
        for others in &values {
            for value in &own {
                let mut with = others.clone();
                with.insert(key.to_owned(), value.clone());
                next.push(with);
            }
        }
        if next.len() > MAX_ASSIGNMENTS {
            exact = false;
            next.truncate(MAX_ASSIGNMENTS);
        }
        values = next;
    }
    Assignments { values, exact }
}

fn places<'p>(statements: &[&'p Statement]) -> BTreeMap<String, Place<'p>> {
    let mut places: BTreeMap<String, Place<'p>> = BTreeMap::new();
    for statement in statements {
        let resources = places.entry(String::new()).or_default();
        resources.extend(statement.resource.iter().flat_map(|e| &e.patterns).map(|p| &p.value));
        for condition in &statement.conditions {
            let own = places.entry(condition.key.value.folded().to_owned()).or_default();
            own.extend(condition.values.iter().map(|value| &value.value));
        }
    }
    places
}

/// What the callers that policies name have for the keys that follow from the caller, by key in lower
/// case: a variable with such a key has these values for them and no others.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
fn callers(statements: &[&Statement]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut values: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |key, value: &str| values.entry(key).or_default().insert(value.to_owned());
    let elements = statements.iter().filter_map(|statement| statement.principal.as_ref());
    for named in elements.flat_map(|element| &element.principals) {
        match &named.value {
            Principal::Account { account, .. } => {
                add("aws:principalaccount", account.as_str());
                add("aws:userid", account.as_str());
            }
            Principal::Arn(arn) => {
                let name = arn.resource.rsplit('/').next().unwrap_or_default();
                add("aws:principalaccount", &arn.account);
                add("aws:principalarn", &arn.to_string());
                add("aws:username", name);
                add("aws:userid", &format!("{}:{name}", arn.account));
            }
            Principal::Service(name) => _ = add("aws:principalservicename", name),
            Principal::Federated(name) => _ = add("aws:federatedprovider", name),
            Principal::Everyone
            | Principal::UniqueId(_)
            | Principal::CanonicalUser(_)
            | Principal::Unrecognized { .. } => {}
        }
    }
    let conditions = statements.iter().flat_map(|statement| &statement.conditions);
    for condition in conditions.filter(|own| own.key.value.folded() == "aws:principalarn") {
        for arn in condition.values.iter().flat_map(|value| fillings(&value.value)) {
            add("aws:username", arn.rsplit('/').next().unwrap_or_default());
            if let Some(account) = arn.split(':').nth(4).filter(|account| is_account_id(account)) {
                add("aws:principalaccount", account);
            }
        }
    }
    values
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Values for the variable `key`: what is written for the key itself, what other patterns have where
/// the variable stands, and some that are written nowhere.
fn values_of(key: &str, places: &BTreeMap<String, Place<'_>>) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for pattern in places.get(key).into_iter().flatten() {
        values.extend(fillings(pattern));
    }
    for place in places.values() {
        for pattern in place.iter().filter(|pattern| pattern.variables().any(|own| own == key)) {
            for other in place {
                values.extend(alignments(pattern, key, other));
            }
        }
    }
    values.extend(["qzvk1".to_owned(), "wjxk2".to_owned()]);
    if is_account(key) {
        for pattern in places.values().flatten() {
            values.extend(accounts_in(pattern.text()));
        }
        let fresh = ["987654321098", "876543210987", "765432109876"];
        // Where only the beginning of an id is written, with two ways to go on.
        let begun: Vec<String> =
            values.iter().flat_map(|begun| fresh.map(|end| completed(begun, end))).collect();
        values.extend(begun);
        values.extend(fresh.iter().map(|id| (*id).to_owned()));
    }
    if is_id_of_caller(key) {
        values.retain(|value| is_account_id(value));
        if key == "aws:principalaccount" {
            values.insert("anonymous".to_owned());
        }
    }
    values
}

fn completed(begun: &str, end: &str) -> String {
    begun.chars().chain(end.chars()).take(12).collect()
}

fn is_account(key: &str) -> bool {
    let name = key.rsplit(':').next().unwrap_or(key);
    name.ends_with("account")
}

fn accounts_in(text: &str) -> BTreeSet<String> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.filter(|run| run.len() == 12).map(str::to_owned).collect()
}

/// Texts that a pattern matches, its wildcards filled in two ways.
fn fillings(pattern: &Pattern) -> Vec<String> {
    let fill = |many: &str| {
        let parts = pattern.tokens().iter().map(|token| match token {
            Token::Literal(text) => text.clone(),
            Token::AnyOne => "q".to_owned(),
            Token::AnyMany | Token::Variable { .. } => many.to_owned(),
        });
        parts.collect::<String>()
    };
    vec![fill(""), fill("qz")]
}

/// What `other` has where the variable `key` stands in `pattern`: every beginning of its text there that
/// the rest of the pattern can follow.
fn alignments(pattern: &Pattern, key: &str, other: &Pattern) -> BTreeSet<String> {
    let mut before = String::new();
    let mut tokens = pattern.tokens().iter();
    for token in tokens.by_ref() {
        match token {
            Token::Variable { key: own, .. } if own == key => break,
            Token::Literal(text) => before.push_str(text),
            Token::Variable { .. } | Token::AnyOne | Token::AnyMany => return BTreeSet::new(),
        }
    }
    let next = match tokens.next() {
        None => Next::End,
        Some(Token::Literal(text)) => text.chars().next().map_or(Next::End, Next::Character),
        Some(Token::Variable { .. } | Token::AnyOne | Token::AnyMany) => Next::Anything,
    };
    let mut values = BTreeSet::new();
    for filling in fillings(other) {
        let Some(rest) = filling.strip_prefix(&before) else { continue };
        for end in rest.char_indices().map(|(at, _)| at).chain([rest.len()]) {
            let (value, behind) = rest.split_at(end);
            let follows = match next {
                _ if behind.is_empty() => true,
                Next::End => false,
                Next::Character(next) => behind.starts_with(next),
                Next::Anything => true,
            };
            if follows {
                values.insert(value.to_owned());
            }
        }
    }
    values
}

/// What stands behind a variable.
enum Next {
    End,
    Character(char),
    Anything,
}
