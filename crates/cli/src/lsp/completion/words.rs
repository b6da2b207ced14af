//! The fixed words of the policy language.

use gen_lsp_types::CompletionItemKind;

use super::{Offer, Places};
use crate::lsp::elements::elements as elements_of;
use crate::lsp::outline::Outline;
use crate::lsp::place::Scope;

/// The elements that can stand where an entry is, without those that are there.
pub(super) fn elements(outline: &Outline<'_>, number: usize, scope: Scope) -> Vec<Offer> {
    let siblings = outline.siblings(number);
    let missing = elements_of(scope).iter().filter(|element| !siblings.contains(&element.name));
    missing
        .zip(0..)
        .map(|(element, rank)| Offer {
            name: element.name.to_owned(),
            places: Places::None,
            kind: CompletionItemKind::Property,
            detail: element.about.to_owned(),
            rank,
            topic: None,
        })
        .collect()
}

/// The versions of the policy language.
pub(super) fn versions() -> Vec<Offer> {
    vec![value("2012-10-17", "the current version", 0), value("2008-10-17", "the old version", 1)]
}

/// The effects.
pub(super) fn effects() -> Vec<Offer> {
    vec![value("Allow", "allows", 0), value("Deny", "denies, whatever else allows", 1)]
}

/// The truth values.
pub(super) fn truth_values() -> Vec<Offer> {
    vec![value("true", "", 0), value("false", "", 1)]
}

fn value(name: &str, detail: &str, rank: u8) -> Offer {
    Offer {
        name: name.to_owned(),
        places: Places::None,
        kind: CompletionItemKind::Value,
        detail: detail.to_owned(),
        rank,
        topic: None,
    }
}
