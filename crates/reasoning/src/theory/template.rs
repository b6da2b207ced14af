//! The shape of the texts that describe one thing, so that several texts can be chosen at once.
//!
//! A role's session has an ARN, its role's ARN, an account, a user id; they share the account, the
//! name and the session name. A template lays the parts out in one row; each part is read by some of
//! the readers. Plain keys have a row of one part and one reader.

/// One of the texts that a template gives. The numbers are the template's own.
pub(crate) type Reader = u8;

/// Which characters a part may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Characters {
    /// Any character.
    Any,
    /// `0` to `9`.
    Digits,
    /// What names of users, roles and sessions are made of.
    Name,
    /// A path of users and roles or of an organization: names, each closed by `/`.
    Path,
}

impl Characters {
    pub(crate) fn contains(self, character: char) -> bool {
        let name = character.is_ascii_alphanumeric() || "+=,.@_-".contains(character);
        match self {
            Self::Any => true,
            Self::Digits => character.is_ascii_digit(),
            Self::Name => name,
            Self::Path => name || character == '/',
        }
    }

    /// A character that none of `told_apart` is, if there is one.
    pub(crate) fn other(self, told_apart: &[char]) -> Option<char> {
        let usual = match self {
            Self::Digits => "9870123456",
            Self::Any | Self::Name | Self::Path => "xyzwvutsrqponmlkjihgfedcba0123456789XYZ_-.",
        };
        let unusual =
            (self == Self::Any).then(|| ('\u{e000}'..='\u{e0ff}').chain('\u{4e00}'..='\u{9fff}'));
        let mut all = usual.chars().chain(unusual.into_iter().flatten());
        all.find(|character| !told_apart.contains(character) && self.contains(*character))
    }
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    /// Fixed text; each reader that is named reads its own.
    Text(Vec<(Reader, String)>),
    /// Free text, the same for all the readers named.
    Hole { readers: Vec<Reader>, characters: Characters, min: u16, max: Option<u16> },
}

/// A row of parts.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) segments: Vec<Segment>,
}

impl Template {
    /// One free text with one reader, 0.
    pub(crate) fn plain() -> Self {
        let hole =
            Segment::Hole { readers: vec![0], characters: Characters::Any, min: 0, max: None };
        Self { segments: vec![hole] }
    }
}

/// The text of each reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    texts: Vec<(Reader, String)>,
}

impl Word {
    /// What `reader` reads; empty when it reads nothing of this template.
    pub(crate) fn text(&self, reader: Reader) -> &str {
        self.texts.iter().find(|(own, _)| *own == reader).map_or("", |(_, text)| text)
    }

    pub(crate) fn push(&mut self, reader: Reader, text: &str) {
        match self.texts.iter_mut().find(|(own, _)| *own == reader) {
            Some((_, own)) => own.push_str(text),
            None => self.texts.push((reader, text.to_owned())),
        }
    }
}
