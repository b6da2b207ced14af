//! Random policies that exercise every element, operator and kind of key, from a seed.
//!
//! Words are few and patterns related, so that policies of a pair meet each other: about half of the pairs
//! change one policy a little to make the other. The same seed gives the same policies.

pub(crate) mod condition;
mod random;
mod words;

use serde_json::{Map, Value, json};

pub(crate) use random::Random;

/// Two policies of one kind.
pub(crate) struct Pair {
    pub(crate) existing: Value,
    pub(crate) new: Value,
}

/// The policies of `seed`.
pub(crate) fn pair(seed: u64) -> Pair {
    let mut random = Random::new(seed);
    let style = Style::choose(&mut random);
    let existing = policy(&mut random, &style);
    let new = match random.below(8) {
        0..=2 => changed(&mut random, &style, &existing),
        3 => {
            let once = changed(&mut random, &style, &existing);
            changed(&mut random, &style, &once)
        }
        _ => policy(&mut random, &style),
    };
    match random.chance(1, 2) {
        true => Pair { existing, new },
        false => Pair { existing: new, new: existing },
    }
}

/// What the policies of a pair have in common, so that they are about the same things.
pub(crate) struct Style {
    pub(crate) has_principals: bool,
    pub(crate) has_variables: bool,
    /// Indices of keys.
    pub(crate) keys: Vec<usize>,
    pub(crate) principals: Vec<usize>,
}

impl Style {
    fn choose(random: &mut Random) -> Self {
        let has_variables = random.chance(1, 6);
        let mut keys: Vec<usize> =
            (0..1 + random.below(3)).map(|_| condition::any_key(random)).collect();
        if has_variables {
            keys.extend(condition::keys_for_variables(random));
        }
        let principals =
            (0..1 + random.below(4)).map(|_| random.below(words::PRINCIPALS.len())).collect();
        Self { has_principals: random.chance(3, 5), has_variables, keys, principals }
    }
}

fn policy(random: &mut Random, style: &Style) -> Value {
    let count = 1 + random.below(3);
    let mut statements: Vec<Value> = (0..count).map(|_| statement(random, style)).collect();
    // A policy that allows nothing at all is of little interest.
    if let Some(first) = statements.first_mut()
        && random.chance(9, 10)
    {
        set(first, "Effect", json!("Allow"));
    }
    let mut policy = Map::new();
    if style.has_variables || random.chance(1, 2) {
        let version = if random.chance(24, 25) { "2012-10-17" } else { "2008-10-17" };
        policy.insert("Version".to_owned(), json!(version));
    }
    let one = statements.len() == 1 && random.chance(1, 4);
    let value = if one { statements.remove(0) } else { Value::Array(statements) };
    policy.insert("Statement".to_owned(), value);
    Value::Object(policy)
}

fn statement(random: &mut Random, style: &Style) -> Value {
    let effect = if random.chance(2, 3) { "Allow" } else { "Deny" };
    let mut statement = Map::new();
    statement.insert("Effect".to_owned(), json!(effect));
    if style.has_principals {
        let (name, value) = principal(random, style);
        statement.insert(name.to_owned(), value);
    }
    let name = if random.chance(5, 6) { "Action" } else { "NotAction" };
    statement.insert(name.to_owned(), some(random, words::ACTIONS));
    if random.chance(11, 12) {
        let name = if random.chance(5, 6) { "Resource" } else { "NotResource" };
        let resources = resources(random, style);
        statement.insert(name.to_owned(), resources);
    }
    let count = [0, 1, 1, 1, 2, 2, 3].get(random.below(7)).copied().unwrap_or(1);
    let mut conditions = Map::new();
    for _ in 0..count {
        condition::add(random, style, &mut conditions);
    }
    if !conditions.is_empty() {
        statement.insert("Condition".to_owned(), Value::Object(conditions));
    }
    Value::Object(statement)
}

fn resources(random: &mut Random, style: &Style) -> Value {
    if style.has_variables && random.chance(1, 2) {
        return some(random, words::RESOURCES_WITH_VARIABLES);
    }
    some(random, words::RESOURCES)
}

fn principal(random: &mut Random, style: &Style) -> (&'static str, Value) {
    let name = if random.chance(4, 5) { "Principal" } else { "NotPrincipal" };
    if random.chance(1, 4) {
        return (name, json!("*"));
    }
    let mut kinds = Map::new();
    for _ in 0..=random.below(3) {
        let Some(index) = random.of(&style.principals) else { continue };
        let Some((kind, text)) = words::PRINCIPALS.get(*index) else { continue };
        let list = kinds.entry((*kind).to_owned()).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(json!(text));
        }
    }
    (name, Value::Object(kinds))
}

/// One to three of `words`, alone or as a list.
pub(crate) fn some(random: &mut Random, words: &[&str]) -> Value {
    let count = [1, 1, 1, 2, 2, 3].get(random.below(6)).copied().unwrap_or(1);
    let list: Vec<Value> =
        (0..count).filter_map(|_| random.of(words)).map(|word| json!(word)).collect();
    match list.as_slice() {
        [only] if random.chance(1, 2) => only.clone(),
        _ => Value::Array(list),
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// The policy with one thing about it changed.
fn changed(random: &mut Random, style: &Style, policy: &Value) -> Value {
    let mut policy = policy.clone();
    let Some(statements) = policy.get_mut("Statement") else { return policy };
    if !statements.is_array() {
        *statements = json!([statements.clone()]);
    }
    let Value::Array(list) = statements else { return policy };
    let index = random.below(list.len().max(1));
    match random.below(6) {
        0 => list.push(statement(random, style)),
        1 if list.len() > 1 => {
            list.remove(index);
        }
        kind => {
            let Some(Value::Object(own)) = list.get_mut(index) else { return policy };
            change_statement(random, style, own, kind);
        }
    }
    policy
}

fn change_statement(random: &mut Random, style: &Style, own: &mut Map<String, Value>, kind: usize) {
    match kind {
        2 => {
            let name = if own.contains_key("Action") { "Action" } else { "NotAction" };
            own.insert(name.to_owned(), some(random, words::ACTIONS));
        }
        3 if own.contains_key("Resource") => {
            own.insert("Resource".to_owned(), resources(random, style));
        }
        4 if own.contains_key("Condition") => {
            own.remove("Condition");
        }
        _ => {
            let entry = own.entry("Condition").or_insert_with(|| json!({}));
            if let Value::Object(conditions) = entry {
                condition::add(random, style, conditions);
            }
        }
    }
}
