//! Statements with the same Sid.

use std::collections::BTreeMap;

use ringfence_policy::location::ByteSpan;

use crate::document::Document;

/// The places of the Sids that stand more than once, one list for each.
pub(crate) fn duplicate_sids(document: &Document<'_>) -> Vec<(String, Vec<ByteSpan>)> {
    let mut places: BTreeMap<&str, Vec<ByteSpan>> = BTreeMap::new();
    for sid in document.statements.iter().filter_map(|statement| statement.sid()) {
        if !sid.value.is_empty() {
            places.entry(sid.value).or_default().push(sid.span);
        }
    }
    places.retain(|_, places| places.len() > 1);
    places.into_iter().map(|(sid, places)| (sid.to_owned(), places)).collect()
}
