//! Lists come in pages: each says where the next one starts.

use serde::{Deserialize, Serialize};

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What is in it. May be fewer than asked for, or nothing, although there is a next page.
    pub items: Vec<T>,
    /// Where the next page starts; nothing where the list ends.
    pub next: Option<Cursor>,
}

/// The place of an item in its list. The next page starts behind it, whatever was inserted or removed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What the list is sorted by.
    pub key: Key,
    /// What tells items with the same key apart.
    pub id: String,
}

/// What a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A time in milliseconds since 1970, or a position.
    Number(i64),
    /// A text.
    Text(String),
}

impl Cursor {
    /// The place of an item in a list that is sorted by a name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { key: Key::Text(name.to_owned()), id: String::new() }
    }

    /// The name, in a list that is sorted by one.
    pub(crate) fn name(&self) -> &str {
        match &self.key {
            Key::Text(name) => name,
            Key::Number(_) => "",
        }
    }

    /// The number, in a list that is sorted by one.
    pub(crate) fn number(&self) -> i64 {
        match self.key {
            Key::Number(number) => number,
            Key::Text(_) => i64::MIN,
        }
    }
}

impl<T> Page<T> {
    /// The first `limit` of `items`, which has one more where there is a next page.
    pub(crate) fn cut(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}
