//! The Condition element: operators, each with keys, each with values.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>

use super::Condition;
use super::parse::{Reader, form_of, one_or_many};
use crate::condition_key::ConditionKey;
use crate::condition_operator::{Comparison, ConditionOperator};
use crate::diagnostic::DiagnosticKind;
use crate::json::{Kind, Member, Value};
use crate::location::Located;
use crate::pattern::{Pattern, Variables, Wildcards};

pub(super) fn conditions(reader: &mut Reader, value: &Value<'_>) -> Vec<Condition> {
    let Kind::Object(operators) = &value.kind else {
        reader.wrong_type(value, "Condition", "an object");
        return Vec::new();
    };
    operators.iter().flat_map(|member| block(reader, member)).collect()
}

fn block(reader: &mut Reader, member: &Member<'_>) -> Vec<Condition> {
    let name = member.key.value.as_ref();
    let Some(operator) = ConditionOperator::parse(name) else {
        let message = format!("`{name}` is no condition operator");
        reader.report(DiagnosticKind::UnknownElement, member.key.span, message);
        return Vec::new();
    };
    let Kind::Object(keys) = &member.value.kind else {
        reader.wrong_type(&member.value, name, "an object of condition keys");
        return Vec::new();
    };
    let operator = Located::new(operator, member.key.span);
    keys.iter().map(|key| condition(reader, operator.clone(), key)).collect()
}

fn condition(
    reader: &mut Reader,
    operator: Located<ConditionOperator>,
    member: &Member<'_>,
) -> Condition {
    let (wildcards, variables) = reading(operator.value.comparison, reader.variables);
    let mut values = Vec::new();
    for element in one_or_many(&member.value) {
        // AWS takes booleans and numbers in the place of their text.
        let text = match &element.kind {
            Kind::String(text) => text.as_ref(),
            Kind::Boolean(true) => "true",
            Kind::Boolean(false) => "false",
            Kind::Number(text) => text,
            Kind::Null | Kind::Array(_) | Kind::Object(_) | Kind::Invalid => {
                let expected = "a string, a number, a boolean, or a list of them";
                reader.wrong_type(element, &member.key.value, expected);
                continue;
            }
        };
        values.push(Located::new(Pattern::new(text, wildcards, variables), element.span));
    }
    Condition {
        operator,
        key: Located::new(ConditionKey::new(&member.key.value), member.key.span),
        value_span: member.value.span,
        form: form_of(&member.value),
        values,
    }
}

/// What wildcards and variables mean in the values of a comparison.
fn reading(comparison: Comparison, variables: Variables) -> (Wildcards, Variables) {
    match comparison {
        Comparison::StringLike
        | Comparison::StringNotLike
        | Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => (Wildcards::Yes, variables),
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringNotEqualsIgnoreCase => (Wildcards::No, variables),
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals
        | Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::IpAddress
        | Comparison::NotIpAddress
        | Comparison::Null => (Wildcards::No, Variables::No),
    }
}
