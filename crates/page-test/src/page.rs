//! One page: executes its examples, says where outputs differ, and gives the page with the outputs put in.

use crate::Block;
use crate::fence::{Fence, FenceError, closes, fences};

/// What executing a page showed.
pub(crate) struct Verdict {
    /// How many examples the page has.
    pub(crate) examples: usize,
    /// The examples whose output differs, in order.
    pub(crate) failures: Vec<Failure>,
    /// The page as it reads once every output is right.
    pub(crate) updated: String,
}

/// An example whose output differs.
pub(crate) struct Failure {
    /// Line of the input block's opening fence.
    pub(crate) line: usize,
    /// The lines that differ, `-` as the page says, `+` as they are.
    pub(crate) difference: String,
}

/// Executes each example of a page in order.
pub(crate) fn execute(
    name: &str,
    text: &str,
    execute: &mut impl FnMut(&Block<'_>) -> String,
) -> Result<Verdict, FenceError> {
    let fences = fences(text)?;
    let mut verdict = Verdict { examples: 0, failures: Vec::new(), updated: String::new() };
    let mut copied = 0;
    for (input, expected) in fences.iter().zip(fences.iter().skip(1)) {
        if input.language == "text" || expected.language != "text" {
            continue;
        }
        verdict.examples += 1;
        let Fence { line, language, info, content, .. } = *input;
        let output = lines(&execute(&Block { page: name, line, language, info, content }));
        if output.lines().any(|line| closes(line.trim_end(), expected.mark)) {
            return Err(FenceError::new(
                expected.line,
                "the output holds a line that would close the block",
            ));
        }
        if let Some(difference) = difference(&lines(expected.content), &output) {
            verdict.failures.push(Failure { line, difference });
        }
        verdict.updated.push_str(&text[copied..expected.range.start]);
        verdict.updated.push_str(&output);
        copied = expected.range.end;
    }
    verdict.updated.push_str(&text[copied..]);
    Ok(verdict)
}

/// The text as whole lines: no blank lines at the end, and the last line ended unless there is none.
fn lines(text: &str) -> String {
    let mut lines = text.trim_end_matches(['\n', '\r']).to_owned();
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines
}

/// What lies between the first and the last line that differ; nothing when the texts are equal.
fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (mut old, mut new): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same_before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    old.drain(..same_before);
    new.drain(..same_before);
    let same_after =
        old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    old.truncate(old.len() - same_after);
    new.truncate(new.len() - same_after);
    let removed = old.iter().map(|line| format!("  - {line}"));
    let added = new.iter().map(|line| format!("  + {line}"));
    Some(removed.chain(added).collect::<Vec<_>>().join("\n"))
}
