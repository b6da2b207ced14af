//! What stands where in a text that is meant to be JSON, also in the middle of being typed.
//!
//! The parser of the policy crate reports what is wrong and leaves out members without a value. Those are what an
//! editor asks about: the cursor stands in them. So this outline guesses instead: a string before a colon is a name,
//! a missing bracket or comma is passed over, and nothing is ever refused. What a policy says is not read from here.
//!
//! Invariant: the container of an entry, and the name it stands under, come before it in the list.

use std::ops::Range as Bytes;

use super::tokens::{Token, TokenKind, tokens};

/// Nothing that matters stands deeper than this: in a statement's condition, in a list, there are six levels.
const DEEPEST: usize = 8;

/// The entries of a text.
#[derive(Debug)]
pub(super) struct Outline<'t> {
    text: &'t str,
    entries: Vec<Entry>,
}

/// A name, or a value.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its text, quotes and brackets included.
    pub(super) bytes: Bytes<usize>,
    pub(super) kind: EntryKind,
    pub(super) role: Role,
    /// The object or array around it.
    container: Option<usize>,
    /// Of a value in an object: the name before it.
    name: Option<usize>,
}

/// What an entry looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    Object,
    Array,
    String,
    UnclosedString,
    Word,
    /// The cursor, between other entries.
    Gap,
}

/// What an entry is in its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// What a member of an object is called.
    Name,
    /// A value.
    Value,
}

impl<'t> Outline<'t> {
    /// Reads a text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, entries: build(&tokens(text)) }
    }

    /// Reads a text, and gives the number of the entry that what is typed at `offset` belongs to: the string or word
    /// there, or else an empty entry. None right behind a string, where nothing can be typed.
    pub(super) fn with_cursor(text: &'t str, offset: usize) -> (Self, Option<usize>) {
        let mut tokens = tokens(text);
        let taken = tokens.iter().find(|token| token.takes(offset)).map(|token| token.bytes.start);
        let start = match taken {
            Some(start) => start,
            None => {
                let next = tokens.partition_point(|token| token.bytes.start < offset);
                let before = next.checked_sub(1).and_then(|before| tokens.get(before));
                let is_string = before.is_some_and(|token| token.kind == TokenKind::String);
                if is_string && before.is_some_and(|token| token.bytes.end == offset) {
                    return (Self { text, entries: build(&tokens) }, None);
                }
                tokens.insert(next, Token { kind: TokenKind::Gap, bytes: offset..offset });
                offset
            }
        };
        let outline = Self { text, entries: build(&tokens) };
        let is_there = |entry: &Entry| match entry.kind {
            EntryKind::Object | EntryKind::Array => false,
            EntryKind::Gap => taken.is_none(),
            EntryKind::String | EntryKind::UnclosedString | EntryKind::Word => {
                taken.is_some() && entry.bytes.start == start
            }
        };
        let number = outline.entries.iter().position(is_there);
        (outline, number)
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// All entries, in the order of the text.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().enumerate()
    }

    pub(super) fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    /// The bytes of an entry without its quotes.
    pub(super) fn content(&self, entry: &Entry) -> Bytes<usize> {
        let Bytes { start, end } = entry.bytes.clone();
        match entry.kind {
            EntryKind::String => start + 1..end - 1,
            EntryKind::UnclosedString => start + 1..end,
            EntryKind::Object | EntryKind::Array | EntryKind::Word | EntryKind::Gap => start..end,
        }
    }

    /// The text of an entry without its quotes, as it is written.
    pub(super) fn text_of(&self, entry: &Entry) -> &'t str {
        self.text.get(self.content(entry)).unwrap_or_default()
    }

    /// The names under which an entry stands, from the top of the document; arrays are passed over. The own name of a
    /// value is the last one, that of a name is not there. None for what is nested too deeply to matter.
    pub(super) fn path(&self, number: usize) -> Option<Vec<&'t str>> {
        let mut names = Vec::new();
        let mut here = self.entry(number)?;
        for _ in 0..=DEEPEST {
            if let Some(name) = here.name.and_then(|name| self.entry(name)) {
                names.push(self.text_of(name));
            }
            let Some(container) = here.container else {
                names.reverse();
                return Some(names);
            };
            here = self.entry(container)?;
        }
        None
    }

    /// The innermost object around an entry that stands under exactly these names.
    pub(super) fn object_around(&self, number: usize, path: &[&str]) -> Option<usize> {
        let mut here = self.entry(number)?.container;
        for _ in 0..=DEEPEST {
            let container = here?;
            let entry = self.entry(container)?;
            if entry.kind == EntryKind::Object && self.path(container)? == path {
                return Some(container);
            }
            here = entry.container;
        }
        None
    }

    /// The names of the other members of the object that a name stands in.
    pub(super) fn siblings(&self, number: usize) -> Vec<&'t str> {
        let container = self.entry(number).and_then(|entry| entry.container);
        self.entries()
            .filter(|(other, entry)| {
                entry.role == Role::Name && entry.container == container && *other != number
            })
            .map(|(_, entry)| self.text_of(entry))
            .collect()
    }

    /// The values of an object's members of this name, the elements of arrays one by one.
    pub(super) fn member_values(&self, object: usize, name: &str) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| {
            let holder = match entry.container {
                Some(container) if container != object => self.entry(container),
                _ => Some(*entry),
            };
            holder.is_some_and(|holder| {
                let named = holder.name.and_then(|name| self.entry(name));
                holder.container == Some(object)
                    && named.is_some_and(|named| self.text_of(named) == name)
            })
        })
    }
}

/// A container that is not closed yet.
struct Open {
    entry: usize,
    kind: EntryKind,
    /// The name whose value is expected.
    name: Option<usize>,
}

fn build(tokens: &[Token]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::with_capacity(tokens.len() / 2 + 1);
    let mut open: Vec<Open> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let kind = match token.kind {
            TokenKind::OpenObject => EntryKind::Object,
            TokenKind::OpenArray => EntryKind::Array,
            TokenKind::String => EntryKind::String,
            TokenKind::UnclosedString => EntryKind::UnclosedString,
            TokenKind::Word => EntryKind::Word,
            TokenKind::Gap => EntryKind::Gap,
            TokenKind::CloseObject => {
                close(&mut entries, &mut open, EntryKind::Object, token.bytes.end);
                continue;
            }
            TokenKind::CloseArray => {
                close(&mut entries, &mut open, EntryKind::Array, token.bytes.end);
                continue;
            }
            TokenKind::Comma => {
                if let Some(top) = open.last_mut() {
                    top.name = None;
                }
                continue;
            }
            TokenKind::Colon => continue,
        };
        let before_colon = tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Colon);
        let entry = place(kind, token, before_colon, entries.len(), open.last_mut());
        if matches!(kind, EntryKind::Object | EntryKind::Array) {
            open.push(Open { entry: entries.len(), kind, name: None });
        }
        entries.push(entry);
    }
    entries
}

/// The entry that a token becomes, `number` being its own.
fn place(
    kind: EntryKind,
    token: &Token,
    before_colon: bool,
    number: usize,
    top: Option<&mut Open>,
) -> Entry {
    let mut entry =
        Entry { bytes: token.bytes.clone(), kind, role: Role::Value, container: None, name: None };
    let Some(top) = top else { return entry };
    entry.container = Some(top.entry);
    if top.kind == EntryKind::Array {
        return entry;
    }
    let is_nested = matches!(kind, EntryKind::Object | EntryKind::Array);
    if !is_nested && (before_colon || top.name.is_none()) {
        entry.role = Role::Name;
        if before_colon {
            top.name = Some(number);
        }
    } else if kind == EntryKind::Gap {
        entry.name = top.name; // The value may follow.
    } else {
        entry.name = top.name.take();
    }
    entry
}

/// Closes the innermost container of this kind, and those inside it whose own bracket is missing.
fn close(entries: &mut [Entry], open: &mut Vec<Open>, kind: EntryKind, end: usize) {
    let Some(at) = open.iter().rposition(|container| container.kind == kind) else { return };
    for closed in open.drain(at..) {
        if let Some(entry) = entries.get_mut(closed.entry) {
            entry.bytes.end = end;
        }
    }
}

#[cfg(test)]
#[path = "outline_tests.rs"]
mod tests;
