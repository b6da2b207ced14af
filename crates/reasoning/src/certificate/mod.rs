//! Certificates: evidence for `Holds` that can be checked without the engine.
//!
//! `Holds` says that no request does something. A certificate names the claim, policies included, and
//! lists lemmas: sets of statement elements about one part of a request (its action, its resource, its
//! caller, one context key), each with whether the request meets it, that cannot be so together. The
//! claim follows from the lemmas by propositional logic alone. [`verify()`] decides each lemma anew and
//! does the propositional part; it uses the model of policies and no part of the engine. [`certify()`]
//! makes certificates. `docs/schemas/certificate.schema.json` describes the form.

mod certify;
mod claim;
mod read;
mod verify;
mod write;

use std::fmt;

use ringfence_policy::ConditionOperator;

pub use certify::{NotCertified, certify};
pub use claim::Claim;
pub use read::Unreadable;
pub use verify::{Fault, Refused, Verified, verify};

/// The version of the form that is written, and the only one that is read.
pub const VERSION: u32 = 1;

/// Evidence for a claim.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// What is claimed.
    pub claim: Claim,
    /// What it follows from.
    pub lemmas: Vec<Lemma>,
}

/// Elements that no request meets, or fails to meet, in this way all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lemma {
    /// The elements.
    pub impossible: Vec<Said>,
}

/// An element, and whether it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The element.
    pub reference: Reference,
    /// Whether the request meets it.
    pub met: bool,
}

/// A part of a claim that a request can meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// An element of a statement.
    Statement {
        /// The document's place among [`Claim::documents`].
        document: usize,
        /// The statement's place in the document, from 0.
        statement: usize,
        /// The element.
        element: Element,
    },
    /// The actions or the resources of an access that must not be granted.
    Access {
        /// The access's place in the claim, from 0.
        access: usize,
        /// [`Element::Action`] or [`Element::Resource`].
        element: Element,
    },
    /// Something about the request that no element says.
    Fact(Fact),
}

/// Something about a request that the claim is about, or that follows from how AWS makes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The caller is outside the zone of trust.
    Outside,
    /// The caller is somebody whom no Principal element names.
    Unnamed,
    /// The action is one of AWS KMS.
    CallsKms,
    /// The caller belongs to an account.
    IsOfAccount,
    /// The request has the key `kms:CallerAccount`.
    ShowsKmsAccount,
}

impl Fact {
    /// All facts.
    pub const ALL: [Self; 5] =
        [Self::Outside, Self::Unnamed, Self::CallsKms, Self::IsOfAccount, Self::ShowsKmsAccount];

    /// The name by which lemmas speak of it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "caller-is-outside",
            Self::Unnamed => "caller-is-unnamed",
            Self::CallsKms => "calls-kms",
            Self::IsOfAccount => "caller-is-of-account",
            Self::ShowsKmsAccount => "shows-kms-caller-account",
        }
    }
}

/// An element of a statement. `Not…` elements go by the same name: met means that the request is as the
/// statement asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Action or NotAction.
    Action,
    /// Resource or NotResource.
    Resource,
    /// Principal or NotPrincipal.
    Principal,
    /// One operator and key of the Condition.
    Condition {
        /// The operator.
        operator: ConditionOperator,
        /// The key, as it is written: a statement may name a key twice, spelled in different case.
        key: String,
    },
    /// Met when the key has none of the values of this condition that say who may come in; asked where
    /// the claim is about untrusted requests.
    FixedValues {
        /// The condition's operator.
        operator: ConditionOperator,
        /// The key, as it is written: a statement may name a key twice, spelled in different case.
        key: String,
    },
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Statement { document, statement, element } => {
                write!(formatter, "{element} of statement {statement} of document {document}")
            }
            Self::Access { access, element } => write!(formatter, "{element} of access {access}"),
            Self::Fact(fact) => write!(formatter, "the fact `{}`", fact.as_str()),
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => formatter.write_str("Action"),
            Self::Resource => formatter.write_str("Resource"),
            Self::Principal => formatter.write_str("Principal"),
            Self::Condition { operator, key } => {
                write!(formatter, "Condition `{operator}` `{key}`")
            }
            Self::FixedValues { operator, key } => {
                write!(formatter, "the fixed values of Condition `{operator}` `{key}`")
            }
        }
    }
}
