//! AWS's sentences for the custom policy checks. They are part of the wire format: scripts compare them.

use ringfence_policy::Statement;

/// The sentences of one check.
#[derive(Debug)]
pub struct Wording {
    /// The check passed.
    pub pass: &'static str,
    /// The check failed.
    pub fail: &'static str,
    /// Why; goes on with ` sid: X.` or ` index: N.`
    pub reason: &'static str,
}

/// Of CheckNoNewAccess.
pub const NO_NEW_ACCESS: Wording = Wording {
    pass: "The modified permissions do not grant new access compared to your existing policy.",
    fail: "The modified permissions grant new access compared to your existing policy.",
    reason: "New access in the statement with",
};

/// Of CheckAccessNotGranted.
pub const ACCESS_NOT_GRANTED: Wording = Wording {
    pass: "The policy document does not grant access to perform the listed actions or resources.",
    fail: "The policy document grants access to perform one or more of the listed actions or resources.",
    reason: "One or more of the listed actions or resources in the statement with",
};

/// Of CheckNoPublicAccess.
pub const NO_PUBLIC_ACCESS: Wording = Wording {
    pass: "The resource policy does not grant public access for the given resource type.",
    fail: "The resource policy grants public access for the given resource type.",
    reason: "Public access granted in the following statement with",
};

/// The check was not decided. Ringfence's own: AWS has no such answer.
pub const UNKNOWN: &str = "The check could not be decided, and therefore does not pass.";

impl Wording {
    /// Why a statement makes the check fail.
    #[must_use]
    pub fn reason(&self, statement: &Statement) -> String {
        match statement.sid() {
            Some(sid) => format!("{} sid: {sid}.", self.reason),
            None => format!("{} index: {}.", self.reason, statement.index),
        }
    }
}
