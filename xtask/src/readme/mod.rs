//! Runs the README's commands, so that what a newcomer copies works.
//!
//! In a block tagged `console` each line that starts with `$ ` is a command, run by a shell from the repository's
//! root. It has to exit with 0, or with the code that a comment after it names (`# exits 3`). Where lines follow
//! it, they are its standard output; a line `...` stands for any number of lines, and any `1.25 s` for another time. `service` tells how the blocks of
//! a service and its client are written.

mod service;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use ringfence_page_test::Fence;

use crate::process::{Tally, program};
use crate::{python, workspace};

/// The command that runs these commands, and therefore is not one of them.
const SELF: &str = "cargo xtask check";

/// One command of the README and what it has to do.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    line: usize,
    command: String,
    code: i32,
    output: Vec<String>,
}

/// Every command of the README, then the totals.
pub(crate) fn run() -> Result<ExitCode> {
    Ok(all()?.report())
}

/// Every command of the README.
pub(crate) fn all() -> Result<Tally> {
    let text = fs::read_to_string(workspace::root().join("README.md"))
        .context("cannot read `README.md`")?;
    let fences = ringfence_page_test::fences(&text)
        .map_err(|error| anyhow::anyhow!("README.md:{}: {error}", error.line()))?;
    let mut tally = Tally::default();
    for example in examples(&fences)? {
        if example.command == SELF {
            println!("README.md:{}: {SELF}: it is what runs the others", example.line);
            continue;
        }
        tally += told(example.line, &example.command, problem(&example)?);
    }
    // AWS's command line interface is among the programs of the Python environment.
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", python::programs()?.display());
    for service in service::services(&fences)? {
        tally += told(service.line, service.command(), service.problem(&path)?);
    }
    Ok(tally)
}

fn told(line: usize, command: &str, problem: Option<String>) -> Tally {
    match problem {
        None => {
            println!("README.md:{line}: ok: {command}");
            Tally::PASSED
        }
        Some(problem) => {
            println!("README.md:{line}: {command}: {problem}");
            Tally::FAILED
        }
    }
}

fn examples(fences: &[Fence<'_>]) -> Result<Vec<Example>> {
    let mut examples: Vec<Example> = Vec::new();
    for fence in fences {
        if fence.language != "console" {
            continue;
        }
        let before = examples.len();
        for (index, line) in fence.content.lines().enumerate() {
            let line_number = fence.line + 1 + index;
            if let Some(command) = line.strip_prefix("$ ") {
                examples.push(example(line_number, command));
            } else if let Some(example) = examples.get_mut(before..).and_then(<[Example]>::last_mut)
            {
                example.output.push(line.trim_end().to_owned());
            } else {
                anyhow::bail!(
                    "README.md:{line_number}: a console block starts with `$ ` and a command"
                );
            }
        }
    }
    Ok(examples)
}

fn example(line: usize, command: &str) -> Example {
    let (command, code) = match command.rsplit_once("# exits ") {
        Some((before, comment)) => {
            let digits: String = comment.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().map_or((command, 0), |code| (before, code))
        }
        None => (command, 0),
    };
    Example { line, command: command.trim().to_owned(), code, output: Vec::new() }
}

/// What is wrong with what a command does.
fn problem(example: &Example) -> Result<Option<String>> {
    let done = program("sh", &["-c", &example.command]).output().context("cannot run `sh`")?;
    let output = String::from_utf8_lossy(&done.stdout);
    let said = format!("{output}{}", String::from_utf8_lossy(&done.stderr));
    if done.status.code() != Some(example.code) {
        return Ok(Some(format!("{}, not exit code {}\n{said}", done.status, example.code)));
    }
    let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
    if !example.output.is_empty() && !matches(&example.output, &lines) {
        return Ok(Some(format!("prints something else than the README says:\n{said}")));
    }
    Ok(None)
}

/// Whether the lines are what the pattern says, `...` standing for any number of lines.
fn matches(pattern: &[String], lines: &[&str]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "..." => (0..=lines.len())
            .any(|skipped| lines.get(skipped..).is_some_and(|lines| matches(rest, lines))),
        Some((first, rest)) => {
            let timed = timeless(first);
            let is_same = |line: &str| line == first || timed.is_some() && timeless(line) == timed;
            lines.split_first().is_some_and(|(line, lines)| is_same(line) && matches(rest, lines))
        }
    }
}

/// The words of a line, without its times.
fn timeless(line: &str) -> Option<Vec<&str>> {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    let mut has_time = false;
    for index in 1..words.len() {
        let is_time = words.get(index) == Some(&"s")
            && words
                .get(index - 1)
                .is_some_and(|own| own.contains('.') && own.parse::<f64>().is_ok());
        if let Some(time) = words.get_mut(index - 1).filter(|_| is_time) {
            (*time, has_time) = ("", true);
        }
    }
    has_time.then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples_of(text: &str) -> Result<Vec<Example>> {
        examples(&ringfence_page_test::fences(text).unwrap())
    }

    fn example_of(text: &str) -> Example {
        examples_of(&format!("```console\n{text}\n```\n")).unwrap().remove(0)
    }

    #[test]
    fn reads_commands_codes_and_outputs() {
        let text =
            "```sh\n$ no\n```\n```console\n$ a --b  # exits 3: found\none\n...\n$ c '# d'\n```\n";
        let expected = [
            Example {
                line: 5,
                command: "a --b".into(),
                code: 3,
                output: vec!["one".into(), "...".into()],
            },
            Example { line: 8, command: "c '# d'".into(), code: 0, output: vec![] },
        ];
        assert_eq!(examples_of(text).unwrap(), expected);
        assert!(examples_of("```console\noutput\n```\n").is_err());
    }

    #[test]
    fn compares_code_and_output() {
        for right in [
            "$ printf 'a\\nb\\nc\\n'\na\n...\nc",
            "$ echo '  1.25 s  a'\n 13.00 s  a",
            "$ exit 3 # exits 3",
            "$ echo x",
            "$ true\n...",
        ] {
            assert_eq!(problem(&example_of(right)).unwrap(), None, "{right}");
        }
        for wrong in [
            "$ printf 'a\\nb\\n'\na",
            "$ exit 3",
            "$ true # exits 3",
            "$ echo x\n...\ny",
            "$ true\nx",
            "$ echo '1.25 s a'\n1.25 s b",
            "$ echo 1\n2",
        ] {
            assert!(problem(&example_of(wrong)).unwrap().is_some(), "{wrong}");
        }
    }
}
