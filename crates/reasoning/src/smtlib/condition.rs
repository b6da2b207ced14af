//! Conditions.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use ringfence_policy::{Comparison, Condition, IfExists, Pattern, Qualifier};

use super::Unsupported;
use super::caller::{CallerKey, is_caller_key};
use super::keys::Value;
use super::patterns::{Case, Piece, Place, matches, matches_arn, pieces};
use super::statement::Writer;
use super::terms::{Term, all_of, any_of, equal, not, string};
use super::values::{self, Family, family};

/// How a condition is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// As the policy means it.
    AsWritten,
    /// The key has none of the values, whatever the operator; it may be absent.
    HasNone,
}

/// A pattern whose variables have their values.
struct Resolved<'p> {
    pattern: &'p Pattern,
    pieces: Vec<Piece>,
}

impl Writer {
    pub(super) fn condition(
        &mut self,
        condition: &Condition,
        meaning: Meaning,
    ) -> Result<Term, Unsupported> {
        let name = condition.key.value.folded();
        let operator = condition.operator.value;
        let (present, values) = if is_caller_key(name) {
            let CallerKey { present, value, .. } = self.caller.key(name);
            (present, vec![value])
        } else {
            (self.keys.present(name), self.keys.values(name))
        };
        if operator.comparison == Comparison::Null {
            let asks = |wanted| {
                condition.values.iter().any(|v| values::truth(v.value.text()) == Some(wanted))
            };
            let absent = asks(true).then(|| not(&present));
            let there = asks(false).then(|| present.clone());
            return Ok(any_of(absent.into_iter().chain(there)));
        }
        let place = match operator.comparison {
            Comparison::ArnEquals
            | Comparison::ArnLike
            | Comparison::ArnNotEquals
            | Comparison::ArnNotLike => Place::Arn,
            _ => Place::Text,
        };
        let mut have_values = Vec::new();
        let mut patterns = Vec::new();
        for value in &condition.values {
            let pattern = &value.value;
            let pieces = pieces(pattern, place, |key, default| {
                let variable = self.variable(key, default)?;
                have_values.push(variable.has_value);
                Ok((variable.text, variable.may_hold_colon))
            })?;
            patterns.push(Resolved { pattern, pieces });
        }
        let tests = values
            .iter()
            .map(|value| test(name, value, operator.comparison, &patterns))
            .collect::<Result<Vec<_>, _>>()?;
        let have_values = all_of(have_values);
        let absent = not(&present);
        if meaning == Meaning::HasNone {
            let none = all_of(tests.iter().map(|test| not(test)));
            return Ok(any_of([not(&have_values), absent, none]));
        }
        let accepts: Vec<Term> = match operator.comparison.is_negated() {
            true => tests.iter().map(|test| not(test)).collect(),
            false => tests,
        };
        let holds = match (operator.qualifier, operator.comparison.is_negated()) {
            (Qualifier::ForAllValues, _) => any_of([absent.clone(), all_of(accepts)]),
            (Qualifier::ForAnyValue, _) | (Qualifier::None, false) => {
                all_of([present, any_of(accepts)])
            }
            (Qualifier::None, true) => any_of([absent.clone(), all_of(accepts)]),
        };
        // A variable without a value makes the statement not match, under negated operators too.
        let holds = all_of([have_values, holds]);
        Ok(match operator.if_exists {
            IfExists::Yes => any_of([absent, holds]),
            IfExists::No => holds,
        })
    }
}

/// `value` compares with one of `patterns`, in the sense of the comparison without its negation.
fn test(
    key: &str,
    value: &Value,
    comparison: Comparison,
    patterns: &[Resolved<'_>],
) -> Result<Term, Unsupported> {
    let terms = patterns.iter().map(|pattern| test_one(key, value, comparison, pattern));
    Ok(any_of(terms.collect::<Result<Vec<_>, _>>()?))
}

fn test_one(
    key: &str,
    value: &Value,
    comparison: Comparison,
    resolved: &Resolved<'_>,
) -> Result<Term, Unsupported> {
    let text = resolved.pattern.text();
    let sign = values::order(comparison);
    let compared = |own: &Term, bound: Option<String>| match bound {
        Some(bound) => format!("({sign} {own} {bound})"),
        None => "false".to_owned(),
    };
    Ok(match (value, family(comparison)) {
        // The caller's ARN is one.
        (Value::Text(_), Some(Family::Text))
            if key == "aws:principalarn" && resolved.pattern.is_any() =>
        {
            "true".to_owned()
        }
        (Value::Text(own), Some(Family::Text)) => like(own, comparison, resolved)?,
        (Value::Text(own), Some(Family::FoldedText)) => folded(own, Case::Ignored, resolved)?,
        (Value::LowerText(own), Some(Family::FoldedText)) => folded(own, Case::Lower, resolved)?,
        (Value::Text(own), Some(Family::Truth)) => match values::truth(text) {
            Some(wanted) => matches(own, &[Piece::Constant(wanted.to_string())], Case::Ignored)?,
            None => "false".to_owned(),
        },
        (Value::Truth(own), Some(Family::Truth)) => match values::truth(text) {
            Some(true) => own.clone(),
            Some(false) => not(own),
            None => "false".to_owned(),
        },
        (Value::Truth(own), Some(Family::Text)) => {
            like(&format!("(ite {own} \"true\" \"false\")"), comparison, resolved)?
        }
        (Value::Truth(own), Some(Family::FoldedText)) => {
            folded(&format!("(ite {own} \"true\" \"false\")"), Case::Lower, resolved)?
        }
        (Value::Number(own), Some(Family::Number)) => compared(own, values::number(text)),
        (Value::Instant(own), Some(Family::Instant)) => {
            compared(own, values::instant(text).map(integer))
        }
        (Value::Bytes(own), Some(Family::Bytes)) => match values::bytes(text) {
            Some(bytes) => equal(own, &string(&bytes)?),
            None => "false".to_owned(),
        },
        (Value::Address { is_v4, number }, Some(Family::Address)) => match values::block(text) {
            Some(block) => {
                let family = if block.is_v4 { is_v4.clone() } else { not(is_v4) };
                all_of([family, format!("(<= {} {number} {})", block.first, block.last)])
            }
            None => "false".to_owned(),
        },
        _ => return Err(Unsupported::MixedTypes(key.to_owned())),
    })
}

fn integer(number: i128) -> String {
    if number < 0 { format!("(- {})", number.unsigned_abs()) } else { number.to_string() }
}

fn like(own: &str, comparison: Comparison, resolved: &Resolved<'_>) -> Result<Term, Unsupported> {
    match comparison {
        Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => matches_arn(own, resolved.pattern, &resolved.pieces),
        _ => matches(own, &resolved.pieces, Case::Sensitive),
    }
}

fn folded(own: &str, case: Case, resolved: &Resolved<'_>) -> Result<Term, Unsupported> {
    if resolved.pattern.variables().next().is_some() {
        return Err(Unsupported::FoldedVariable(resolved.pattern.text().to_owned()));
    }
    matches(own, &resolved.pieces, case)
}
