//! Why a slot was not written, told apart by what its reader does about it.

use crate::failure::{Cause, Failure};

/// Why a slot was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteFailure {
    /// The slot does not hold what was expected: whoever decided has to decide again.
    #[error("it was changed in the meantime")]
    Changed {
        /// What it holds.
        now: Option<String>,
    },
    /// The remediation role, or a policy above it, does not allow the call.
    #[error("`{action}` is not allowed: {detail}")]
    Refused {
        /// What a policy would have to allow.
        action: String,
        /// What the service said.
        detail: String,
    },
    /// The new value does not fit the service's quota.
    #[error("it is larger than the service allows: {detail}")]
    TooLarge {
        /// What the service said.
        detail: String,
    },
    /// The service does not take the new value.
    #[error("the service does not take it: {detail}")]
    Malformed {
        /// What the service said.
        detail: String,
    },
    /// Everything else. Whether something was written is not known.
    #[error("{0}")]
    Failed(#[source] Failure),
}

/// What services say of a document that is too large. IAM's quotas are limits of characters, which a role's trust
/// policy hits.
const TOO_LARGE: &[&str] = &[
    "EntityTooLarge",
    "LimitExceeded",
    "LimitExceededException",
    "PackedPolicyTooLarge",
    "PolicyLengthExceededException",
    "PolicySizeExceeded",
    "PolicyTooLarge",
    "PolicyTooLargeException",
];

/// What services say of a value that they do not take.
const MALFORMED: &[&str] = &[
    "InvalidArnException",
    "InvalidAttributeValue",
    "InvalidGrantException",
    "InvalidInput",
    "InvalidParameter",
    "InvalidParameterException",
    "InvalidParameterValue",
    "InvalidParameterValueException",
    "InvalidPolicy",
    "InvalidPolicyDocument",
    "InvalidPolicyException",
    "MalformedACLError",
    "MalformedPolicy",
    "MalformedPolicyDocument",
    "MalformedPolicyDocumentException",
    "MalformedXML",
    "ValidationError",
    "ValidationException",
];

/// What services say where the slot is in another state than the caller said.
const CHANGED: &[&str] = &["PolicyNotFoundException", "PreconditionFailedException"];

impl WriteFailure {
    /// Whether the service says that the slot is in another state than the caller said.
    pub(super) fn is_conflict(failure: &Failure) -> bool {
        CHANGED.contains(&failure.code.as_str())
    }
}

impl From<Failure> for WriteFailure {
    fn from(failure: Failure) -> Self {
        let code = failure.code.as_str();
        if failure.cause == Cause::Denied {
            return Self::Refused { action: failure.action, detail: failure.detail };
        }
        if TOO_LARGE.contains(&code) {
            return Self::TooLarge { detail: failure.detail };
        }
        if MALFORMED.contains(&code) {
            // Some services have no code of its own for it.
            let told = failure.detail.to_ascii_lowercase();
            return match told.contains("too large") || told.contains("maximum policy size") {
                true => Self::TooLarge { detail: failure.detail },
                false => Self::Malformed { detail: failure.detail },
            };
        }
        Self::Failed(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        let of = |code: &str, message: &str| {
            WriteFailure::from(Failure::of_code("iam:UpdateAssumeRolePolicy", code, message))
        };
        assert!(matches!(
            of("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"),
            WriteFailure::TooLarge { .. }
        ));
        assert!(matches!(of("MalformedPolicyDocument", "x"), WriteFailure::Malformed { .. }));
        assert!(matches!(
            of("InvalidParameterValue", "Policy is too large"),
            WriteFailure::TooLarge { .. }
        ));
        let denied = of(
            "AccessDenied",
            "User: a is not authorized to perform: iam:UpdateAssumeRolePolicy on resource: role r",
        );
        let WriteFailure::Refused { action, .. } = denied else { panic!("{denied}") };
        assert_eq!(action, "iam:UpdateAssumeRolePolicy");
        let throttled = of("Throttling", "Rate exceeded");
        let WriteFailure::Failed(failure) = throttled else { panic!("{throttled}") };
        assert_eq!(failure.cause, Cause::Throttled);
    }
}
