//! Repairs that keep every other byte of the policy.

use ringfence_policy::ConditionOperator;
use ringfence_policy::json::{self, Value};
use ringfence_policy::location::ByteSpan;

use crate::document::{Condition, Statement, Text};
use crate::finding::Replacement;

/// Gives the operator of a condition another name. Only where the operator has no other key, and the statement does
/// not have the other operator already.
pub(crate) fn change_operator(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    operator: ConditionOperator,
) -> Option<Replacement> {
    let name = operator.to_string();
    is_free(statement, condition, &name)
        .then(|| Replacement { span: condition.operator_name.span, text: json::escape(&name) })
}

/// Says with `Null` what a condition says, under the same limits.
pub(crate) fn say_with_null(
    statement: &Statement<'_>,
    condition: &Condition<'_>,
    is_null: &str,
) -> Option<Replacement> {
    let block = statement.operators.iter().find(|b| b.name.span == condition.operator_name.span)?;
    let span = ByteSpan { start: block.name.span.start, end: block.value.span.end };
    let key = json::escape(condition.key.value);
    is_free(statement, condition, "Null")
        .then(|| Replacement { span, text: format!("\"Null\": {{ {key}: \"{is_null}\" }}") })
}

/// Whether the condition is alone under its operator, and no other operator of the statement has this name.
fn is_free(statement: &Statement<'_>, condition: &Condition<'_>, name: &str) -> bool {
    statement.operators.iter().all(|block| {
        if block.name.span == condition.operator_name.span {
            block.value.members().len() == 1
        } else {
            !block.name.value.eq_ignore_ascii_case(name)
        }
    })
}

/// Takes elements out of a list, with the commas and the white space behind them.
pub(crate) fn take_out(text: &str, list: &Value<'_>, out: &[ByteSpan]) -> Option<Replacement> {
    let elements = list.elements();
    let kept: Vec<bool> = elements.iter().map(|element| !out.contains(&element.span)).collect();
    let last_kept = kept.iter().rposition(|kept| *kept)?;
    let mut result = String::new();
    let mut from = list.span.start;
    for (place, (element, is_kept)) in elements.iter().zip(&kept).enumerate() {
        if !is_kept {
            // What stands between this element and the next one goes with it.
            result += text.get(from as usize..element.span.start as usize)?;
            from = elements.get(place + 1).map_or(element.span.end, |next| next.span.start);
        } else if place == last_kept {
            result += text.get(from as usize..element.span.end as usize)?;
            from = elements.last()?.span.end;
            break;
        }
    }
    result += text.get(from as usize..list.span.end as usize)?;
    Some(Replacement { span: list.span, text: result })
}

/// The places of all members of a group but one.
pub(crate) fn others(group: &[Text<'_>], kept: Text<'_>) -> Vec<ByteSpan> {
    group.iter().map(|text| text.span).filter(|span| *span != kept.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_out_keeps_the_rest_as_it_is() {
        let taken = |text: &str, out: &[usize]| {
            let parsed = json::parse(text);
            let spans: Vec<_> = out.iter().map(|at| parsed.value.elements()[*at].span).collect();
            take_out(text, &parsed.value, &spans).map(|replacement| replacement.text)
        };
        assert_eq!(taken("[ 1,\n  2, 3 ]", &[1]).unwrap(), "[ 1,\n  3 ]");
        assert_eq!(taken("[ 1, 2, 3 ]", &[0]).unwrap(), "[ 2, 3 ]");
        assert_eq!(taken("[ 1, 2, 3 ]", &[1, 2]).unwrap(), "[ 1 ]");
        assert_eq!(taken("[ 1, 2, 3 ]", &[0, 2]).unwrap(), "[ 2 ]");
        assert_eq!(taken("[ 1, 2, 3, 4 ]", &[1, 2]).unwrap(), "[ 1, 4 ]");
        assert_eq!(taken("[ 1 ]", &[0]), None);
    }
}
