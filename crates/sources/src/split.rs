//! Cuts a long JSON text into the elements of its lists without building a tree of it.
//!
//! Authorization details of a large account are a hundred megabytes: a tree of that would take several
//! times as much, while its elements can be read one by one, and on several threads. Only brackets and
//! strings are looked at here; whether an element is JSON shows when it is read.

use std::ops::Range;

/// The members of an object, or the elements of a list, as far as the brackets fit together.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Split {
    pub(crate) pieces: Vec<Piece>,
    /// What is wrong, and where. Of an object's members the last piece is then the one that it is found
    /// in, up to the end of the text; of a list's elements only those before it are among the pieces.
    pub(crate) problem: Option<Problem>,
}

/// What is wrong, and at which byte.
pub(crate) type Problem = (usize, &'static str);

/// A member or an element.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    /// The name between its quotes, as it is escaped; empty for an element.
    pub(crate) name: Range<usize>,
    /// The value's text.
    pub(crate) value: Range<usize>,
}

/// The members of the object that `text` is. Nothing when it is not an object.
pub(crate) fn members(text: &str) -> Option<Split> {
    let mut cutter = Cutter { bytes: text.as_bytes(), at: 0 };
    if text.starts_with('\u{feff}') {
        cutter.at = 3; // A byte order mark says nothing about the value.
    }
    cutter.skip_space();
    (cutter.peek() == Some(b'{')).then(|| cutter.cut(b'}'))
}

/// The elements of the list at `range` of `text`. Nothing when it is not a list.
pub(crate) fn elements(text: &str, range: &Range<usize>) -> Option<Split> {
    let bytes = text.as_bytes().get(..range.end)?;
    let mut cutter = Cutter { bytes, at: range.start };
    (cutter.peek() == Some(b'[')).then(|| cutter.cut(b']'))
}

struct Cutter<'t> {
    bytes: &'t [u8],
    at: usize,
}

const ENDS_EARLY: &str = "the text ends before all brackets are closed";

impl Cutter<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Cuts what stands behind the bracket here, up to `close`.
    fn cut(&mut self, close: u8) -> Split {
        let mut split = Split::default();
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                Some(byte) if byte == close => return split,
                Some(b',') => self.at += 1,
                Some(_) => {
                    split.problem = self.piece(close, &mut split.pieces).err();
                    if split.problem.is_some() {
                        return split;
                    }
                }
                None => {
                    split.problem = Some((self.at, ENDS_EARLY));
                    return split;
                }
            }
        }
    }

    fn piece(&mut self, close: u8, pieces: &mut Vec<Piece>) -> Result<(), Problem> {
        let mut name = self.at..self.at;
        if close == b'}' {
            if self.peek() != Some(b'"') {
                return Err((self.at, "a member name in double quotes is expected here"));
            }
            self.string();
            name = name.start + 1..self.at.saturating_sub(1);
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err((self.at, "`:` and a value are expected here"));
            }
            self.at += 1;
            self.skip_space();
        }
        let start = self.at;
        let problem = self.value();
        match problem {
            Ok(()) => pieces.push(Piece { name, value: start..self.at }),
            Err(_) if close == b'}' => pieces.push(Piece { name, value: start..self.bytes.len() }),
            Err(_) => {}
        }
        problem
    }

    /// Moves behind the string here; the end of its line ends it too.
    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += match byte {
                b'\\' => 2,
                _ => 1,
            };
            if matches!(byte, b'"' | b'\n') {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    /// Moves behind the value here.
    fn value(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let mut open = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    open.push(byte + 2); // `}` and `]` stand two places behind in ASCII.
                    self.at += 1;
                }
                b'}' | b']' if open.is_empty() => break,
                b'}' | b']' => {
                    if open.pop() != Some(byte) {
                        return Err((self.at, "this bracket closes one of the other kind"));
                    }
                    self.at += 1;
                }
                b',' | b' ' | b'\t' | b'\n' | b'\r' if open.is_empty() => break,
                _ => self.at += 1,
            }
            if open.is_empty() && matches!(byte, b'"' | b'}' | b']') {
                break;
            }
        }
        match open.is_empty() {
            false => Err((start, ENDS_EARLY)),
            true if self.at == start => Err((start, "a value is expected here")),
            true => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<'t>(text: &'t str, split: &Split) -> Vec<(&'t str, &'t str)> {
        let piece = |piece: &Piece| (&text[piece.name.clone()], &text[piece.value.clone()]);
        split.pieces.iter().map(piece).collect()
    }

    #[test]
    fn cuts_members_and_elements() {
        let text = " {\"a\" : [1, {\"x\": \"]},\\\"\"}, \"s\",[[]]] , \"b\":null}";
        let split = members(text).unwrap();
        assert_eq!(split.problem, None);
        let list = "[1, {\"x\": \"]},\\\"\"}, \"s\",[[]]]";
        assert_eq!(texts(text, &split), [("a", list), ("b", "null")]);
        let split = elements(text, &split.pieces[0].value).unwrap();
        let expected = [("", "1"), ("", "{\"x\": \"]},\\\"\"}"), ("", "\"s\""), ("", "[[]]")];
        assert_eq!(texts(text, &split), expected);
        assert_eq!(members("[]"), None);
        assert_eq!(members(""), None);
    }

    #[test]
    fn keeps_what_stands_before_a_problem() {
        let text = "{\"a\": [1], \"b\": [2, {\"c\": 3], \"d\": 4}";
        let split = members(text).unwrap();
        assert_eq!(texts(text, &split), [("a", "[1]"), ("b", "[2, {\"c\": 3], \"d\": 4}")]);
        assert_eq!(split.problem, Some((27, "this bracket closes one of the other kind")));
        let cut_off = "{\"a\": [{\"x\": 1}, {\"y\": ";
        let split = members(cut_off).unwrap();
        assert_eq!(split.problem, Some((6, ENDS_EARLY)));
        let split = elements(cut_off, &split.pieces[0].value).unwrap();
        assert_eq!(texts(cut_off, &split), [("", "{\"x\": 1}")]);
        let deep = format!("{{\"a\": {}", "[".repeat(100_000));
        assert_eq!(members(&deep).unwrap().problem, Some((6, ENDS_EARLY)));
    }
}
