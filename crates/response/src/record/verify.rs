//! Checks an export of the record, line by line, against itself and against heads that were kept outside.

use std::fmt;

use super::{Entry, FIRST_PREVIOUS, HeadError, SignedHead};

/// What an export is checked with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verification<'v> {
    /// Anchors that were kept outside, one a line.
    pub anchors: Option<&'v str>,
    /// The public key that has to have signed heads, in hexadecimal digits.
    pub public_key: Option<&'v str>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many entries there are.
    pub entries: u64,
    /// The position up to which heads that are signed by the given key prove the record; 0 where none does.
    pub proved_up_to: u64,
    /// What is wrong, in the order of the lines.
    pub flaws: Vec<Flaw>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line of the export, from 1, or of the anchors; the line after the last where something is missing there.
    pub line: usize,
    /// What.
    pub kind: FlawKind,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The line is no entry in its canonical form.
    Form,
    /// The entry is not the one that was hashed.
    Changed {
        /// Which.
        position: u64,
    },
    /// The entry stands where another one belongs.
    Position {
        /// Which belongs here.
        expected: u64,
        /// Which stands here.
        found: u64,
    },
    /// The entry does not follow the one before.
    Link {
        /// Which.
        position: u64,
    },
    /// Something follows the head.
    AfterHead,
    /// The head of the export is not one.
    Head(HeadError),
    /// The head of the export is not that of its last entry.
    HeadMismatch {
        /// Where the head says that the record ends.
        position: u64,
    },
    /// The export has no head: that nothing was cut off its end is not shown.
    NoHead,
    /// An anchor is not one.
    Anchor(HeadError),
    /// The record ends before an anchor.
    Truncated {
        /// Where it ended when it was anchored.
        position: u64,
    },
    /// The entry is another one than when it was anchored.
    Rewritten {
        /// Which.
        position: u64,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FlawKind::Anchor(_) => write!(formatter, "anchor {}: {}", self.line, self.kind),
            kind => write!(formatter, "line {}: {kind}", self.line),
        }
    }
}

impl fmt::Display for FlawKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => formatter.write_str("this is no entry in its canonical form"),
            Self::Changed { position } => write!(formatter, "entry {position} was changed"),
            Self::Position { expected, found } if found > expected => {
                write!(formatter, "entry {expected} was removed: entry {found} stands in its place")
            }
            Self::Position { expected, found } => {
                write!(formatter, "entry {found} stands in the place of entry {expected}")
            }
            Self::Link { position } => {
                write!(formatter, "entry {position} does not follow the entry before it")
            }
            Self::AfterHead => formatter.write_str("something follows the head"),
            Self::Head(error) => write!(formatter, "the head cannot be trusted: {error}"),
            Self::HeadMismatch { position } => write!(
                formatter,
                "the record ends otherwise than its head says, at entry {position}"
            ),
            Self::NoHead => formatter.write_str("there is no head: the end may have been cut off"),
            Self::Anchor(error) => write!(formatter, "{error}"),
            Self::Truncated { position } => {
                write!(formatter, "the record ended at entry {position} when it was anchored")
            }
            Self::Rewritten { position } => {
                write!(formatter, "entry {position} was another one when it was anchored")
            }
        }
    }
}

/// Checks `export`: entries one a line, then the signed head. What is found is everything that is wrong by itself; an
/// entry that was removed is named once.
#[must_use]
pub fn verify(export: &str, with: &Verification<'_>) -> Report {
    let mut state = State::default();
    let mut head: Option<SignedHead> = None;
    let mut has_head_line = false;
    let mut lines = 0;
    // Not `lines`: it would take no notice of a carriage return.
    let body = export.strip_suffix('\n').unwrap_or(export);
    let texts = body.split('\n').filter(|_| !export.is_empty());
    for (line, text) in (1..).zip(texts) {
        lines = line;
        if has_head_line {
            state.flaw(line, FlawKind::AfterHead);
        } else if text.starts_with(r#"{"head":"#) {
            has_head_line = true;
            match SignedHead::read(text, with.public_key) {
                Ok(own) => head = Some(own),
                Err(error) => state.flaw(line, FlawKind::Head(error)),
            }
        } else {
            state.entry(line, text);
        }
    }
    // Text after the last line feed is cut off half.
    if !export.is_empty() && !export.ends_with('\n') {
        state.flaw(lines, FlawKind::Form);
    }
    match &head {
        None if !has_head_line => state.flaw(lines + 1, FlawKind::NoHead),
        None => {}
        Some(own) => {
            if own.head.position != state.position || own.head.hash != state.hash() {
                let position = own.head.position;
                state.flaw(lines, FlawKind::HeadMismatch { position });
            } else if with.public_key.is_some() {
                state.proved_up_to = own.head.position;
            }
        }
    }
    for (line, text) in (1..).zip(with.anchors.unwrap_or_default().lines()) {
        state.anchor(line, text, with.public_key, lines);
    }
    Report { entries: state.entries, proved_up_to: state.proved_up_to, flaws: state.flaws }
}

#[derive(Default)]
struct State {
    entries: u64,
    /// The position of the entry before.
    position: u64,
    /// The hashes of the entries, in the order of the lines, with their position and line.
    hashes: Vec<(u64, String, usize)>,
    proved_up_to: u64,
    flaws: Vec<Flaw>,
}

impl State {
    fn flaw(&mut self, line: usize, kind: FlawKind) {
        self.flaws.push(Flaw { line, kind });
    }

    fn hash(&self) -> &str {
        self.hashes.last().map_or(FIRST_PREVIOUS, |(_, hash, _)| hash)
    }

    fn entry(&mut self, line: usize, text: &str) {
        let read: Option<Entry> = serde_json::from_str(text).ok();
        let Some(entry) = read.filter(|own| own.line() == text) else {
            // Its place is taken, so that what follows is not said to be wrong as well.
            self.entries += 1;
            self.position += 1;
            self.flaw(line, FlawKind::Form);
            self.hashes.push((self.position, String::new(), line));
            return;
        };
        self.entries += 1;
        let expected = self.position + 1;
        let position = entry.position;
        let hash = entry.computed_hash();
        if hash != entry.hash {
            self.flaw(line, FlawKind::Changed { position });
        }
        let before_is_known = !self.hash().is_empty();
        if position != expected {
            self.flaw(line, FlawKind::Position { expected, found: position });
        } else if before_is_known && entry.previous != self.hash() {
            self.flaw(line, FlawKind::Link { position });
        }
        self.position = position;
        self.hashes.push((position, entry.hash, line));
    }

    fn anchor(&mut self, line: usize, text: &str, public_key: Option<&str>, last_line: usize) {
        let own = match SignedHead::read(text, public_key) {
            Ok(own) => own,
            Err(error) => return self.flaw(line, FlawKind::Anchor(error)),
        };
        let position = own.head.position;
        if position == 0 {
            return;
        }
        match self.hashes.iter().find(|(own, _, _)| *own == position) {
            None => self.flaw(last_line, FlawKind::Truncated { position }),
            Some((_, hash, at)) if *hash != own.head.hash => {
                let at = *at;
                self.flaw(at, FlawKind::Rewritten { position });
            }
            Some(_) if public_key.is_some() => {
                self.proved_up_to = self.proved_up_to.max(position);
            }
            Some(_) => {}
        }
    }
}
