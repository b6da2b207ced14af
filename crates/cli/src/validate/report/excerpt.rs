//! The lines of a policy that a finding is about, with the parts that are meant.

use ringfence_access::inventory::{Embedding, PolicySource};
use ringfence_policy::location::Span;

/// A line, or what of it is near to what is meant. Its texts are as they stand in the policy: whoever shows
/// them makes them harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line's number in the file; nothing for a policy that is written as a string.
    pub(super) number: Option<usize>,
    /// The line, cut at the ends of what is meant.
    pub(super) parts: Vec<Part>,
    /// How many more lines are meant.
    pub(super) more_lines: usize,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What stands around.
    Plain(String),
    /// What is meant.
    Marked(String),
}

/// The lines of a policy's text.
pub(super) struct Lines<'t> {
    lines: Vec<&'t str>,
    is_document: bool,
}

/// A place in the text of a policy, and the line of the file that it is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marked {
    /// The place in the policy's own text.
    pub(super) span: Span,
    /// The line in its file.
    pub(super) line: usize,
}

impl<'t> Lines<'t> {
    /// The lines of the text of `source`.
    pub(super) fn new(source: &PolicySource, text: &'t str) -> Self {
        let is_document = source.embedding() == Embedding::Document;
        Self { lines: text.split('\n').collect(), is_document }
    }

    /// The lines that the places are on, one for those that follow each other on one line. A line of more
    /// than `width` characters is cut around each place.
    pub(super) fn excerpts(&self, places: &[Marked], width: usize) -> Vec<Excerpt> {
        let mut excerpts = Vec::new();
        let mut rest = places;
        while let Some((first, others)) = rest.split_first() {
            let mut group = vec![*first];
            if self.line(*first).chars().nth(width).is_none() {
                let follows = |last: &Marked, next: &Marked| {
                    last.span.end.line == next.span.start.line
                        && last.span.end.offset <= next.span.start.offset
                };
                for next in others {
                    match group.last() {
                        Some(last) if follows(last, next) => group.push(*next),
                        _ => break,
                    }
                }
            }
            rest = rest.get(group.len()..).unwrap_or_default();
            excerpts.push(self.excerpt(&group, width));
        }
        excerpts
    }

    fn line(&self, place: Marked) -> &'t str {
        let line = place.span.start.line.checked_sub(1).and_then(|index| self.lines.get(index));
        line.map_or("", |line| line.strip_suffix('\r').unwrap_or(line).trim_end())
    }

    /// One line with several places on it, or a part of it with one.
    fn excerpt(&self, group: &[Marked], width: usize) -> Excerpt {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            return Excerpt { number: None, parts: Vec::new(), more_lines: 0 };
        };
        let mut parts = Vec::new();
        let (mut rest, mut column) = (self.line(*first), 0);
        for Marked { span, .. } in group {
            let (before, from_here) = split_at(rest, span.start.column.saturating_sub(column));
            let (marked, behind) = match span.start.line == span.end.line {
                true => split_at(from_here, span.end.column.saturating_sub(span.start.column)),
                false => (from_here, ""),
            };
            parts.push(Part::Plain(before.to_owned()));
            parts.push(Part::Marked(marked.to_owned()));
            (rest, column) = (behind, span.end.column);
        }
        parts.push(Part::Plain(rest.to_owned()));
        if let [Part::Plain(before), Part::Marked(marked), Part::Plain(after)] =
            parts.as_mut_slice()
        {
            *marked = beginning(marked, width);
            let room = width.saturating_sub(marked.chars().count());
            *before = end(before.trim_start(), room);
            *after = beginning(after, room.saturating_sub(before.chars().count()));
        } else if let Some(Part::Plain(before)) = parts.first_mut() {
            *before = before.trim_start().to_owned();
        }
        parts.retain(|part| *part != Part::Plain(String::new()));
        Excerpt {
            number: self.is_document.then_some(first.line),
            parts,
            more_lines: last.span.end.line.saturating_sub(last.span.start.line),
        }
    }
}

/// Cuts behind `count` characters.
fn split_at(text: &str, count: usize) -> (&str, &str) {
    let at = match text.is_ascii() {
        true => count.min(text.len()),
        false => text.char_indices().nth(count).map_or(text.len(), |(at, _)| at),
    };
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The first characters, with `…` where something is cut.
fn beginning(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).take(width).collect(),
    }
}

/// The last characters, with `…` where something is cut.
fn end(text: &str, width: usize) -> String {
    let nth = |count: usize| text.char_indices().rev().nth(count);
    match (nth(width), width) {
        (None, _) => text.to_owned(),
        (Some(_), 0) => String::new(),
        (Some(_), 1) => "…".to_owned(),
        (Some(_), _) => {
            let kept = nth(width - 2).and_then(|(at, _)| text.get(at..)).unwrap_or_default();
            format!("…{kept}")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ringfence_policy::location::{ByteSpan, LineIndex};

    use super::*;

    fn excerpts(text: &str, marked: &[&str], width: usize) -> String {
        let source = PolicySource::whole_file(&Arc::from("f"), text);
        let places: Vec<Marked> = marked
            .iter()
            .map(|marked| {
                let start = text.find(marked).unwrap();
                let span = LineIndex::new(text).span(ByteSpan::new(start, start + marked.len()));
                Marked { span, line: span.start.line }
            })
            .collect();
        let show = |excerpt: Excerpt| {
            let part = |part: &Part| match part {
                Part::Plain(text) => text.clone(),
                Part::Marked(text) => format!("[{text}]"),
            };
            let line: String = excerpt.parts.iter().map(part).collect();
            format!("{} {line} +{}", excerpt.number.unwrap(), excerpt.more_lines)
        };
        let excerpts = Lines::new(&source, text).excerpts(&places, width);
        excerpts.into_iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn shows_what_is_meant_in_its_line() {
        assert_eq!(excerpts("{\r\n  \"a\": \"b\",\r\n}", &["\"b\""], 40), "2 \"a\": [\"b\"], +0");
        let text = "{\n \"ä\": \"ö\", \"c\": 1}";
        assert_eq!(excerpts(text, &["\"ö\""], 40), "2 \"ä\": [\"ö\"], \"c\": 1} +0");
        assert_eq!(excerpts("x {\n \"a\": 1\n}", &["{\n \"a\": 1\n}"], 40), "1 x [{] +2");
    }

    #[test]
    fn puts_places_on_one_line_together() {
        let text = "  [1, 22, 3]\n4";
        assert_eq!(excerpts(text, &["1", "22", "4"], 40), "1 [[1], [22], 3] +0\n2 [4] +0");
        assert_eq!(excerpts(text, &["22", "1"], 40), "1 [1, [22], 3] +0\n1 [[1], 22, 3] +0");
        assert_eq!(excerpts(text, &["1", "22"], 8), "1 [[1], 22,… +0\n1 [1, [22],… +0");
    }

    #[test]
    fn cuts_long_lines_around_it() {
        let long = format!("{}MARK{}", "a".repeat(90), "b".repeat(90));
        assert_eq!(excerpts(&long, &["MARK"], 20), "1 …aaaaaaaaaaaaaaa[MARK] +0");
        let whole = excerpts(&format!("{{{long}}}"), &[&long], 20);
        assert_eq!(whole, "1 [aaaaaaaaaaaaaaaaaaa…] +0");
        assert_eq!(excerpts("abcdef", &["bc"], 4), "1 a[bc]… +0");
    }
}
