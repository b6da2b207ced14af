//! Conditions whose only value is `*`.

use ringfence_policy::location::ByteSpan;

use crate::document::Condition;

/// The place of the `*` that is the condition's only value.
pub(crate) fn lone_star(condition: &Condition<'_>) -> Option<ByteSpan> {
    let [value] = condition.elements() else { return None };
    (value.as_str() == Some("*")).then_some(value.span)
}
