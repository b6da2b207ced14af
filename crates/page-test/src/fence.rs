//! The fenced blocks of a Markdown text, by the strict form that the project's documents keep: a fence starts in
//! the first column, is closed, and names its language. Anything looser is an error, because a block that goes
//! unnoticed is a test that never runs (and, without a language, code that rustdoc would compile).

use std::fmt;
use std::ops::Range;

/// One fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence<'a> {
    /// Line of the opening fence, counted from 1.
    pub line: usize,
    /// First word after the opening fence.
    pub language: &'a str,
    /// The words after the language, trimmed.
    pub info: &'a str,
    /// The lines between the fences, each with its line end.
    pub content: &'a str,
    /// Where `content` lies in the text, in bytes.
    pub range: Range<usize>,
    /// The backticks or tildes of the fence.
    pub mark: &'a str,
}

/// A fence that breaks the project's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceError {
    line: usize,
    problem: &'static str,
}

impl FenceError {
    pub(crate) fn new(line: usize, problem: &'static str) -> Self {
        Self { line, problem }
    }

    /// Line of the fence, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for FenceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.problem)
    }
}

impl std::error::Error for FenceError {}

/// Every fenced block of a Markdown text, in order.
///
/// # Errors
///
/// When a fence is indented, names no language, or is not closed.
pub fn fences(text: &str) -> Result<Vec<Fence<'_>>, FenceError> {
    let mut fences = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        let bare = line.trim_end();
        if let Some(fence) = &mut open {
            if closes(bare, fence.mark) {
                fence.range.end = start;
                fence.content = &text[fence.range.clone()];
                fences.extend(open.take());
            }
        } else if let Some(mark) = mark(bare.trim_start()) {
            if bare.len() != bare.trim_start().len() {
                return Err(FenceError::new(index + 1, "a fence starts in the first column"));
            }
            let words = bare[mark.len()..].trim();
            if words.is_empty() {
                return Err(FenceError::new(index + 1, "a fenced block names its language"));
            }
            let (language, info) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
            let range = offset..offset;
            open = Some(Fence {
                line: index + 1,
                language,
                info: info.trim(),
                content: "",
                range,
                mark,
            });
        }
    }
    match open {
        Some(fence) => Err(FenceError::new(fence.line, "the fence is not closed")),
        None => Ok(fences),
    }
}

fn mark(line: &str) -> Option<&str> {
    ['`', '~'].into_iter().find_map(|sign| {
        let rest = line.trim_start_matches(sign);
        let mark = &line[..line.len() - rest.len()];
        // Backticks after the mark make it inline code, not a fence.
        (mark.len() >= 3 && !(sign == '`' && rest.contains('`'))).then_some(mark)
    })
}

/// Whether a line closes a block: at least as many of the same sign, and nothing else.
pub(crate) fn closes(line: &str, mark: &str) -> bool {
    let sign = if mark.starts_with('~') { '~' } else { '`' };
    line.len() >= mark.len() && line.chars().all(|character| character == sign)
}
