//! Conditions: operators, the keys that requests for the statement's actions can have, and truth values.

use std::collections::BTreeMap;

use gen_lsp_types::CompletionItemKind;
use ringfence_policy::catalogue::{Catalogue, ConditionKey, ConditionValueType};
use ringfence_policy::{Comparison, ConditionOperator, IfExists, Qualifier};

use super::words::truth_values;
use super::{Offer, Places, Topic};
use crate::lsp::about::keys_of_action;
use crate::lsp::place::StatementActions;

/// Every condition operator, the plain ones first.
pub(super) fn operators() -> Vec<Offer> {
    let qualifiers = [Qualifier::None, Qualifier::ForAnyValue, Qualifier::ForAllValues];
    let suffixes = [IfExists::No, IfExists::Yes];
    let forms = qualifiers.into_iter().flat_map(|q| suffixes.map(|suffix| (q, suffix)));
    let mut offers = Vec::new();
    for ((qualifier, if_exists), rank) in forms.zip(0..) {
        for comparison in Comparison::ALL.iter().copied() {
            let is_null = comparison == Comparison::Null;
            if is_null && (qualifier, if_exists) != (Qualifier::None, IfExists::No) {
                continue;
            }
            offers.push(Offer {
                name: ConditionOperator { qualifier, comparison, if_exists }.to_string(),
                places: Places::None,
                kind: CompletionItemKind::Operator,
                detail: String::new(),
                rank,
                topic: Some(Topic::Operator),
            });
        }
    }
    offers
}

/// The keys that requests for the statement's actions can have: those of its services and the global ones, those
/// that the operator compares first.
pub(super) fn keys(actions: &StatementActions<'_>, operator: &str, typed: &str) -> Vec<Offer> {
    let catalogue = Catalogue::embedded();
    let mut keys: BTreeMap<&str, ConditionKey> = BTreeMap::new();
    let mut add = |key: ConditionKey| _ = keys.insert(key.name(), key);
    let is_open = |pattern: &&str| {
        pattern.split_once(':').is_none_or(|(prefix, _)| prefix.contains(['*', '?']))
    };
    match actions {
        StatementActions::Patterns(patterns) if !patterns.iter().any(is_open) => patterns
            .iter()
            .flat_map(|pattern| catalogue.match_actions(pattern))
            .for_each(|action| keys_of_action(action).into_iter().for_each(&mut add)),
        StatementActions::Patterns(_) | StatementActions::Any => {
            let prefix = typed.split_once(':').map(|(prefix, _)| prefix);
            let service = prefix.and_then(|prefix| catalogue.service(prefix));
            service.iter().flat_map(|service| service.condition_keys()).for_each(&mut add);
        }
    }
    catalogue.global_condition_keys().for_each(&mut add);
    let operator = ConditionOperator::parse(operator);
    keys.into_values().map(|key| offer(key, operator)).collect()
}

/// The truth values, where the key or the operator asks for one.
pub(super) fn values(operator: &str, key: &str) -> Vec<Offer> {
    let asks = ConditionOperator::parse(operator)
        .is_some_and(|operator| matches!(operator.comparison, Comparison::Null | Comparison::Bool));
    let is_truth = Catalogue::embedded()
        .condition_key(key)
        .is_some_and(|key| key.value_type() == ConditionValueType::Bool);
    if asks || is_truth { truth_values() } else { Vec::new() }
}

fn offer(key: ConditionKey, operator: Option<ConditionOperator>) -> Offer {
    let types: Vec<&str> = key.value_types().iter().map(|value_type| value_type.as_str()).collect();
    let values = if key.is_multi_valued() { "multi-valued" } else { "single-valued" };
    let misfit = operator.map_or(0, |operator| misfit(key, operator));
    Offer {
        name: key_with_place(key),
        places: if key.is_template() { Places::ToFillIn } else { Places::None },
        kind: CompletionItemKind::Field,
        detail: format!("{}, {values}", types.join(" or ")),
        rank: 2 * misfit + u8::from(key.is_global()),
        topic: Some(Topic::ConditionKey),
    }
}

/// The name of a key with its place, if any, as `${Name}`. AWS's data has the notations `${Name}`, `<name>`,
/// `tag-key` and a slash at the end.
fn key_with_place(key: ConditionKey) -> String {
    let name = key.name();
    if !key.is_template() || name.contains("${") {
        return name.to_owned();
    }
    if name.contains('<') {
        return name.replacen('<', "${", 1).replacen('>', "}", 1);
    }
    format!("{}${{TagKey}}", name.strip_suffix("tag-key").unwrap_or(name))
}

/// How badly an operator fits a key: 0 well, 1 in the number of values, 2 in their type.
fn misfit(key: ConditionKey, operator: ConditionOperator) -> u8 {
    let fits = compared(operator.comparison).is_none_or(|type_| key.value_types().contains(&type_));
    let for_many = operator.qualifier != Qualifier::None;
    match fits {
        false => 2,
        true => {
            u8::from(operator.comparison != Comparison::Null && key.is_multi_valued() != for_many)
        }
    }
}

/// The type of the values that a comparison is for; none where it takes any.
fn compared(comparison: Comparison) -> Option<ConditionValueType> {
    match comparison {
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringNotEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::StringNotLike => Some(ConditionValueType::String),
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => Some(ConditionValueType::Numeric),
        Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => Some(ConditionValueType::Date),
        Comparison::Bool => Some(ConditionValueType::Bool),
        Comparison::BinaryEquals => Some(ConditionValueType::Binary),
        Comparison::IpAddress | Comparison::NotIpAddress => Some(ConditionValueType::IpAddress),
        Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => Some(ConditionValueType::Arn),
        Comparison::Null => None,
    }
}
