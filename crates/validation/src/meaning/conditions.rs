//! Conditions that are always or never true, and statements whose elements exclude each other.
//!
//! A condition is looked at alone first. What the other elements of its statement say about the same key, or about the
//! caller, can decide it as well; elements on other keys cannot, because a request has every key as it likes.

use ringfence_policy::{
    Condition, ConditionKey, Effect, Form, Located, Pattern, PatternElement, Polarity,
    PolicyDocument, Principal, Statement, Variables, Wildcards,
};
use ringfence_reasoning::{Combination, Emptiness, Limit, check_combinations};

use ringfence_policy::location::ByteSpan;

/// What a condition or statement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConditionMeaning {
    /// Every request meets the condition.
    AlwaysTrue,
    /// Every request that the rest of the statement matches meets the condition.
    ImpliedByStatement,
    /// No request meets the condition.
    NeverTrue,
    /// Each element can be met, and no request meets all of them.
    StatementNeverMatches,
}

/// What was found out about a condition or statement, or was not.
#[derive(Debug)]
pub(crate) struct JudgedCondition {
    /// The condition's key, or the statement.
    pub(crate) place: ByteSpan,
    /// What it is, or the limit that was hit.
    pub(crate) verdict: Result<ConditionMeaning, Limit>,
}

/// What is to be said of the conditions of a policy, in the order of the text.
pub(super) fn judge(policy: &PolicyDocument) -> Vec<JudgedCondition> {
    let mut judged = Vec::new();
    for statement in policy.statements.iter().filter(|own| !own.conditions.is_empty()) {
        judge_statement(statement, &mut judged);
    }
    judged
}

fn judge_statement(statement: &Statement, judged: &mut Vec<JudgedCondition>) {
    use ConditionMeaning::{AlwaysTrue, ImpliedByStatement, NeverTrue, StatementNeverMatches};
    let before = judged.len();
    // Conditions that say something, by position. AWS's checks are about lists without values.
    let mut telling = Vec::new();
    let with_values = statement.conditions.iter().enumerate().filter(|(_, c)| !c.values.is_empty());
    for (position, condition) in with_values {
        let place = condition.key.span;
        let verdict = match alone(statement, condition) {
            Ok(None) => {
                telling.push(position);
                continue;
            }
            Ok(Some(always)) => Ok(if always { AlwaysTrue } else { NeverTrue }),
            Err(limit) => Err(limit),
        };
        judged.push(JudgedCondition { place, verdict });
    }
    let has_never = judged.iter().skip(before).any(|own| own.verdict == Ok(NeverTrue));
    let related = related(statement, &telling);
    if has_never || related.is_empty() {
        return;
    }
    match holds(&[statement], &Combination { matching: vec![0], avoiding: Vec::new() }) {
        Ok(false) => {}
        Ok(true) if names_somebody(statement) => {
            let verdict = Ok(StatementNeverMatches);
            judged.push(JudgedCondition { place: statement.span, verdict });
            return;
        }
        Ok(true) => return,
        Err(limit) => {
            judged.push(JudgedCondition { place: statement.span, verdict: Err(limit) });
            return;
        }
    }
    // From the end, and each against what is left: of two that imply each other one stays.
    let mut left = telling;
    for position in related.into_iter().rev() {
        let Some(condition) = statement.conditions.get(position) else { continue };
        let others: Vec<usize> = left.iter().copied().filter(|own| *own != position).collect();
        let (rest, own) = (keeping(statement, &others), only(statement, condition));
        let implied = Combination { matching: vec![0], avoiding: vec![1] };
        let verdict = match holds(&[&rest, &own], &implied) {
            Ok(false) => continue,
            Ok(true) => {
                left = others;
                Ok(ImpliedByStatement)
            }
            Err(limit) => Err(limit),
        };
        judged.push(JudgedCondition { place: condition.key.span, verdict });
    }
}

/// Whether the condition alone is always true, never true, or neither.
fn alone(statement: &Statement, condition: &Condition) -> Result<Option<bool>, Limit> {
    let own = only(statement, condition);
    let never = Combination { matching: vec![0], avoiding: Vec::new() };
    let always = Combination { matching: Vec::new(), avoiding: vec![0] };
    match check_combinations(&[&own], &[always, never]).as_slice() {
        [Emptiness::Empty, _] => Ok(Some(true)),
        [_, Emptiness::Empty] => Ok(Some(false)),
        [Emptiness::Unknown(limit), _] | [_, Emptiness::Unknown(limit)] => Err(*limit),
        _ => Ok(None),
    }
}

/// Whether no request is in the combination.
fn holds(statements: &[&Statement], combination: &Combination) -> Result<bool, Limit> {
    match check_combinations(statements, std::slice::from_ref(combination)).first() {
        Some(Emptiness::Empty) => Ok(true),
        Some(Emptiness::Unknown(limit)) => Err(*limit),
        Some(Emptiness::NotProven) | None => Ok(false),
    }
}

/// A statement that the requests match which meet the condition.
fn only(statement: &Statement, condition: &Condition) -> Statement {
    let span = condition.key.span;
    let everything = Pattern::new("*", Wildcards::Yes, Variables::No);
    Statement {
        principal: None,
        resource: None,
        action: PatternElement {
            polarity: Polarity::Plain,
            key_span: span,
            value_span: span,
            form: Form::Scalar,
            patterns: vec![Located::new(everything, span)],
        },
        conditions: vec![condition.clone()],
        ..statement.clone()
    }
}

/// The statement with some of its conditions.
fn keeping(statement: &Statement, positions: &[usize]) -> Statement {
    let conditions = positions.iter().filter_map(|own| statement.conditions.get(*own).cloned());
    Statement { conditions: conditions.collect(), ..statement.clone() }
}

/// Those of the conditions that others of them, or the principal, could decide.
fn related(statement: &Statement, telling: &[usize]) -> Vec<usize> {
    let key = |position: &usize| statement.conditions.get(*position).map(|own| &own.key.value);
    let principal = statement.principal.as_ref().is_some_and(|own| {
        !own.principals.iter().any(|named| matches!(named.value, Principal::Everyone))
    });
    let is_related = |position: &usize| {
        let Some(own) = key(position) else { return false };
        let others = || telling.iter().filter(|other| *other != position).filter_map(key);
        others().any(|other| other == own)
            || (is_of_caller(own) && (principal || others().any(is_of_caller)))
    };
    telling.iter().copied().filter(is_related).collect()
}

/// Whether the key can say something about who calls, or about somebody that is tied to the caller.
fn is_of_caller(key: &ConditionKey) -> bool {
    let key = key.folded();
    ["aws:principal", "aws:source", "aws:user", "aws:federated", "kms:calleraccount"]
        .iter()
        .any(|start| key.starts_with(start))
}

/// Whether a principal of the statement can call at all. Ids of deleted principals cannot, which AWS's checks are
/// about.
fn names_somebody(statement: &Statement) -> bool {
    let Some(element) = &statement.principal else { return true };
    (element.polarity == Polarity::Not && statement.effect.value == Effect::Deny)
        || element.principals.iter().any(|named| {
            !matches!(named.value, Principal::UniqueId(_) | Principal::Unrecognized { .. })
        })
}
