//! Runs the examples of the pages.

use serde_json::{Map, Value, json};

use super::{Match, decide, statement_matches};
use crate::document::{PolicyDocument, parse_policy};
use crate::scenario::{Scenario, scenario_from_json};

/// `{"Condition": …, "requests": [context…]}`: which contexts meet the condition.
#[test]
fn condition_operators() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/evaluate/condition_operators");
    ringfence_page_test::run(folder, &[], |block| {
        let page: Value = serde_json::from_str(block.content).unwrap();
        let statement = json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": page["Condition"],
        });
        let document = document(&page, &statement);
        let requests = page["requests"].as_array().unwrap().iter();
        lines(requests.map(|context| (context, matches(&document, &json!({ "context": context })))))
    });
}

/// `{"Statement": …, "requests": [scenario without policies…]}`: which requests match.
#[test]
fn elements() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/evaluate/elements");
    ringfence_page_test::run(folder, &[], |block| {
        let page: Value = serde_json::from_str(block.content).unwrap();
        let document = document(&page, &page["Statement"]);
        let requests = page["requests"].as_array().unwrap().iter();
        lines(requests.map(|request| (request, matches(&document, request))))
    });
}

/// A scenario: its decision and the reasons.
#[test]
fn layers() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/evaluate/layers");
    ringfence_page_test::run(folder, &[], |block| {
        let Scenario { request, policies } = match scenario(block.content) {
            Ok(scenario) => scenario,
            Err(problems) => return problems,
        };
        let outcome = decide(&request, &policies);
        let mut text = format!("{}\n", outcome.decision.as_str());
        for reason in outcome.reasons {
            let level = reason.level.map(|level| format!("[{level}]")).unwrap_or_default();
            let place = reason.statement.map_or(String::new(), |statement| {
                let sid = statement.sid.map(|sid| format!(" {sid}")).unwrap_or_default();
                format!("[{}] statement {}{sid}", statement.policy_index, statement.statement_index)
            });
            let layer = reason.layer.as_str();
            text.push_str(&format!("- {layer}{level}{place}: {}\n", reason.description));
        }
        text
    });
}

fn document(page: &Value, statement: &Value) -> PolicyDocument {
    let version = page.get("Version").unwrap_or(&json!("2012-10-17")).clone();
    let text = json!({ "Version": version, "Statement": [statement] }).to_string();
    parse_policy(&text).sound().unwrap()
}

/// Whether the one statement matches a request; what the request leaves out is filled in.
fn matches(document: &PolicyDocument, request: &Value) -> bool {
    let mut request: Map<String, Value> = request.as_object().unwrap().clone();
    let mut default = |name: &str, value: Value| {
        request.entry(name).or_insert(value);
    };
    default("principal", "arn:aws:iam::111122223333:user/alice".into());
    default("action", "s3:GetObject".into());
    if let Some(Value::String(arn)) = request.get("resource") {
        let arn = json!({ "arn": arn });
        request.insert("resource".into(), arn);
    } else {
        request.entry("resource").or_insert(json!({ "arn": "arn:aws:s3:::data/report" }));
    }
    let scenario = scenario(&Value::Object(request).to_string()).unwrap();
    statement_matches(&document.statements[0], &scenario.request) == Match::Matches
}

fn scenario(text: &str) -> Result<Scenario, String> {
    let parsed = crate::json::parse(text);
    assert_eq!(parsed.diagnostics, []);
    scenario_from_json(&parsed.value).map_err(|diagnostics| {
        diagnostics.iter().map(|diagnostic| format!("{}\n", diagnostic.message)).collect()
    })
}

fn lines<'v>(verdicts: impl Iterator<Item = (&'v Value, bool)>) -> String {
    let word = |matches| if matches { "matches " } else { "no match" };
    verdicts.map(|(request, matches)| format!("{} {request}\n", word(matches))).collect()
}
