#![doc = include_str!("resource.md")]

use super::policy_variables;
use crate::document::{PatternElement, Polarity};
use crate::evaluate::facts::Facts;
use crate::evaluate::glob::{self, Symbol};
use crate::pattern::{Pattern, Token};

pub(in crate::evaluate) fn matches(element: &PatternElement, facts: &Facts<'_>) -> bool {
    let patterns = element.patterns.iter().map(|pattern| symbols(&pattern.value, facts));
    // A variable without a value makes the whole statement not match, under NotResource too.
    let Some(patterns) = patterns.collect::<Option<Vec<_>>>() else {
        return false;
    };
    let listed = patterns.iter().any(|pattern| glob::matches(pattern, &facts.request.resource));
    match element.polarity {
        Polarity::Plain => listed,
        Polarity::Not => !listed,
    }
}

/// The pattern with values in the place of its variables; nothing when one has none.
fn symbols(pattern: &Pattern, facts: &Facts<'_>) -> Option<Vec<Symbol>> {
    let mut symbols = Vec::new();
    let mut tokens = pattern.tokens().iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            Token::Literal(text) => symbols.extend(text.chars().map(Symbol::Character)),
            Token::Variable { key, default } => {
                let value = policy_variables::value(key, default.as_deref(), facts)?;
                symbols.extend(value.chars().map(Symbol::Character));
            }
            Token::AnyOne => symbols.push(Symbol::AnyOneInField),
            Token::AnyMany => symbols.push(match tokens.peek() {
                // The last character of its field: it may run on over colons.
                None => Symbol::AnyMany,
                Some(Token::Literal(text)) if text.starts_with(':') => Symbol::AnyMany,
                Some(_) => Symbol::AnyManyInField,
            }),
        }
    }
    Some(symbols)
}
