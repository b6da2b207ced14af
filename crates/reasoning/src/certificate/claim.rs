//! What a certificate proves: a question with its policies, answered by `Holds`.

use ringfence_policy::PolicyDocument;

use crate::questions::{Access, ZoneOfTrust};

/// A claim about policies: that no request of some kind exists.
#[derive(Clone, Debug)]
pub enum Claim {
    /// Every request that `new` allows is one that `existing` allows.
    NoNewAccess {
        /// What is allowed now.
        existing: PolicyDocument,
        /// What is to be allowed.
        new: PolicyDocument,
    },
    /// The policy allows none of the access.
    AccessNotGranted {
        /// The policy.
        policy: PolicyDocument,
        /// What must not be allowed.
        accesses: Vec<Access>,
    },
    /// The policy lets in nobody whom no fixed value of it describes.
    NoPublicAccess {
        /// The policy.
        policy: PolicyDocument,
    },
    /// The policy lets in nobody from outside the zone of trust.
    NoAccessFromOutside {
        /// The policy.
        policy: PolicyDocument,
        /// Who is trusted.
        zone: ZoneOfTrust,
    },
    /// Every layer allows nothing of what is asked for at once.
    NothingAllowed {
        /// Each layer is a list of documents read together.
        layers: Vec<Vec<PolicyDocument>>,
        /// Only requests that match each of these statements, whose effect does not count.
        matching: PolicyDocument,
        /// Only callers outside this zone.
        outside: Option<ZoneOfTrust>,
        /// Only requests of somebody untrusted.
        untrusted: bool,
    },
}

impl Claim {
    /// The policies with the names by which lemmas speak of them.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, &PolicyDocument)> {
        let named = |name: &str, document| (name.to_owned(), document);
        match self {
            Self::NoNewAccess { existing, new } => {
                vec![named("existing", existing), named("new", new)]
            }
            Self::AccessNotGranted { policy, .. }
            | Self::NoPublicAccess { policy }
            | Self::NoAccessFromOutside { policy, .. } => vec![named("policy", policy)],
            Self::NothingAllowed { layers, matching, .. } => {
                let layers = layers.iter().enumerate();
                let own = layers.flat_map(|(layer, documents)| {
                    let documents = documents.iter().enumerate();
                    documents.map(move |(at, own)| (format!("layers[{layer}][{at}]"), own))
                });
                own.chain([named("matching", matching)]).collect()
            }
        }
    }
}
