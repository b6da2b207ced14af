//! Values on their way into SQL and back.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;

use crate::Result;
use crate::error::StoreError;

/// A statement with placeholders `$1`, `$2`, …: both databases read these.
pub(crate) fn query(sql: &str) -> Query<'_, Any, AnyArguments<'_>> {
    sqlx::query(sql)
}

/// Milliseconds since 1970, as columns have it.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// `value` as a column can have it: PostgreSQL refuses NUL in texts. Bodies keep what was there, since JSON escapes it.
pub(crate) fn text(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}

/// The JSON text of `value`.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("what is to be stored", error))
}

/// What the body `text` of `item` says.
pub(crate) fn body<T: DeserializeOwned>(item: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(item, error))
}

/// A limit as SQL has it.
pub(crate) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
