//! Calls that a client repeats: the same `clientToken` gives the same answer and does nothing twice.
//!
//! Answers are remembered for as long as clients retry, in memory: a call that is repeated after a restart of the
//! service is a new call.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::api::Exception;
use crate::api::exception::ExceptionKind;

/// How long answers are remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(8);

/// More calls are not remembered; the oldest go.
const MANY: usize = 100_000;

/// The calls that are remembered.
#[derive(Default)]
pub(crate) struct Idempotency {
    calls: Mutex<BTreeMap<Identity, Remembered>>,
}

type Identity = (String, &'static str, String);

struct Remembered {
    at: Timestamp,
    input: Value,
    answer: Option<Value>,
}

/// What to do with a call.
pub(crate) enum Before<'i> {
    /// Nothing: this is the answer.
    Answered(Value),
    /// Do it, and tell how it ended.
    Do(Doing<'i>),
}

/// A call that is being done. Dropped without an answer, it can be tried again.
pub(crate) struct Doing<'i> {
    calls: &'i Idempotency,
    identity: Identity,
}

impl Idempotency {
    /// Looks a call up, and marks it as being done.
    ///
    /// # Errors
    /// `ValidationException` where the token came with another input, `ThrottlingException` while the same call is
    /// being done.
    pub(crate) fn begin(
        &self,
        account: &str,
        operation: &'static str,
        token: &str,
        input: &Value,
        now: Timestamp,
    ) -> Result<Before<'_>, Exception> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() >= MANY {
            calls.retain(|_, own| now.duration_since(own.at) < KEPT);
        }
        let identity = (account.to_owned(), operation, token.to_owned());
        match calls.get(&identity).filter(|own| now.duration_since(own.at) < KEPT) {
            Some(own) if own.input != *input => {
                Err(Exception::field("clientToken", "was used for a call with other members"))
            }
            Some(Remembered { answer: Some(answer), .. }) => Ok(Before::Answered(answer.clone())),
            Some(Remembered { answer: None, .. }) => {
                let kind = ExceptionKind::Throttling { retry_after_seconds: 1 };
                Err(Exception::new(kind, "the same call is being done"))
            }
            None => {
                let own = Remembered { at: now, input: input.clone(), answer: None };
                calls.insert(identity.clone(), own);
                Ok(Before::Do(Doing { calls: self, identity }))
            }
        }
    }
}

impl Doing<'_> {
    /// Remembers the answer.
    pub(crate) fn answered(self, answer: &Value) {
        let mut calls = self.calls.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = calls.get_mut(&self.identity) {
            own.answer = Some(answer.clone());
        }
    }
}

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        let mut calls = self.calls.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.get(&self.identity).is_some_and(|own| own.answer.is_none()) {
            calls.remove(&self.identity);
        }
    }
}
