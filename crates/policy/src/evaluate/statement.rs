//! A statement matches a request when all its elements do.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use super::elements::match_request;
use super::facts::{Boundary, Facts};
use crate::document::Statement;
use crate::request::RequestContext;

/// Whether a statement is about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Match {
    /// Every element matches: the statement's effect counts.
    Matches,
    /// Some element does not: the statement says nothing about the request.
    DoesNotMatch,
}

/// Whether `statement` is about `request`, whatever its effect.
///
/// A Principal element must match the caller; a statement without one is about every caller, since its
/// policy is attached to whom it is about. No permissions boundary is taken to be attached to the caller.
pub fn statement_matches(statement: &Statement, request: &RequestContext) -> Match {
    match match_request(statement, &Facts::new(request, Boundary::None)) {
        true => Match::Matches,
        false => Match::DoesNotMatch,
    }
}
