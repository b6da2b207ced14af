//! Where results go and how they look: formats, colours, files, readers that go away, generated texts.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::support::{EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, command, run};

const ESCAPE: char = '\u{1b}';

fn text_of(command: &mut Command) -> String {
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn colours_only_when_they_are_wanted() {
    let folder = Folder::new();
    let open = folder.snapshot("open", EVERYONE_SENDS);
    let (less, more) = (folder.file("r", READS), folder.file("rw", READS_AND_WRITES));
    let check = [
        "check",
        "no-new-access",
        "--policy-type",
        "identity",
        "--existing",
        &less,
        "--new",
        &more,
    ];
    for own in [&["scan", open.as_str()][..], &check] {
        assert!(!run(own).out.contains(ESCAPE), "standard output is no terminal");
        assert!(!run(&[own, &["--color", "never"]].concat()).out.contains(ESCAPE));
        let always = [own, &["--color", "always"]].concat();
        let coloured = run(&always).out;
        assert!(coloured.contains(ESCAPE));
        let stripped = coloured.split(ESCAPE).map(|part| match part.split_once('m') {
            Some((code, rest)) if code.starts_with('[') => rest,
            _ => part,
        });
        assert_eq!(stripped.collect::<String>(), run(own).out);
        assert!(
            text_of(command(&always).env("NO_COLOR", "1")).contains(ESCAPE),
            "asked for by name"
        );
        assert!(!text_of(command(own).env("NO_COLOR", "1")).contains(ESCAPE));
        assert!(
            !run(&[own, &["--color", "always", "--format", "json"]].concat()).out.contains(ESCAPE)
        );
    }
}

/// In a terminal, which `script` makes.
#[test]
fn a_terminal_gets_colours_unless_the_environment_objects() {
    let folder = Folder::new();
    let open = folder.snapshot("open", EVERYONE_SENDS);
    let line = format!("{} scan {open}", env!("CARGO_BIN_EXE_ringfence"));
    let in_terminal = |name: &str, value: &str| {
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        script.env_remove("NO_COLOR").env("TERM", "xterm").env(name, value).stdin(Stdio::null());
        script.output().ok().filter(|done| done.status.code() == Some(3))
    };
    let Some(done) = in_terminal("A", "B") else {
        eprintln!("skipped: there is no program `script` here");
        return;
    };
    let has_colour = |out: &[u8]| out.windows(2).any(|pair| pair == b"\x1b[");
    assert!(has_colour(&done.stdout));
    assert!(!has_colour(&in_terminal("NO_COLOR", "1").unwrap().stdout));
    assert!(
        has_colour(&in_terminal("NO_COLOR", "").unwrap().stdout),
        "an empty NO_COLOR counts for nothing"
    );
    assert!(!has_colour(&in_terminal("TERM", "dumb").unwrap().stdout));
}

#[test]
fn a_result_goes_to_a_file() {
    let folder = Folder::new();
    let open = folder.snapshot("open", EVERYONE_SENDS);
    for format in ["table", "json", "jsonl"] {
        let file = folder.path(format);
        let shown = run(&["scan", &open, "--format", format]);
        let done = run(&["--output", &file, "scan", &open, "--format", format]);
        assert_eq!((done.code, done.out.as_str()), (3, ""));
        assert_eq!(std::fs::read_to_string(file).unwrap(), shown.out);
    }
}

/// Starts the command and reads a little of what it writes.
fn read_a_little(arguments: &[&str]) -> (Option<i32>, String) {
    let mut child =
        command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let done = child.wait_with_output().unwrap();
    (done.status.code(), String::from_utf8(done.stderr).unwrap())
}

#[test]
fn a_reader_that_goes_away_is_not_worth_a_word() {
    let folder = Folder::new();
    // More than a pipe holds.
    let statement = r#"{"Effect": "Allow", "Principal": {"AWS": "PRINCIPAL"}, "Action": "sqs:*",
        "Resource": "arn:aws:sqs:eu-west-1:111122223333:q"}"#;
    let statements: Vec<String> = (0..500)
        .map(|n| statement.replace("PRINCIPAL", &format!("{:012}", 222_200_000_000u64 + n)))
        .collect();
    let open = folder.snapshot("open", &format!("{{\"Statement\": [{}]}}", statements.join(",")));
    for format in ["table", "json", "jsonl"] {
        // The verdict stands all the same.
        assert_eq!(read_a_little(&["scan", &open, "--format", format]), (Some(3), String::new()));
    }
    let job =
        format!("{{\"existing\": {READS}, \"new\": {READS_AND_WRITES}}}\n").replace('\n', " ");
    let jobs = folder.file("jobs.jsonl", format!("{job}\n").repeat(3_000));
    // Not every line got its answer.
    assert_eq!(
        read_a_little(&["check", "no-new-access", "--batch", &jobs]),
        (Some(1), String::new())
    );
    let scenario =
        std::fs::read_to_string(crate::support::root().join("docs/schemas/examples/scenario.json"));
    let scenario: serde_json::Value = serde_json::from_str(&scenario.unwrap()).unwrap();
    let job = serde_json::json!({ "scenario": scenario });
    let jobs = folder.file("scenarios.jsonl", format!("{job}\n").repeat(3_000));
    assert_eq!(read_a_little(&["simulate", "--batch", &jobs]), (Some(1), String::new()));
}

#[test]
fn completions_and_manual_pages_come_from_the_definition() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let done = run(&["completions", shell]);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        assert!(
            done.out.contains("no-public-access") && done.out.contains("zone-of-trust"),
            "{shell}"
        );
    }
    for (command, expected) in [
        (&["man"][..], "Exit codes"),
        (&["man", "scan"], "zone\\-of\\-trust"),
        (&["man", "check", "no-new-access"], "\\-\\-existing"),
    ] {
        let done = run(command);
        assert!(done.out.contains(".TH ringfence") && done.out.contains(expected), "{command:?}");
    }
}
