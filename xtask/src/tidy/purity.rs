//! The pure crates have no I/O, clock, environment, globals or output: the same input gives the same result.

use super::{Problem, Tree, is_test, numbered};

const PURE: &[&str] = &["access", "findings", "policy", "reasoning", "response", "validation"];

/// What reaches outside a function's arguments, as it is written. The types of `std::net` that are plain values,
/// such as `IpAddr`, are not among them.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::process",
    "std::net::Tcp",
    "std::net::ToSocketAddrs",
    "std::net::Udp",
    "std::os",
    "std::time::Instant",
    "std::time::SystemTime",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "dbg!",
    "eprint!",
    "eprintln!",
    "print!",
    "println!",
    "static mut ",
    "thread_local!",
];

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in PURE {
        let sources = format!("crates/{name}/src/");
        for (path, text) in tree.ending(".rs") {
            if path.starts_with(&sources) && !is_test(path) {
                problems.extend(file_problems(path, text));
            }
        }
    }
    problems
}

fn file_problems(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, code) in statements(text) {
        for impure in IMPURE.iter().filter(|impure| mentions(&code, impure)) {
            let message = format!("a pure crate does without `{}`", impure.trim());
            problems.push(Problem::new(path, line, message));
        }
    }
    problems
}

/// The lines of code before the tests, with each grouped import of `std` as one line a path.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements = Vec::new();
    let mut group: Option<(usize, String)> = None;
    let mut lines = numbered(text).peekable();
    while let Some((number, line)) = lines.next() {
        let code = line.trim();
        if code == "#[cfg(test)]"
            && lines.peek().is_some_and(|(_, next)| next.starts_with("mod tests {"))
        {
            break;
        }
        if code.starts_with("//") {
            continue;
        }
        if group.is_none() && code.contains("use std::{") {
            group = Some((number, String::new()));
        }
        let Some((start, gathered)) = &mut group else {
            statements.push((number, code.to_owned()));
            continue;
        };
        gathered.push_str(code);
        if code.ends_with(';') {
            statements.extend(members(gathered).into_iter().map(|member| (*start, member)));
            group = None;
        }
    }
    statements
}

/// The paths that a grouped import names: `use std::{fs, io::{self, Read}};` gives `std::fs`, `std::io::self` and
/// `std::io::Read`.
fn members(import: &str) -> Vec<String> {
    let mut members = Vec::new();
    let mut prefixes = vec![String::new()];
    let mut path = String::new();
    let import = import.split_once("use ").map_or(import, |(_, paths)| paths);
    for character in import.chars().filter(|character| !character.is_whitespace()) {
        match character {
            '{' => prefixes.push(std::mem::take(&mut path)),
            ',' | '}' | ';' => {
                if !path.is_empty() {
                    members.push(format!("{}{path}", prefixes.concat()));
                    path.clear();
                }
                if character == '}' {
                    prefixes.pop();
                }
            }
            _ => path.push(character),
        }
    }
    members
}

/// Whether the code names this, and not something that only ends like it.
fn mentions(code: &str, impure: &str) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(impure).any(|(at, _)| {
        let (before, after) =
            (code[..at].chars().next_back(), code[at + impure.len()..].chars().next());
        let module =
            impure.starts_with("std::") && impure.ends_with(|last: char| last.is_ascii_lowercase());
        !(before.is_some_and(part_of_word) || module && after.is_some_and(part_of_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    fn found(path: &str, text: &str) -> Vec<String> {
        places(&problems(&Tree::of(&[(path, text)])))
    }

    #[test]
    fn sees_what_reaches_outside() {
        for impure in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs};",
            "use std::{\n    io::{self, Read},\n    time::{Duration, SystemTime},\n};",
            "let now = jiff::Timestamp::now();",
            "println!(\"{x}\");",
        ] {
            assert_eq!(
                found("crates/policy/src/a.rs", impure),
                ["crates/policy/src/a.rs:1"],
                "{impure}"
            );
        }
    }

    #[test]
    fn leaves_the_rest_alone() {
        for pure in [
            "use std::{fmt, net::IpAddr, time::Duration};",
            "// std::fs is not for here",
            "my_println!(x); let path = mystd::fs;",
            "let x = 1;\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}",
        ] {
            assert_eq!(found("crates/policy/src/a.rs", pure), Vec::<String>::new(), "{pure}");
        }
        assert_eq!(found("crates/policy/src/tests.rs", "use std::fs;"), Vec::<String>::new());
        assert_eq!(found("crates/sources/src/a.rs", "use std::fs;"), Vec::<String>::new());
    }
}
