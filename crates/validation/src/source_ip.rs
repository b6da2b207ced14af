//! Conditions on `aws:SourceIp` with addresses that never reach AWS over the internet.

use ringfence_policy::Comparison;
use ringfence_policy::location::ByteSpan;

use crate::cidr::Cidr;
use crate::document::Document;

/// How many of a condition's addresses are private.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Private {
    /// All.
    All,
    /// Some, not all.
    Some,
}

/// The values of the conditions on `aws:SourceIp` with this comparison of which so many are private.
pub(crate) fn private_addresses(
    document: &Document<'_>,
    comparison: Comparison,
    wanted: Private,
) -> Vec<ByteSpan> {
    let conditions = document.conditions().filter(|condition| {
        condition.comparison() == Some(comparison) && condition.is_key("aws:SourceIp")
    });
    let with_count = conditions.filter(|condition| {
        let values: Vec<_> = condition.values().collect();
        let is_private = |value: &str| Cidr::parse(value).is_some_and(Cidr::is_private);
        let private = values.iter().filter(|value| is_private(value.value)).count();
        match wanted {
            Private::All => private > 0 && private == values.len(),
            Private::Some => private > 0 && private < values.len(),
        }
    });
    with_count.map(|condition| condition.value.span).collect()
}
