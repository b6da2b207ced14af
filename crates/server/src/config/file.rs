//! The file: its values, and the line of each key.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a file says.
pub(super) struct Parsed {
    pub(super) values: Value,
    /// The line of each key, by its whole path, counted from 1.
    pub(super) lines: BTreeMap<String, usize>,
}

/// Reads TOML.
///
/// # Errors
/// The line and what is wrong there.
pub(super) fn parse(text: &str) -> Result<Parsed, (usize, String)> {
    let told = |error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        (line(text, at), error.message().to_owned())
    };
    let table = DeTable::parse(text).map_err(told)?;
    let mut lines = BTreeMap::new();
    walk(text, table.get_ref(), "", &mut lines);
    let values: Value = toml::from_str(text).map_err(told)?;
    Ok(Parsed { values, lines })
}

fn walk(text: &str, table: &DeTable<'_>, above: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let path = join(above, key.get_ref());
        lines.insert(path.clone(), line(text, key.span().start));
        walk_value(text, value, &path, lines);
    }
}

fn walk_value(
    text: &str,
    value: &Spanned<DeValue<'_>>,
    path: &str,
    lines: &mut BTreeMap<String, usize>,
) {
    match value.get_ref() {
        DeValue::Table(table) => walk(text, table, path, lines),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = join(path, &index.to_string());
                lines.insert(path.clone(), line(text, item.span().start));
                walk_value(text, item, &path, lines);
            }
        }
        _ => {}
    }
}

/// A path with one more part.
pub(super) fn join(above: &str, own: &str) -> String {
    if above.is_empty() { own.to_owned() } else { format!("{above}.{own}") }
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
