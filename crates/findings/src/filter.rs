//! Filters: what archive rules and lists ask of findings.
//!
//! Keys are joined by "and"; so are the operators of one criterion; the values of one operator by "or".
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings-filter.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::field::{Field, Use};
use crate::finding::Finding;

/// What is asked of one key: AWS's `Criterion`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// The value is one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eq: Option<Vec<String>>,
    /// The value is none of these; also where there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neq: Option<Vec<String>>,
    /// The value contains one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<Vec<String>>,
    /// Whether there is a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
}

/// Criteria by key: AWS's `FilterCriteriaMap`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter(pub BTreeMap<String, Criterion>);

/// Why a filter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A key that means nothing here would silently match nothing or everything.
    #[error("`{0}` is not a filter key that can be used here")]
    UnknownKey(String),
    /// A criterion that asks nothing.
    #[error("the criterion for `{0}` has no operator: give eq, neq, contains or exists")]
    NoOperator(String),
}

impl Criterion {
    /// Whether a finding that has `value` for the key meets it.
    #[must_use]
    pub fn admits(&self, value: Option<&str>) -> bool {
        let any = |list: &[String], test: &dyn Fn(&str, &str) -> bool| {
            value.is_some_and(|value| list.iter().any(|own| test(value, own)))
        };
        let equal = |value: &str, own: &str| value == own;
        self.eq.as_ref().is_none_or(|list| any(list, &equal))
            && self.neq.as_ref().is_none_or(|list| !any(list, &equal))
            && self
                .contains
                .as_ref()
                .is_none_or(|list| any(list, &|value, own| value.contains(own)))
            && self.exists.is_none_or(|exists| exists == value.is_some())
    }

    fn asks_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Filter {
    /// Whether every key means something where the filter is used, and every criterion asks something.
    ///
    /// # Errors
    /// The first key that does not.
    pub fn check(&self, place: Use) -> Result<(), FilterError> {
        for (key, criterion) in &self.0 {
            if Field::parse(key, place).is_none() {
                return Err(FilterError::UnknownKey(key.clone()));
            }
            if criterion.asks_nothing() {
                return Err(FilterError::NoOperator(key.clone()));
            }
        }
        Ok(())
    }

    /// Whether `finding` meets every criterion. A key that is unknown in lists is met by nothing.
    #[must_use]
    pub fn admits(&self, finding: &Finding) -> bool {
        self.0.iter().all(|(key, criterion)| {
            Field::parse(key, Use::List).is_some_and(|field| criterion.admits(field.of(finding)))
        })
    }
}

#[cfg(test)]
mod tests;
