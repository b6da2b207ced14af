//! Pairs of policies through the engine: every witness is replayed by the evaluator, and no request
//! contradicts what is said to hold.

use arbitrary::{Result, Unstructured};
use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{PolicyDocument, RequestContext, parse_policy, to_canonical_json};
use ringfence_reasoning::{Answer, Question, check_no_new_access, smtlib};
use serde_json::Value;

use super::generate::{self, Attachment};

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The bytes ended too soon.
    NoPair,
    /// No request is new.
    Holds,
    /// A request is.
    Fails,
    /// A limit was hit.
    Unknown,
}

/// How many requests are tried against each answer that says there is none.
const REQUESTS: usize = 12;

/// Makes two policies of `data` and asks what the second allows that the first does not.
pub fn run(data: &[u8]) -> Outcome {
    let mut u = Unstructured::new(data);
    let Ok((existing, new)) = pair(&mut u) else { return Outcome::NoPair };
    assert_ne!(outcome(&check_no_new_access(&new, &new)), Outcome::Fails, "{}", show(&new, &new));
    let answer = check_no_new_access(&existing, &new);
    match &answer {
        Answer::Fails(refutation) => {
            let witness = &refutation.witness;
            let about = || format!("{} {}", show(&existing, &new), witness.to_scenario_json());
            assert!(is_new(&existing, &new, witness), "the witness is none: {}", about());
            assert!(!refutation.statements.is_empty(), "no statement is responsible: {}", about());
            for index in &refutation.statements {
                assert!(*index < new.statements.len(), "{}", about());
            }
        }
        Answer::Holds => {
            for _ in 0..REQUESTS {
                let Ok(request) = generate::request(&mut u, &[&existing, &new]) else { break };
                assert!(
                    !is_new(&existing, &new, &request),
                    "a request contradicts the answer: {} {}",
                    show(&existing, &new),
                    request.to_scenario_json()
                );
            }
        }
        Answer::Unknown(_) => {}
    }
    check_export(&existing, &new);
    outcome(&answer)
}

fn outcome(answer: &Answer) -> Outcome {
    match answer {
        Answer::Holds => Outcome::Holds,
        Answer::Fails(_) => Outcome::Fails,
        Answer::Unknown(_) => Outcome::Unknown,
    }
}

fn is_new(existing: &PolicyDocument, new: &PolicyDocument, request: &RequestContext) -> bool {
    let allows = |document| document_decision(document, request) == Decision::Allowed;
    allows(new) && !allows(existing)
}

/// Two policies; often the second is the first with something changed.
fn pair(u: &mut Unstructured<'_>) -> Result<(PolicyDocument, PolicyDocument)> {
    let attachment = match u.arbitrary()? {
        true => Attachment::Resource,
        false => Attachment::Identity,
    };
    let existing = generate::policy(u, attachment)?;
    let mut new = match u.ratio(1, 3)? {
        true => generate::policy(u, attachment)?,
        false => existing.clone(),
    };
    if let Some(Value::Array(statements)) = new.get_mut("Statement") {
        match u.int_in_range(0..=3)? {
            0 => {}
            1 => statements.push(generate::statement(u, attachment)?),
            2 => {
                let at = u.choose_index(statements.len())?;
                statements.remove(at);
            }
            _ => {
                let at = u.choose_index(statements.len())?;
                if let Some(changed) = statements.get_mut(at) {
                    *changed = generate::statement(u, attachment)?;
                }
            }
        }
    }
    Ok((read(&existing), read(&new)))
}

fn read(policy: &Value) -> PolicyDocument {
    let parsed = parse_policy(&policy.to_string());
    assert_eq!(parsed.diagnostics, [], "the generated policy has problems: {policy}");
    parsed.document
}

/// The question as SMT-LIB is the same twice, and its brackets fit together.
fn check_export(existing: &PolicyDocument, new: &PolicyDocument) {
    let question = Question::NoNewAccess { existing, new };
    let Ok(text) = smtlib::export(&question) else { return };
    assert_eq!(smtlib::export(&question).as_ref(), Ok(&text));
    let (mut depth, mut in_text, mut in_comment) = (0_i64, false, false);
    for byte in text.bytes() {
        match byte {
            b'\n' => in_comment = false,
            _ if in_comment => {}
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b';' => in_comment = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        assert!(depth >= 0, "a bracket too many: {text}");
    }
    assert!(depth == 0 && !in_text, "brackets or quotes are left open: {text}");
}

fn show(existing: &PolicyDocument, new: &PolicyDocument) -> String {
    format!("existing {} new {}", to_canonical_json(existing), to_canonical_json(new))
}
