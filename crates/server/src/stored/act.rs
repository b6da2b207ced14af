//! Who does what, as the store's audit log and its memory of client tokens have it.

use ring::digest::{SHA256, digest};
use ringfence_store::{Act, ClientToken};
use serde_json::Value;

use crate::service::Call;

/// A call that changes something.
pub(crate) struct Doing {
    who: String,
    operation: &'static str,
    at: jiff::Timestamp,
    scope: String,
    token: Option<String>,
    input: String,
}

impl Doing {
    /// The call with this input.
    pub(crate) fn new(call: &Call<'_>, operation: &'static str, input: &Value) -> Self {
        let mut members = input.clone();
        let token = members.as_object_mut().and_then(|own| own.shift_remove("clientToken"));
        let bytes = digest(&SHA256, members.to_string().as_bytes());
        Self {
            who: call.key.user_arn(),
            operation,
            at: call.now,
            scope: format!("{}/{}", call.key.account, call.service.settings.region),
            token: token.and_then(|own| own.as_str().map(str::to_owned)),
            input: bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// What the store takes.
    pub(crate) fn act(&self) -> Act<'_> {
        let token = self.token.as_deref().filter(|own| !own.is_empty());
        Act {
            who: &self.who,
            operation: self.operation,
            at: self.at,
            token: token.map(|token| ClientToken { scope: &self.scope, token, input: &self.input }),
        }
    }
}
