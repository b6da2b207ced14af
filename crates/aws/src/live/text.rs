//! Values of slots that are no policy documents.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::json;

use super::write_failure::WriteFailure;

/// A value as what a unit makes of it.
///
/// # Errors
/// When it is something else.
pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, WriteFailure> {
    serde_json::from_str(text)
        .map_err(|error| WriteFailure::Malformed { detail: format!("{error} in `{text}`") })
}

/// A list in alphabetical order.
pub(super) fn sorted_list(items: impl Iterator<Item = String>) -> String {
    json!(items.collect::<BTreeSet<_>>()).to_string()
}

/// What is in one list and not in the other, or nothing.
pub(super) fn difference(one: &[String], other: &[String]) -> Option<Vec<String>> {
    let left: Vec<_> = one.iter().filter(|item| !other.contains(item)).cloned().collect();
    (!left.is_empty()).then_some(left)
}
