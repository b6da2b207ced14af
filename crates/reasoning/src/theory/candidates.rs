//! Values that show every class of an attribute, where these are few and easy to list.

use std::collections::BTreeSet;

use super::glob::{Case, Glob};
use super::ranges::{date_classes, ip_classes, number_classes};
use super::value::{Family, Test, Value};

/// Values of an attribute, and whether they show every class that the tests cut it into.
pub(crate) struct Candidates {
    pub(crate) values: Vec<Value>,
    pub(crate) complete: bool,
}

/// Values for an attribute with these tests.
pub(crate) fn candidates(tests: &[Test]) -> Candidates {
    let families: BTreeSet<Family> = tests.iter().map(Test::family).collect();
    let mut values = Vec::new();
    let mut complete = families.len() <= 1;
    for family in &families {
        match family {
            Family::Identity => complete = false,
            Family::Text => complete &= texts(tests, &mut values),
            Family::Bool => {
                values.extend(["true", "false"].map(|text| Value::Text(text.to_owned())));
            }
            Family::Ip => values.extend(ip_classes(tests.iter().flat_map(|test| match test {
                Test::Ip(ranges) => ranges.as_slice(),
                _ => &[],
            }))),
            Family::Number => values.extend(number_classes(bounds(tests, |test| match test {
                Test::Number(_, bounds) => bounds.iter().map(|b| f64::from_bits(*b)).collect(),
                _ => Vec::new(),
            }))),
            Family::Date => values.extend(date_classes(bounds(tests, |test| match test {
                Test::Date(_, bounds) => bounds.clone(),
                _ => Vec::new(),
            }))),
            Family::Bytes => bytes(tests, &mut values),
        }
    }
    if families.is_empty() {
        values.push(Value::Text("x".to_owned()));
        complete = true;
    }
    Candidates { values, complete }
}

fn bounds<T>(tests: &[Test], of: impl Fn(&Test) -> Vec<T>) -> Vec<T> {
    tests.iter().flat_map(of).collect()
}

fn bytes(tests: &[Test], values: &mut Vec<Value>) {
    let mut all: BTreeSet<Vec<u8>> = BTreeSet::new();
    for test in tests {
        if let Test::Bytes(own) = test {
            all.extend(own.iter().cloned());
        }
    }
    let mut other = b"x".to_vec();
    while all.contains(&other) {
        other.push(b'x');
    }
    values.push(Value::Bytes(other));
    values.extend(all.into_iter().map(Value::Bytes));
}

/// Each literal, something behind each prefix, and something else. Complete when there are only
/// literals and prefixes and case counts for all or for none.
fn texts(tests: &[Test], values: &mut Vec<Value>) -> bool {
    let globs = || tests.iter().flat_map(Test::globs);
    let mut complete = true;
    let mut cases = BTreeSet::new();
    let mut plain: Vec<&str> = Vec::new();
    let mut prefixes: Vec<&str> = Vec::new();
    for glob in globs() {
        match (glob.as_literal(), glob.as_prefix()) {
            (Some(text), _) => plain.push(text),
            (None, Some(text)) => prefixes.push(text),
            (None, None) => {
                complete = false;
                continue;
            }
        }
        cases.insert(glob.case());
    }
    let folded = cases.contains(&Case::Folded);
    complete &= cases.len() <= 1;
    let all: Vec<&str> = plain.iter().chain(&prefixes).copied().collect();
    match fresh("", &all, folded) {
        Some(text) => values.push(Value::Text(text)),
        None => complete = false,
    }
    for prefix in &prefixes {
        match fresh(prefix, &all, folded) {
            Some(text) => values.push(Value::Text(text)),
            None => complete = false,
        }
    }
    values.extend(plain.iter().map(|text| Value::Text((*text).to_owned())));
    complete
}

/// A text that starts with `prefix` and with no longer one of `all`, and is none of them.
fn fresh(prefix: &str, all: &[&str], folded: bool) -> Option<String> {
    let longer = |next: char| {
        all.iter().any(|text| {
            let Some(head) = text.get(..prefix.len()) else { return false };
            let same = if folded { head.eq_ignore_ascii_case(prefix) } else { head == prefix };
            same && text
                .get(prefix.len()..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|c| c == next || folded && c.to_lowercase().eq(next.to_lowercase()))
        })
    };
    // In a text that is an ARN's beginning the rest had better stay inside the field.
    let next = "xyzwvutsrq0123456789~!*".chars().find(|next| !longer(*next))?;
    // A folded comparison of other than ASCII prefixes is left to the automata.
    (!folded || prefix.is_ascii()).then(|| format!("{prefix}{next}"))
}

/// The patterns of the tests, each once.
pub(crate) fn all_globs(tests: &[Test]) -> Vec<Glob> {
    tests.iter().flat_map(Test::globs).collect::<BTreeSet<_>>().into_iter().cloned().collect()
}
