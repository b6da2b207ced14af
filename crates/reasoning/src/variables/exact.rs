//! Whether the values that are tried for policy variables show every case.
//!
//! A value that is written nowhere can be exchanged for a fresh one as long as all that looks at it are
//! whole texts and beginnings of texts: these tell apart only the beginnings of what is written. Whatever
//! else looks at a variable's place, or ties two variables together, may tell apart values that are not
//! tried, and the answer is then left open.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{Comparison, Pattern, Qualifier, Statement, Token};

use super::{Place, is_account, is_account_id};

/// Keys of the caller whose values have a form of their own, which values made up here do not have.
const FORMED: &[&str] = &[
    "aws:federatedprovider",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:userid",
];

/// Whether `key` (in lower case) is the account id of the caller.
pub(super) fn is_id_of_caller(key: &str) -> bool {
    matches!(key, "aws:principalaccount" | "kms:calleraccount")
}

/// Whether the values tried for the variables `keys` show every case.
pub(super) fn show_every_case(
    statements: &[&Statement],
    places: &BTreeMap<String, Place<'_>>,
    keys: &BTreeSet<&str>,
) -> bool {
    keys.iter().all(|key| !FORMED.contains(key))
        && places.iter().all(|(name, place)| shows(name, place, keys))
        && statements.iter().flat_map(|statement| &statement.conditions).all(|condition| {
            let key = condition.key.value.folded();
            let has_variable = condition
                .values
                .iter()
                .any(|value| value.value.variables().any(|k| keys.contains(k)));
            let looks = keys.contains(key) || has_variable;
            let operator = condition.operator.value;
            !looks || operator.qualifier == Qualifier::None && tells_case(operator.comparison)
        })
        && caller_is_plain(places, keys)
}

fn tells_case(comparison: Comparison) -> bool {
    matches!(
        comparison,
        Comparison::StringEquals
            | Comparison::StringNotEquals
            | Comparison::StringLike
            | Comparison::StringNotLike
            | Comparison::ArnEquals
            | Comparison::ArnLike
            | Comparison::ArnNotEquals
            | Comparison::ArnNotLike
            | Comparison::Null
    )
}

/// Whether nothing at one place tells apart more than beginnings.
fn shows(name: &str, place: &Place<'_>, keys: &BTreeSet<&str>) -> bool {
    let varies = |pattern: &&&Pattern| pattern.variables().any(|key| keys.contains(key));
    let with: Vec<&&Pattern> = place.iter().filter(varies).collect();
    let is_key = keys.contains(name);
    if with.is_empty() && !is_key {
        return true;
    }
    let Some(parts) = with.iter().map(|pattern| Parts::of(pattern)).collect::<Option<Vec<_>>>()
    else {
        return false;
    };
    let is_plain =
        |pattern: &&Pattern| pattern.variables().next().is_some() || is_beginning(pattern);
    let alone = parts
        .iter()
        .enumerate()
        .all(|(index, one)| parts.iter().skip(index + 1).all(|other| one.is_apart_from(other)));
    let cuts_no_account = parts.iter().all(|own| {
        !is_account(own.key) || place.iter().all(|other| !own.cuts_account(other.text()))
    });
    (!is_key || with.is_empty()) && place.iter().all(is_plain) && alone && cuts_no_account
}

/// A whole text, or the beginning of one.
fn is_beginning(pattern: &Pattern) -> bool {
    matches!(
        pattern.tokens(),
        [] | [Token::Literal(_)] | [Token::AnyMany] | [Token::Literal(_), Token::AnyMany]
    )
}

/// A pattern with one variable behind plain text.
#[derive(PartialEq, Eq)]
struct Parts<'p> {
    before: &'p str,
    key: &'p str,
    behind: &'p [Token],
}

impl<'p> Parts<'p> {
    fn of(pattern: &'p Pattern) -> Option<Self> {
        let (before, key, behind) = match pattern.tokens() {
            [Token::Literal(before), Token::Variable { key, .. }, behind @ ..] => {
                (before.as_str(), key, behind)
            }
            [Token::Variable { key, .. }, behind @ ..] => ("", key, behind),
            _ => return None,
        };
        // An account id has a fixed length, so a second one stands where the first one puts it.
        let fixed = behind.iter().all(|token| match token {
            Token::Variable { key: own, .. } => own == key && is_account(key),
            Token::Literal(_) | Token::AnyOne | Token::AnyMany => true,
        });
        let wild_before_variable = behind
            .iter()
            .skip_while(|token| !matches!(token, Token::AnyOne | Token::AnyMany))
            .any(|token| matches!(token, Token::Variable { .. }));
        (fixed && !wild_before_variable).then_some(Self { before, key, behind })
    }

    /// Whether `text` ends or changes within the account id that stands behind the plain text.
    fn cuts_account(&self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix(self.before) else { return false };
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        (1..12).contains(&digits)
    }

    /// Whether no text matches both, or the two variables are compared as wholes.
    fn is_apart_from(&self, other: &Self) -> bool {
        let same = self.before == other.before;
        if same {
            return self.key == other.key || self.behind.is_empty() && other.behind.is_empty();
        }
        !self.before.starts_with(other.before) && !other.before.starts_with(self.before)
    }
}

/// What else is asked of the caller must not look into a name or an account that is a variable.
fn caller_is_plain(places: &BTreeMap<String, Place<'_>>, keys: &BTreeSet<&str>) -> bool {
    let of_caller = |key: &&&str| **key == "aws:username" || is_id_of_caller(key);
    if keys.iter().filter(of_caller).count() == 0 {
        return true;
    }
    let arns = places.get("aws:principalarn").into_iter().flatten();
    let is_plain = |pattern: &&Pattern| {
        let account = pattern.text().split(':').nth(4);
        is_beginning(pattern)
            && (pattern.as_literal().is_some()
                || pattern.is_any()
                || account.is_some_and(is_account_id))
    };
    arns.into_iter().all(is_plain) && places.get("aws:userid").is_none_or(Vec::is_empty)
}
