//! `Fn::If` and the functions of conditions.

use super::{Call, moved};
use crate::cloudformation::stack::{Evaluated, Stack};
use crate::error::SourceError;
use crate::node::{Key, Node, NodeKind};
use crate::planned::{Planned, PlannedKind, Truth};

pub(super) fn choose(call: &Call<'_>) -> Evaluated {
    let [condition, then, otherwise] =
        call.arguments("a condition and the values for true and false", 3..=3)?
    else {
        return Ok(None);
    };
    let truth = match condition.as_text() {
        Some(name) => call.stack.condition(name, &condition.place)?,
        None => truth(call.stack, condition)?,
    };
    match truth {
        Truth::Yes => call.stack.value(then),
        Truth::No => call.stack.value(otherwise),
        Truth::Unknown(why) => {
            let both = [call.stack.value(then)?, call.stack.value(otherwise)?];
            let both: Vec<Planned> = both.into_iter().flatten().collect();
            match both.is_empty() {
                true => Ok(None),
                false => call.known(PlannedKind::OneOf(both, why)),
            }
        }
    }
}

/// A condition where a value is expected.
pub(super) fn as_value(call: &Call<'_>, key: &Key) -> Evaluated {
    let node = Node {
        place: call.place.clone(),
        kind: NodeKind::Map(vec![(key.clone(), call.argument.clone())]),
    };
    match truth(call.stack, &node)? {
        Truth::Yes => call.known(PlannedKind::Boolean(true)),
        Truth::No => call.known(PlannedKind::Boolean(false)),
        Truth::Unknown(why) => call.known(PlannedKind::Unknown(why)),
    }
}

/// Whether a condition holds.
pub(crate) fn truth(stack: &Stack, node: &Node) -> Result<Truth, SourceError> {
    let [(key, argument)] = node.members() else {
        return Err(node
            .place
            .problem(format!("a condition is expected here, not {}", node.type_name())));
    };
    let operands = argument.elements();
    let wrong =
        |expected: &str| Err(argument.place.problem(format!("`{}` takes {expected}", key.name)));
    match key.name.as_str() {
        "Condition" => match argument.as_text() {
            Some(name) => stack.condition(name, &argument.place),
            None => wrong("the name of a condition"),
        },
        "Fn::Not" => match operands {
            [one] => Ok(match truth(stack, one)? {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                unknown => unknown,
            }),
            _ => wrong("a list of one condition"),
        },
        "Fn::And" | "Fn::Or" if operands.is_empty() => wrong("a list of conditions"),
        "Fn::And" => all(stack, operands, &Truth::No, Truth::Yes),
        "Fn::Or" => all(stack, operands, &Truth::Yes, Truth::No),
        "Fn::Equals" => match operands {
            [one, other] => equals(stack, one, other),
            _ => wrong("a list of two values"),
        },
        name => Err(key.place.problem(format!("`{name}` is no function of conditions"))),
    }
}

/// `decides` when one operand is so, `otherwise` when none can be.
fn all(
    stack: &Stack,
    operands: &[Node],
    decides: &Truth,
    otherwise: Truth,
) -> Result<Truth, SourceError> {
    let mut unknown = None;
    for operand in operands {
        match (truth(stack, operand)?, decides) {
            (Truth::Yes, Truth::Yes) => return Ok(Truth::Yes),
            (Truth::No, Truth::No) => return Ok(Truth::No),
            (Truth::Unknown(why), _) => unknown = Some(why),
            (Truth::Yes | Truth::No, _) => {}
        }
    }
    Ok(unknown.map_or(otherwise, Truth::Unknown))
}

fn equals(stack: &Stack, one: &Node, other: &Node) -> Result<Truth, SourceError> {
    let (Some(one), Some(other)) = (stack.value(one)?, stack.value(other)?) else {
        return Ok(Truth::No);
    };
    Ok(compare(&one, &other))
}

fn compare(one: &Planned, other: &Planned) -> Truth {
    match (&one.kind, &other.kind) {
        (PlannedKind::OneOf(all, why), _) => one_of(all, other, why),
        (_, PlannedKind::OneOf(all, why)) => one_of(all, one, why),
        _ => match (one.as_text(), other.as_text()) {
            (Some(one), Some(other)) if one == other => Truth::Yes,
            (Some(one), Some(other)) => match one.first_unknown().or(other.first_unknown()) {
                Some(why) => Truth::Unknown(why.clone()),
                None => Truth::No,
            },
            _ => {
                let place = one.place.clone();
                let same = format!("{:?}", moved(one, &place).kind)
                    == format!("{:?}", moved(other, &place).kind);
                match (same, one.first_unknown().or(other.first_unknown())) {
                    (true, _) => Truth::Yes,
                    (false, Some(why)) => Truth::Unknown(why.clone()),
                    (false, None) => Truth::No,
                }
            }
        },
    }
}

fn one_of(all: &[Planned], other: &Planned, why: &crate::planned::Unknown) -> Truth {
    let is_ruled_out = |one: &Planned| matches!(compare(one, other), Truth::No);
    match all.iter().all(is_ruled_out) {
        true => Truth::No,
        false => Truth::Unknown(why.clone()),
    }
}
