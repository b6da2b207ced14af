//! Programs that others wrote read what `validate` writes: a validator of SARIF with GitHub's rules, a reader of
//! JUnit, and a browser.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Folder, root, run};
use crate::validate_reports::hostile;

const BAD: &str = "examples/policies/bad";

/// Targets of every kind: findings, none, markup, an environment, nothing.
fn targets(folder: &Folder) -> Vec<String> {
    let hostile = folder.file("<b>&'\".json", hostile());
    vec![
        BAD.to_owned(),
        "examples/policies/good".to_owned(),
        hostile,
        "examples/payments".to_owned(),
        folder.path("absent"),
    ]
}

fn node() -> std::ffi::OsString {
    std::env::var_os("RINGFENCE_NODE").expect("`cargo xtask test` sets RINGFENCE_NODE")
}

#[test]
#[ignore = "needs the Node environment of `cargo xtask test`"]
fn the_validator_of_sarif_finds_no_error() {
    let folder = Folder::new();
    let program = root().join("tests/node/node_modules/@microsoft/sarif-multitool/bin.js");
    for (number, target) in targets(&folder).iter().enumerate() {
        let (log, result) = (folder.path(&format!("{number}.sarif")), folder.path("result.sarif"));
        run(&["validate", target, "--format", "sarif", "--output", &log]);
        let done = Command::new(node())
            .arg(&program)
            .args(["validate", &log, "--output", &result, "--log", "ForceOverwrite"])
            .args(["--rule-kind", "'Sarif;Gh;Ghas'"]) // It goes through a shell.
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
        let text = std::fs::read_to_string(&result).unwrap();
        let log: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let found = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        // Ringfence has no address in the web that could be named.
        let others: Vec<_> = found.iter().filter(|own| own["ruleId"] != "SARIF2005").collect();
        assert!(others.is_empty(), "{target}: {said}");
    }
}

/// Reads JUnit reports and prints what is in them.
const READ_JUNIT: &str = "
import json, sys
from junitparser import JUnitXml
xml = JUnitXml.fromfile(sys.argv[1])
cases = [case for suite in xml for case in suite]
names = sorted({type(result).__name__ for case in cases for result in case.result})
print(json.dumps([xml.tests, xml.failures, xml.errors, xml.skipped, len(cases), names]))
";

#[test]
#[ignore = "needs the Python environment of `cargo xtask test`"]
fn a_reader_of_junit_counts_what_is_there() {
    let python = std::env::var_os("RINGFENCE_PYTHON").unwrap();
    let folder = Folder::new();
    let config = folder.file(
        "ringfence.toml",
        "[[suppression]]\ncheck = \"INVALID_ACTION\"\npath = \"**\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2100-01-01\n",
    );
    let file = folder.path("junit.xml");
    run(&["validate", BAD, "--config", &config, "--format", "junit", "--output", &file]);
    let done = Command::new(python).args(["-c", READ_JUNIT, &file]).output().unwrap();
    let said: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    assert_eq!(said, json!([6, 3, 0, 1, 6, ["Failure", "Skipped"]]));
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs the Node environment of `cargo xtask test`"]
fn nothing_in_a_policy_runs_in_a_browser() {
    let folder = Folder::new();
    let browser = root().join("tests/node/node_modules/browser");
    for target in targets(&folder) {
        let page = folder.path("report.html");
        run(&["validate", &target, "--format", "html", "--output", &page]);
        let done = Command::new(node())
            .arg(root().join("tests/node/browser.mjs"))
            .args([browser.as_os_str(), page.as_ref(), folder.path("page.png").as_ref()])
            .output()
            .unwrap();
        let seen: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
        for nothing in ["dialogs", "requests", "errors", "handlers"] {
            assert_eq!(seen[nothing], json!([]), "{nothing} of {target}: {seen}");
        }
        assert_eq!(seen["title"], "IAM policy validation");
        assert_eq!((&seen["address"], &seen["wide"]), (&json!(true), &json!(false)), "{target}");
        // The one script was put in by the test, and the page's own policy refused it.
        assert_eq!(seen["injected"], "script-src-elem", "{seen}");
        assert_eq!(seen["console"].as_array().unwrap().len(), 1, "{seen}");
        for element in ["script", "img", "iframe", "svg", "object", "link", "form", "base"] {
            let elements = seen["elements"].as_array().unwrap();
            assert!(!elements.contains(&json!(element)), "{element} of {target}");
        }
        // Links are those of the checks: AWS's pages, and the source of the escalation paths.
        let known = ["https://docs.aws.amazon.com/", "https://pathfinding.cloud/paths/"];
        for link in seen["links"].as_array().unwrap() {
            let link = link.as_str().unwrap();
            assert!(known.iter().any(|start| link.starts_with(start)), "{link}");
        }
        if target.contains("<b>") {
            let text = seen["text"].as_str().unwrap();
            assert!(
                text.contains("<script>alert(1)</script><img src=x onerror=alert(2)>"),
                "{text}"
            );
        }
        let picture = std::fs::read(folder.path("page.png")).unwrap();
        assert!(picture.len() > 5000 && picture.starts_with(b"\x89PNG"), "{}", picture.len());
    }
}
