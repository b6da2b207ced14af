//! What AWS documents, asked of the catalogue; and that all of the data can be read.

use std::collections::BTreeSet;

use super::*;

fn action(name: &str) -> Action<'static> {
    Catalogue::embedded().action(name).unwrap_or_else(|| panic!("no {name}"))
}

fn key(name: &str) -> ConditionKey {
    Catalogue::embedded().condition_key(name).unwrap_or_else(|| panic!("no {name}"))
}

fn matched(pattern: &str) -> Vec<String> {
    Catalogue::embedded().match_actions(pattern).map(|action| action.to_string()).collect()
}

fn names<'a>(actions: impl IntoIterator<Item = Action<'a>>) -> BTreeSet<String> {
    actions.into_iter().map(|action| action.to_string()).collect()
}

mod data;
mod documented;
mod resource_policies;
