//! Matching a text against a pattern with wildcards.
//!
//! The pattern is read as a row of symbols; the matcher keeps the set of places in that row that the text
//! read so far can have led to. It takes at most (symbols × characters) steps, whatever the pattern.

use crate::pattern::{Pattern, Token};

/// A part of a pattern that has no variables any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    /// This character.
    Character(char),
    /// One character.
    AnyOne,
    /// Any number of characters, none included.
    AnyMany,
    /// One character that is no colon.
    AnyOneInField,
    /// Any number of characters, none of them a colon.
    AnyManyInField,
}

/// The symbols of a pattern whose wildcards match every character. A variable stands for itself: put its
/// value in its place first.
pub(super) fn symbols(pattern: &Pattern) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(text) => symbols.extend(text.chars().map(Symbol::Character)),
            Token::AnyOne => symbols.push(Symbol::AnyOne),
            Token::AnyMany => symbols.push(Symbol::AnyMany),
            Token::Variable { key, .. } => {
                symbols.extend(format!("${{{key}}}").chars().map(Symbol::Character));
            }
        }
    }
    symbols
}

/// Whether the whole of `text` matches.
pub(super) fn matches(pattern: &[Symbol], text: &str) -> bool {
    let mut places = settled(pattern, vec![0]);
    for character in text.chars() {
        let after = places.iter().filter_map(|place| step(pattern, *place, character)).collect();
        places = settled(pattern, after);
    }
    places.contains(&pattern.len())
}

/// Where reading `character` at `place` leads.
fn step(pattern: &[Symbol], place: usize, character: char) -> Option<usize> {
    match pattern.get(place)? {
        Symbol::Character(expected) => (*expected == character).then_some(place + 1),
        Symbol::AnyOne => Some(place + 1),
        Symbol::AnyMany => Some(place),
        Symbol::AnyOneInField => (character != ':').then_some(place + 1),
        Symbol::AnyManyInField => (character != ':').then_some(place),
    }
}

/// Adds the places that are reached without reading anything, since a `*` may match nothing.
fn settled(pattern: &[Symbol], mut places: Vec<usize>) -> Vec<usize> {
    let mut index = 0;
    while let Some(place) = places.get(index).copied() {
        if let Some(Symbol::AnyMany | Symbol::AnyManyInField) = pattern.get(place) {
            places.push(place + 1);
        }
        index += 1;
    }
    places.sort_unstable();
    places.dedup();
    places
}
