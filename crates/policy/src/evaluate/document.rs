//! What one document alone says.

use super::elements::match_request;
use super::facts::{Boundary, Facts};
use crate::document::{Effect, PolicyDocument, Statement};
use crate::request::RequestContext;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Decision {
    /// Allowed, and nothing denies it.
    Allowed,
    /// Nothing denies it, and not all that has to allow it does.
    ImplicitlyDenied,
    /// A Deny statement matches; no Allow can undo that.
    ExplicitlyDenied,
}

impl Decision {
    /// `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::ImplicitlyDenied => "ImplicitlyDenied",
            Self::ExplicitlyDenied => "ExplicitlyDenied",
        }
    }
}

/// What `document` says of `request` when nothing else is looked at: an explicit deny goes before an
/// allow, and without either the request is denied.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html>
///
/// Principal elements are read as [`super::statement_matches`] reads them, so this works for policies of
/// every type. Accounts and other policies play no part: see [`super::decide()`].
pub fn document_decision(document: &PolicyDocument, request: &RequestContext) -> Decision {
    let facts = Facts::new(request, Boundary::None);
    let matching = || matching(document, &facts);
    if matching().any(|statement| statement.effect.value == Effect::Deny) {
        Decision::ExplicitlyDenied
    } else if matching().any(|statement| statement.effect.value == Effect::Allow) {
        Decision::Allowed
    } else {
        Decision::ImplicitlyDenied
    }
}

/// The statements that are about the request, in their order.
pub(super) fn matching<'p>(
    document: &'p PolicyDocument,
    facts: &Facts<'_>,
) -> impl Iterator<Item = &'p Statement> {
    document.statements.iter().filter(|statement| match_request(statement, facts))
}
