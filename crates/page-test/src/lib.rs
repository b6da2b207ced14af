//! Runs the examples of unit pages, so that a page is documentation and test at once.
//!
//! A page is a Markdown file. Each fenced block whose *next* fenced block is tagged `text` is an example: the
//! caller's closure turns the block into an output, and the `text` block must hold exactly that output.
//! Blocks that no `text` block follows are plain illustrations.
//!
//! ~~~text
//! ```json any words after the language
//! { "Version": "2012-10-17" }
//! ```
//! ```text
//! the exact output
//! ```
//! ~~~
//!
//! With `UPDATE_EXPECT=1` in the environment [`run`] writes the outputs into the pages instead of comparing them.
//!
//! This crate leaves to its callers what a block means. Only tests depend on it, and it depends on nothing.

mod fence;
mod page;

use std::fs;
use std::path::Path;

pub use fence::{Fence, FenceError, fences};
use page::Verdict;

/// The input block of one example.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The page's file name without `.md`.
    pub page: &'a str,
    /// Line of the block's opening fence, counted from 1.
    pub line: usize,
    /// First word after the opening fence, for example `json`.
    pub language: &'a str,
    /// The words after the language, trimmed; often empty.
    pub info: &'a str,
    /// The lines between the fences, each with its line end.
    pub content: &'a str,
}

/// Executes every example of every `*.md` file of a folder and compares the outputs.
///
/// `untested` names the pages (file name without `.md`) that may have no example. An output is compared without
/// regard to line ends at its end.
///
/// # Panics
///
/// When an output differs, a page has no example (and is not in `untested`), an entry of `untested` has examples
/// or does not exist, the folder holds no page, or a file cannot be read or written. The message lists every
/// problem with page and line.
pub fn run(dir: impl AsRef<Path>, untested: &[&str], execute: impl FnMut(&Block<'_>) -> String) {
    let expectation = match std::env::var_os("UPDATE_EXPECT") {
        Some(value) if value == "1" => Expectation::Update,
        _ => Expectation::Compare,
    };
    let problems = run_pages(dir.as_ref(), untested, expectation, execute);
    #[expect(
        clippy::panic,
        reason = "a failed page is a failed test, and panicking is how a test fails"
    )]
    if !problems.is_empty() {
        panic!(
            "\n{}\nTo accept the outputs as they are: UPDATE_EXPECT=1, then review the change.",
            problems.join("\n")
        );
    }
}

/// What happens to an output that differs from its page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expectation {
    Compare,
    Update,
}

/// [`run`] with the environment as an argument and the problems as its answer.
fn run_pages(
    dir: &Path,
    untested: &[&str],
    expectation: Expectation,
    mut execute: impl FnMut(&Block<'_>) -> String,
) -> Vec<String> {
    let names = match page_names(dir) {
        Ok(names) if names.is_empty() => {
            return vec![format!("{}: the folder has no page", dir.display())];
        }
        Ok(names) => names,
        Err(error) => return vec![format!("{}: {error}", dir.display())],
    };
    let mut problems: Vec<String> = untested
        .iter()
        .filter(|name| !names.iter().any(|known| known == *name))
        .map(|name| format!("{}: excepted page `{name}` does not exist", dir.display()))
        .collect();
    for name in &names {
        let path = dir.join(format!("{name}.md"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                problems.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let verdict = match page::execute(name, &text, &mut execute) {
            Ok(verdict) => verdict,
            Err(error) => {
                problems.push(format!("{}:{}: {error}", path.display(), error.line()));
                continue;
            }
        };
        problems.extend(
            coverage(name, &verdict, untested)
                .map(|problem| format!("{}:1: {problem}", path.display())),
        );
        problems.extend(settle(&path, &text, &verdict, expectation));
    }
    problems
}

/// What is wrong with how many examples a page has.
fn coverage(name: &str, verdict: &Verdict, untested: &[&str]) -> Option<&'static str> {
    match (verdict.examples, untested.contains(&name)) {
        (0, false) => Some("the page has no example"),
        (1.., true) => Some("the page is excepted but has examples"),
        (0, true) | (1.., false) => None,
    }
}

/// Reports the outputs that differ, or writes them into the page.
fn settle(path: &Path, text: &str, verdict: &Verdict, expectation: Expectation) -> Vec<String> {
    let shown = path.display();
    match expectation {
        Expectation::Compare => {
            let failures = verdict.failures.iter();
            failures
                .map(|failure| format!("{shown}:{}:\n{}", failure.line, failure.difference))
                .collect()
        }
        Expectation::Update if verdict.updated == text => Vec::new(),
        Expectation::Update => match fs::write(path, &verdict.updated) {
            Ok(()) => Vec::new(),
            Err(error) => vec![format!("{shown}: {error}")],
        },
    }
}

fn page_names(dir: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        if let Some(stem) = name.to_str().and_then(|name| name.strip_suffix(".md")) {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests;
