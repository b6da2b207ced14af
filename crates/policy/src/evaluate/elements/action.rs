#![doc = include_str!("action.md")]

use crate::document::{PatternElement, Polarity};
use crate::evaluate::facts::Facts;
use crate::evaluate::glob::{self, Symbol};

pub(in crate::evaluate) fn matches(element: &PatternElement, facts: &Facts<'_>) -> bool {
    let action = lower_case(&facts.request.action);
    let listed = element.patterns.iter().any(|pattern| {
        let folded: Vec<_> = glob::symbols(&pattern.value).into_iter().flat_map(folded).collect();
        glob::matches(&folded, &action)
    });
    match element.polarity {
        Polarity::Plain => listed,
        Polarity::Not => !listed,
    }
}

fn lower_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn folded(symbol: Symbol) -> Vec<Symbol> {
    match symbol {
        Symbol::Character(character) => character.to_lowercase().map(Symbol::Character).collect(),
        wildcard => vec![wildcard],
    }
}
