//! The Condition element: operators, keys and values.

use std::cell::OnceCell;

use ringfence_policy::ConditionOperator;
use ringfence_policy::catalogue;
use ringfence_policy::json::{Kind, Member, Value};
use ringfence_policy::{Comparison, IfExists, Qualifier};

use super::element::{Text, one_or_many};

/// One member of Condition: an operator with its keys.
#[derive(Debug)]
pub(crate) struct OperatorBlock<'d> {
    /// The operator's name.
    pub(crate) name: Text<'d>,
    /// The operator; nothing when there is none of this name.
    pub(crate) operator: Option<ConditionOperator>,
    pub(crate) value: &'d Value<'d>,
}

/// One key under one operator.
#[derive(Debug)]
pub(crate) struct Condition<'d> {
    /// The operator's name.
    pub(crate) operator_name: Text<'d>,
    /// The operator; nothing when there is none of this name.
    pub(crate) operator: Option<ConditionOperator>,
    pub(crate) key: Text<'d>,
    /// The value: the string, or the list with its brackets.
    pub(crate) value: &'d Value<'d>,
    definition: OnceCell<Option<catalogue::ConditionKey>>,
}

impl<'d> OperatorBlock<'d> {
    pub(super) fn read_all(condition: &'d Value<'d>) -> Vec<Self> {
        condition.members().iter().map(Self::read).collect()
    }

    fn read(member: &'d Member<'d>) -> Self {
        let name = Text::of_key(member);
        Self { name, operator: ConditionOperator::parse(name.value), value: &member.value }
    }

    pub(super) fn conditions(&self) -> impl Iterator<Item = Condition<'d>> + use<'d> {
        let (operator_name, operator) = (self.name, self.operator);
        self.value.members().iter().map(move |member| Condition {
            operator_name,
            operator,
            key: Text::of_key(member),
            value: &member.value,
            definition: OnceCell::new(),
        })
    }
}

impl<'d> Condition<'d> {
    /// Whether it is about this key, in any case.
    pub(crate) fn is_key(&self, key: &str) -> bool {
        self.key.value.eq_ignore_ascii_case(key)
    }

    /// What follows `start` in the key's name, in any case: `team` in `aws:ResourceTag/team`.
    pub(crate) fn key_after(&self, start: &str) -> Option<&'d str> {
        let (head, tail) = self.key.value.split_at_checked(start.len())?;
        head.eq_ignore_ascii_case(start).then_some(tail)
    }

    /// What stands before the first colon of the key.
    pub(crate) fn key_prefix(&self) -> Option<&'d str> {
        self.key.value.split_once(':').map(|(prefix, _)| prefix)
    }

    /// What the catalogue says of the key.
    pub(crate) fn definition(&self) -> Option<catalogue::ConditionKey> {
        *self.definition.get_or_init(|| super::catalogue().condition_key(self.key.value))
    }

    /// The comparison of the operator.
    pub(crate) fn comparison(&self) -> Option<Comparison> {
        self.operator.map(|operator| operator.comparison)
    }

    /// The qualifier of the operator.
    pub(crate) fn qualifier(&self) -> Qualifier {
        self.operator.map_or(Qualifier::None, |operator| operator.qualifier)
    }

    /// Whether the operator ends in IfExists.
    pub(crate) fn if_exists(&self) -> bool {
        self.operator.is_some_and(|operator| operator.if_exists == IfExists::Yes)
    }

    /// Whether variables in its values are replaced: under string and ARN operators only.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
    pub(crate) fn takes_variables(&self) -> bool {
        let Some(comparison) = self.comparison() else { return false };
        match comparison {
            Comparison::StringEquals
            | Comparison::StringNotEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringNotEqualsIgnoreCase
            | Comparison::StringLike
            | Comparison::StringNotLike
            | Comparison::ArnEquals
            | Comparison::ArnLike
            | Comparison::ArnNotEquals
            | Comparison::ArnNotLike => true,
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
            | Comparison::Null => false,
        }
    }

    /// Whether the value is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value.kind, Kind::Array(_))
    }

    /// The single values.
    pub(crate) fn elements(&self) -> &'d [Value<'d>] {
        one_or_many(self.value)
    }

    /// The values that are strings.
    pub(crate) fn strings(&self) -> impl Iterator<Item = Text<'d>> + use<'d> {
        self.elements().iter().filter_map(Text::of)
    }

    /// The values as text; AWS reads `true` and `5` as `"true"` and `"5"`.
    pub(crate) fn values(&self) -> impl Iterator<Item = Text<'d>> + use<'d> {
        let text =
            |element: &'d Value<'d>| Some(Text { value: as_text(element)?, span: element.span });
        self.elements().iter().filter_map(text)
    }
}

fn as_text<'d>(value: &'d Value<'d>) -> Option<&'d str> {
    match &value.kind {
        Kind::String(text) => Some(text),
        Kind::Boolean(true) => Some("true"),
        Kind::Boolean(false) => Some("false"),
        Kind::Number(number) => Some(number),
        Kind::Null | Kind::Array(_) | Kind::Object(_) | Kind::Invalid => None,
    }
}
