//! A question about policies as a value: what is asked can be answered, exported as SMT-LIB, or proved
//! by a certificate, and each of these works from the same words.

use ringfence_policy::PolicyDocument;

use crate::questions::{
    Access, Answer, RequestBox, ZoneOfTrust, anything_allowed, check_access_not_granted,
    check_no_access_from_outside, check_no_new_access, check_no_public_access,
};

/// Whether a request of some kind exists. Every question is asked so that a request answers it with
/// `Fails` and the lack of one with `Holds`.
#[derive(Clone, Debug)]
pub enum Question<'p> {
    /// Is every request that `new` allows one that `existing` allows too?
    NoNewAccess {
        /// What is allowed now.
        existing: &'p PolicyDocument,
        /// What is to be allowed.
        new: &'p PolicyDocument,
    },
    /// Is none of the listed access allowed?
    AccessNotGranted {
        /// The policy that is checked.
        policy: &'p PolicyDocument,
        /// Each of these must not be allowed.
        accesses: &'p [Access],
    },
    /// Does nobody anonymous or unknown get in?
    NoPublicAccess {
        /// The policy that is checked.
        policy: &'p PolicyDocument,
    },
    /// Does nobody outside a zone of trust get in?
    NoAccessFromOutside {
        /// The policy that is checked.
        policy: &'p PolicyDocument,
        /// Who is trusted.
        zone: &'p ZoneOfTrust,
    },
    /// Is nothing in a set of requests allowed by every layer?
    AnythingAllowed {
        /// Each layer is a list of documents read together.
        layers: &'p [Vec<&'p PolicyDocument>],
        /// The requests that count.
        within: &'p RequestBox<'p>,
    },
}

impl Question<'_> {
    /// The engine's answer.
    pub fn ask(&self) -> Answer {
        match self {
            Self::NoNewAccess { existing, new } => check_no_new_access(existing, new),
            Self::AccessNotGranted { policy, accesses } => {
                check_access_not_granted(policy, accesses)
            }
            Self::NoPublicAccess { policy } => check_no_public_access(policy),
            Self::NoAccessFromOutside { policy, zone } => {
                check_no_access_from_outside(policy, zone)
            }
            Self::AnythingAllowed { layers, within } => anything_allowed(layers, within),
        }
    }
}
