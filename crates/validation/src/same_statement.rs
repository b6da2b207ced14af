//! Statements that say the same: with the same elements, whatever their Sids and the order of members and values.

use ringfence_policy::json::{Kind, Value};

/// A number that is equal for statements that say the same. It costs one pass over the text.
pub(crate) fn fingerprint(statement: &Value<'_>) -> u64 {
    let members = statement.members().iter().filter(|member| member.key.value != "Sid");
    sum(members.map(|member| hash(&member.key.value).rotate_left(1) ^ of_value(&member.value)))
}

/// The order of members and elements must not matter, so their numbers are added.
fn of_value(value: &Value<'_>) -> u64 {
    match &value.kind {
        Kind::Null | Kind::Invalid => 1,
        Kind::Boolean(value) => 2 + u64::from(*value),
        Kind::Number(number) => hash(number),
        Kind::String(text) => hash(text),
        Kind::Array(elements) => sum(elements.iter().map(of_value)),
        Kind::Object(members) => sum(members
            .iter()
            .map(|member| hash(&member.key.value).rotate_left(1) ^ of_value(&member.value))),
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::wrapping_add)
}

/// FNV-1a: <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether two statements say the same.
pub(crate) fn is_same(left: &Value<'_>, right: &Value<'_>) -> bool {
    let count = |value: &Value<'_>| value.members().iter().filter(|m| m.key.value != "Sid").count();
    count(left) == count(right)
        && left.members().iter().filter(|member| member.key.value != "Sid").all(|member| {
            right.get(&member.key.value).is_some_and(|other| is_same_value(&member.value, other))
        })
}

/// One string means what a list of it means.
fn is_same_value(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::Object(members), Kind::Object(others)) => {
            members.len() == others.len()
                && members.iter().all(|member| {
                    right.get(&member.key.value).is_some_and(|v| is_same_value(&member.value, v))
                })
        }
        (Kind::Array(elements), Kind::Array(others)) => {
            elements.len() == others.len()
                && (is_same_list(elements.iter(), others.iter())
                    || is_same_list(in_order(elements), in_order(others)))
        }
        (Kind::Array(elements), _) => {
            matches!(elements.as_slice(), [only] if is_same_value(only, right))
        }
        (_, Kind::Array(others)) => {
            matches!(others.as_slice(), [only] if is_same_value(left, only))
        }
        (left, right) => left == right,
    }
}

fn is_same_list<'v, 'd: 'v>(
    left: impl Iterator<Item = &'v Value<'d>>,
    right: impl Iterator<Item = &'v Value<'d>>,
) -> bool {
    left.zip(right).all(|(left, right)| is_same_value(left, right))
}

/// The elements in an order that does not depend on the one in the text.
fn in_order<'v, 'd>(elements: &'v [Value<'d>]) -> impl Iterator<Item = &'v Value<'d>> {
    let mut keyed: Vec<(u64, &Value<'d>)> = elements.iter().map(|e| (of_value(e), e)).collect();
    keyed.sort_by_key(|(number, _)| *number);
    keyed.into_iter().map(|(_, element)| element)
}
