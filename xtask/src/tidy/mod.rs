//! The rules of the project that no other tool knows. Each check reads a [`Tree`] and gives the problems it sees;
//! a new check is a file and one entry in [`CHECKS`].

mod layers;
mod links;
mod machine_paths;
mod purity;
mod schemas;
mod size;
mod units;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::process::Tally;
use crate::workspace;

const CHECKS: &[fn(&Tree) -> Vec<Problem>] = &[
    layers::problems,
    purity::problems,
    size::problems,
    units::problems,
    links::problems,
    machine_paths::problems,
    schemas::problems,
];

/// The files of the workspace as text, by path from its root with `/` between the parts.
struct Tree {
    files: BTreeMap<String, String>,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Problem {
    path: String,
    /// Counted from 1.
    line: usize,
    message: String,
}

/// Prints every problem, then the totals.
pub(crate) fn run() -> Result<ExitCode> {
    Ok(all()?.report())
}

/// Prints every problem and counts them; a check without problems counts as one that passed.
pub(crate) fn all() -> Result<Tally> {
    let tree = Tree::read()?;
    let mut tally = Tally::default();
    for check in CHECKS {
        let problems = check(&tree);
        for problem in &problems {
            println!("{problem}");
        }
        tally += match problems.len() {
            0 => Tally::PASSED,
            found => Tally { passed: 0, failed: found as u64 },
        };
    }
    Ok(tally)
}

impl Tree {
    fn read() -> Result<Self> {
        let root = workspace::root();
        let mut files = BTreeMap::new();
        for path in workspace::files(&root)? {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(Self { files })
    }

    /// The files whose name ends so, with their text.
    fn ending<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.files.iter().filter(move |(path, _)| path.ends_with(suffix));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether a file or a folder has this path; the root's is empty.
    fn has(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(inside.clone()..)
                .next()
                .is_some_and(|(file, _)| file.starts_with(&inside))
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self { files: files.iter().map(own).collect() }
    }
}

impl Problem {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// The folder of a path; empty for a file of the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a source file holds only tests.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests")
}

/// The lines of a text with their numbers, counted from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// The problems as `path:line`, for tests.
#[cfg(test)]
fn places(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{}:{}", problem.path, problem.line)).collect()
}
