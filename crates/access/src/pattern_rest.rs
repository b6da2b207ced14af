//! What is left of a pattern behind a known beginning of the text: `arn:aws:s3:*:*:accesspoint/*` leaves
//! `*` behind `arn:aws:s3:eu-west-1:111122223333:accesspoint/p/object/`.
//!
//! In a Resource element a wildcard stays inside its colon-separated field, except that `*` at the end of
//! a field runs on: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.

use std::collections::BTreeSet;

use ringfence_policy::{Pattern, Token};

/// A policy variable stands where the text is known; what it leaves depends on its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HasVariable;

/// A place in the tokens: which one, and how many bytes of a literal are behind it.
type Place = (usize, usize);

/// The patterns, as texts, that the rest of a text must match when it begins with `beginning`.
pub(crate) fn behind(pattern: &Pattern, beginning: &str) -> Result<BTreeSet<String>, HasVariable> {
    let tokens = pattern.tokens();
    let places = places_behind(tokens, beginning)?;
    Ok(places.into_iter().map(|place| text_from(tokens, place)).collect())
}

/// Whether the pattern matches the whole of `text`.
pub(crate) fn matches(pattern: &Pattern, text: &str) -> Result<bool, HasVariable> {
    let tokens = pattern.tokens();
    let places = places_behind(tokens, text)?;
    let may_end = |(index, passed): &Place| {
        let rest = tokens.get(*index..).unwrap_or(&[]);
        *passed == 0 && rest.iter().all(|token| *token == Token::AnyMany)
    };
    Ok(places.iter().any(may_end))
}

fn places_behind(tokens: &[Token], text: &str) -> Result<BTreeSet<Place>, HasVariable> {
    let mut places = BTreeSet::from([(0, 0)]);
    for character in text.chars() {
        let mut next = BTreeSet::new();
        for (index, passed) in places {
            // A star may be done with; what follows it reads the character then.
            let behind_star =
                matches!(tokens.get(index), Some(Token::AnyMany)).then_some((index + 1, 0));
            for place in std::iter::once((index, passed)).chain(behind_star) {
                next.extend(step(tokens, place, character)?);
            }
        }
        places = next;
    }
    Ok(places)
}

/// The place behind one more character; nothing when the token does not match it.
fn step(
    tokens: &[Token],
    (index, passed): Place,
    character: char,
) -> Result<Option<Place>, HasVariable> {
    Ok(match tokens.get(index) {
        Some(Token::Literal(text)) => {
            let rest = text.get(passed..).unwrap_or("");
            let behind = passed + character.len_utf8();
            match rest.starts_with(character) {
                true if behind == text.len() => Some((index + 1, 0)),
                true => Some((index, behind)),
                false => None,
            }
        }
        Some(Token::AnyOne) => (character != ':').then_some((index + 1, 0)),
        Some(Token::AnyMany) => {
            let ends_field = match tokens.get(index + 1) {
                None => true,
                Some(Token::Literal(text)) => text.starts_with(':'),
                Some(_) => false,
            };
            (character != ':' || ends_field).then_some((index, passed))
        }
        Some(Token::Variable { .. }) => return Err(HasVariable),
        None => None,
    })
}

fn text_from(tokens: &[Token], (index, passed): Place) -> String {
    let own = tokens.get(index..).unwrap_or(&[]).iter().enumerate();
    own.map(|(number, token)| match token {
        Token::Literal(text) if number == 0 => escaped(text.get(passed..).unwrap_or("")),
        Token::Literal(text) => escaped(text),
        Token::AnyOne => "?".to_owned(),
        Token::AnyMany => "*".to_owned(),
        Token::Variable { key, default: None } => format!("${{{key}}}"),
        Token::Variable { key, default: Some(default) } => format!("${{{key}, '{default}'}}"),
    })
    .collect()
}

/// The text that stands for `text` itself in a pattern with wildcards and variables.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '*' | '?' | '$' => escaped.extend(["${", character.encode_utf8(&mut [0; 4]), "}"]),
            _ => escaped.push(character),
        }
    }
    escaped
}
