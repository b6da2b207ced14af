//! `[limits]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much clients may ask for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests a second that each key may make, and as many again at once.
    pub requests_per_second: u32,
    /// Bytes that a request's body may have.
    pub max_body_bytes: usize,
    /// Seconds that a request may take.
    pub request_timeout_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests_per_second: 100, max_body_bytes: 8 << 20, request_timeout_seconds: 30 }
    }
}
