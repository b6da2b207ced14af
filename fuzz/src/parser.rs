//! Bytes into a policy: places lie in the text, and what is sound survives printing.

use arbitrary::Unstructured;
use ringfence_policy::json::{self, Kind, Value};
use ringfence_policy::location::{ByteSpan, LineIndex};
use ringfence_policy::{
    Condition, Effect, Form, Pattern, PatternElement, Polarity, PolicyDocument, Principal,
    Statement, Version, policy_from_json, to_canonical_json,
};

use super::generate;

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The bytes are no UTF-8.
    NotText,
    /// The text has problems.
    Unsound,
    /// The text is a policy.
    Sound,
}

/// Reads `data` as a policy.
pub fn run(data: &[u8]) -> Outcome {
    let parsed = match json::parse_bytes(data) {
        Ok(parsed) => parsed,
        Err(offset) => {
            let valid = data.get(..offset).map(str::from_utf8);
            assert!(matches!(valid, Some(Ok(_))), "{offset} is not where UTF-8 ends");
            return Outcome::NotText;
        }
    };
    let Ok(text) = str::from_utf8(data) else { return Outcome::NotText };
    let lines = LineIndex::new(text);
    check_value(text, &parsed.value);
    let policy = policy_from_json(&parsed.value);
    for diagnostic in parsed.diagnostics.iter().chain(&policy.diagnostics) {
        check_span(text, diagnostic.span);
        let location = lines.location(&parsed.value, diagnostic.span);
        assert!(location.span.start <= location.span.end);
        assert!(location.span.end.offset <= text.len());
    }
    check_arbitrary_places(data, &lines, &parsed.value);
    if !parsed.diagnostics.is_empty() || !policy.diagnostics.is_empty() {
        return Outcome::Unsound;
    }
    check_printing(&policy.document);
    Outcome::Sound
}

/// Makes the text of a policy of `data`, mostly with something wrong in it, and reads it.
pub fn run_on_policy_text(data: &[u8]) -> Option<Outcome> {
    let text = generate::policy_text(&mut Unstructured::new(data)).ok()?;
    Some(run(&text))
}

fn check_span(text: &str, span: ByteSpan) {
    let range = span.start as usize..span.end as usize;
    assert!(text.get(range).is_some(), "{span:?} is no part of the text");
}

fn check_value(text: &str, value: &Value<'_>) {
    check_span(text, value.span);
    match &value.kind {
        Kind::Array(elements) => {
            for element in elements {
                assert!(value.span.contains(element.span));
                check_value(text, element);
            }
        }
        Kind::Object(members) => {
            for member in members {
                check_span(text, member.key.span);
                assert!(value.span.contains(member.key.span));
                assert!(value.span.contains(member.value.span));
                check_value(text, &member.value);
            }
        }
        Kind::String(decoded) => {
            let source = text.get(value.span.start as usize..value.span.end as usize).unwrap_or("");
            let end = json::decoded_offset_to_source(source, decoded.len());
            assert!(end <= source.len());
            // What is written again reads as the same text.
            let escaped = json::escape(decoded);
            assert_eq!(json::parse(&escaped).value.as_str(), Some(decoded.as_ref()));
        }
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Invalid => {}
    }
}

/// Places that nobody asked the parser for, some behind the end.
fn check_arbitrary_places(data: &[u8], lines: &LineIndex<'_>, root: &Value<'_>) {
    for pair in data.windows(2).take(16) {
        let [first, second] = pair else { continue };
        let location =
            lines.location(root, ByteSpan::new(usize::from(*first), usize::from(*second) * 4));
        assert!(location.span.start.line >= 1);
    }
    let end = lines.position(u32::MAX);
    assert!(lines.position(0) <= end);
}

/// The canonical text of a sound policy is sound, means the same, and is its own canonical text.
fn check_printing(document: &PolicyDocument) {
    let printed = to_canonical_json(document);
    let text = printed.to_string();
    let again = ringfence_policy::parse_policy(&text);
    assert_eq!(again.diagnostics, [], "the canonical text has problems: {text}");
    assert_eq!(meaning(document), meaning(&again.document), "printing changes the policy: {text}");
    assert_eq!(printed, to_canonical_json(&again.document));
}

type Meaning<'d> = (Version, Option<&'d str>, Vec<StatementMeaning<'d>>);

/// A statement without its places; nothing that decides is left out.
#[derive(Debug, PartialEq)]
struct StatementMeaning<'d> {
    index: usize,
    sid: Option<&'d str>,
    effect: Effect,
    principal: Option<(Polarity, bool, Vec<&'d Principal>)>,
    action: (Polarity, Vec<&'d Pattern>),
    resource: Option<(Polarity, Vec<&'d Pattern>)>,
    conditions: Vec<(String, &'d str, Vec<&'d Pattern>)>,
}

fn meaning(document: &PolicyDocument) -> Meaning<'_> {
    let id = document.id.as_ref().map(|id| id.value.as_str());
    (document.version, id, document.statements.iter().map(statement).collect())
}

fn statement(statement: &Statement) -> StatementMeaning<'_> {
    let principal = statement.principal.as_ref().map(|element| {
        let mut named: Vec<_> = element.principals.iter().map(|own| &own.value).collect();
        named.sort(); // Printing puts those of one type together.
        (element.polarity, element.form == Form::Scalar, named)
    });
    let mut conditions: Vec<_> = statement.conditions.iter().map(condition).collect();
    conditions.sort(); // Printing puts those of one operator together.
    StatementMeaning {
        index: statement.index,
        sid: statement.sid.as_ref().map(|sid| sid.value.as_str()),
        effect: statement.effect.value,
        principal,
        action: patterns(&statement.action),
        resource: statement.resource.as_ref().map(patterns),
        conditions,
    }
}

fn patterns(element: &PatternElement) -> (Polarity, Vec<&Pattern>) {
    (element.polarity, element.patterns.iter().map(|pattern| &pattern.value).collect())
}

fn condition(condition: &Condition) -> (String, &str, Vec<&Pattern>) {
    let values = condition.values.iter().map(|value| &value.value).collect();
    (condition.operator.value.to_string(), condition.key.value.folded(), values)
}
