//! Pages of a list, and the tokens between them.
//!
//! A token says behind which entry the next page starts, so that entries that come in between neither shift nor
//! repeat others. It is authenticated, and bound to the account, the operation and everything that was asked for:
//! a token that was made up, or belongs to another list, is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::api::Exception;
use crate::service::Call;

/// As many entries as a page has at most, and where the caller does not say: AWS's.
const MAX_RESULTS: usize = 100;

/// The length of an authentication code, in bytes.
const CODE: usize = 32;

/// Which part of a list is asked for.
pub(crate) struct Page {
    scope: [u8; 32],
    /// Behind which entry the page starts; nothing for the first page.
    pub(crate) after: Option<String>,
    /// How many entries it has at most.
    pub(crate) size: usize,
}

impl Page {
    /// Reads what `input` asks for. `operation` and every member but `nextToken` and `maxResults` make up the list.
    ///
    /// # Errors
    /// `ValidationException` where the token is not one of this list, or no page is that small.
    pub(crate) fn read(call: &Call<'_>, operation: &str, input: &Value) -> Result<Self, Exception> {
        let scope = scope(call, operation, input);
        let size = match input.get("maxResults").and_then(Value::as_i64) {
            None => MAX_RESULTS,
            Some(1..) if let Some(own) = asked(input) => own.min(MAX_RESULTS),
            Some(_) => return Err(Exception::field("maxResults", "must be at least 1")),
        };
        let after = match input.get("nextToken").and_then(Value::as_str) {
            None => None,
            Some(token) => Some(
                open(call, &scope, token)
                    .ok_or_else(|| Exception::field("nextToken", "is not a token of this list"))?,
            ),
        };
        Ok(Self { scope, after, size })
    }

    /// Cuts the page out of a whole list. `key` names an entry for good and gives the order of the list.
    pub(crate) fn cut<T>(
        &self,
        call: &Call<'_>,
        entries: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        let start = |entry: &T| self.after.as_ref().is_none_or(|after| key(entry) > *after);
        let mut rest = entries.into_iter().filter(start);
        let page: Vec<T> = rest.by_ref().take(self.size).collect();
        let next = match (rest.next(), page.last()) {
            (Some(_), Some(last)) => Some(self.token(call, &key(last))),
            _ => None,
        };
        (page, next)
    }

    /// The token of the page behind `last`.
    pub(crate) fn token(&self, call: &Call<'_>, last: &str) -> String {
        let code = call.service.master.authenticate(&authenticated(&self.scope, last));
        URL_SAFE_NO_PAD.encode([code.as_ref(), last.as_bytes()].concat())
    }
}

fn asked(input: &Value) -> Option<usize> {
    input.get("maxResults")?.as_u64().and_then(|own| usize::try_from(own).ok())
}

fn open(call: &Call<'_>, scope: &[u8], token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (code, last) = bytes.split_at_checked(CODE)?;
    let last = str::from_utf8(last).ok()?;
    let is_own = call.service.master.is_authentic(&authenticated(scope, last), code);
    is_own.then(|| last.to_owned())
}

fn authenticated(scope: &[u8], last: &str) -> Vec<u8> {
    [scope, last.as_bytes()].concat()
}

fn scope(call: &Call<'_>, operation: &str, input: &Value) -> [u8; 32] {
    let mut list = input.clone();
    if let Value::Object(members) = &mut list {
        members.shift_remove("nextToken");
        members.shift_remove("maxResults");
    }
    let text = format!("{}\0{operation}\0{list}", call.key.account);
    let mut scope = [0; 32];
    scope.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    scope
}
