//! Changes of a text that leave every other byte as it is.

use std::ops::Range;

use ringfence_validation::Replacement;

/// A text to put in the place of some bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    /// First byte that is replaced.
    pub(super) start: usize,
    /// The byte behind the last one that is replaced; the same for an insertion.
    pub(super) end: usize,
    /// What stands there afterwards.
    pub(super) text: String,
}

impl Edit {
    /// What a replacement changes; none where that is nothing, or the place is not in the text.
    pub(super) fn new(text: &str, replacement: &Replacement) -> Option<Self> {
        let start = usize::try_from(replacement.span.start).ok()?;
        let end = usize::try_from(replacement.span.end).ok()?;
        let (before, after) = (text.get(start..end)?, replacement.text.as_str());
        let ahead = same_ahead(before, after);
        let (before, after) = (before.get(ahead..)?, after.get(ahead..)?);
        let behind = same_behind(before, after);
        let edit = Self {
            start: start + ahead,
            end: end - behind,
            text: after.get(..after.len() - behind)?.to_owned(),
        };
        let edit = edit.whole_words(text, start);
        (edit.start < edit.end || !edit.text.is_empty()).then_some(edit)
    }

    /// The same removal, moved back to where a word begins. In `"ab", "ac"` it is all one whether `b", "a` or
    /// `"ab", ` goes, and people read the latter.
    fn whole_words(self, text: &str, from: usize) -> Self {
        if !self.text.is_empty() {
            return self;
        }
        let (mut start, mut end) = (self.start, self.end);
        let last = |to| text.get(..to).and_then(|before| before.chars().next_back());
        let is_word = |start: usize| {
            let next = text.get(start..).and_then(|rest| rest.chars().next());
            let before = last(start);
            next == Some(',')
                || matches!(before, Some('[' | '{'))
                || before.is_some_and(char::is_whitespace)
        };
        while !is_word(start) {
            match (last(start), last(end)) {
                (Some(before), Some(removed)) if before == removed && start > from => {
                    start -= before.len_utf8();
                    end -= before.len_utf8();
                }
                _ => return self,
            }
        }
        Self { start, end, ..self }
    }

    /// The bytes that are replaced.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether both cannot be made at once: they share bytes, or one inserts where the other begins or ends.
    pub(super) fn touches(&self, other: &Self) -> bool {
        let is_insertion = self.start == self.end || other.start == other.end;
        match is_insertion {
            true => self.start <= other.end && other.start <= self.end,
            false => self.start < other.end && other.start < self.end,
        }
    }
}

/// The text with all edits made. They are sorted and touch each other nowhere.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        result += text.get(from..edit.start).unwrap_or_default();
        result += &edit.text;
        from = edit.end;
    }
    result + text.get(from..).unwrap_or_default()
}

/// Where what the edits put in stands in the edited text, edit by edit.
pub(super) fn places(edits: &[Edit]) -> impl Iterator<Item = Range<usize>> {
    let (mut removed, mut inserted) = (0, 0);
    edits.iter().map(move |edit| {
        let start = edit.start + inserted - removed;
        removed += edit.end - edit.start;
        inserted += edit.text.len();
        start..start + edit.text.len()
    })
}

/// Where the byte at `offset` of the edited text was before.
pub(super) fn before(edits: &[Edit], offset: usize) -> usize {
    let (mut removed, mut inserted) = (0, 0);
    for edit in edits {
        let start = edit.start + inserted - removed;
        if offset < start {
            break;
        }
        if offset < start + edit.text.len() {
            return edit.start;
        }
        removed += edit.end - edit.start;
        inserted += edit.text.len();
    }
    offset + removed - inserted
}

/// How many bytes both begin with.
fn same_ahead(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(left, right)| left == right).map(|(same, _)| same.len_utf8()).sum()
}

/// How many bytes both end with.
fn same_behind(one: &str, other: &str) -> usize {
    let pairs = one.chars().rev().zip(other.chars().rev());
    pairs.take_while(|(left, right)| left == right).map(|(same, _)| same.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use ringfence_policy::ByteSpan;

    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { start, end, text: text.to_owned() }
    }

    #[test]
    fn an_edit_is_no_longer_than_what_changes() {
        let narrowed = |before: &str, after: &str| {
            let replacement =
                Replacement { span: ByteSpan::new(1, 1 + before.len()), text: after.to_owned() };
            Edit::new(&format!("<{before}>"), &replacement)
        };
        assert_eq!(narrowed(r#"["ab", "cd"]"#, r#"["ab"]"#), Some(edit(6, 12, "")));
        assert_eq!(narrowed(r#"["ab", "cd", "ef"]"#, r#"["cd", "ef"]"#), Some(edit(2, 8, "")));
        assert_eq!(narrowed(r#"["ab", "ac", "ad"]"#, r#"["ab", "ad"]"#), Some(edit(8, 14, "")));
        assert_eq!(narrowed("\"StringLike\"", "\"ArnLike\""), Some(edit(2, 8, "Arn")));
        assert_eq!(narrowed("", "\"Version\""), Some(edit(1, 1, "\"Version\"")));
        assert_eq!(narrowed("\"größe\"", "\"größe\""), None);
        assert_eq!(narrowed("\"größe\"", "\"grüße\""), Some(edit(4, 6, "ü")));
    }

    #[test]
    fn edits_meet_where_they_share_bytes_or_insert_at_an_edge() {
        assert!(!edit(0, 2, "").touches(&edit(2, 3, "")));
        assert!(edit(0, 3, "").touches(&edit(2, 3, "")));
        assert!(edit(2, 2, "a").touches(&edit(2, 3, "")));
        assert!(edit(2, 2, "a").touches(&edit(2, 2, "b")));
    }

    #[test]
    fn places_lead_back() {
        let edits = [edit(1, 3, ""), edit(4, 4, "xyz"), edit(6, 8, "w")];
        let text = "0123456789";
        let edited = apply(text, &edits);
        assert_eq!(edited, "03xyz45w89");
        for (at, character) in edited.char_indices().filter(|(_, own)| own.is_ascii_digit()) {
            assert_eq!(before(&edits, at), character.to_digit(10).unwrap() as usize);
        }
        let put_in: Vec<&str> = places(&edits).map(|place| &edited[place]).collect();
        assert_eq!(put_in, ["", "xyz", "w"]);
        assert_eq!((before(&edits, 3), before(&edits, 7)), (4, 6));
    }
}
