//! Whether a request was signed by somebody who has a key: AWS Signature Version 4, in headers or in the query.
//!
//! The request is signed again with `aws-sigv4`, over the headers that the client says it signed, and the two
//! signatures are compared in constant time. Refused are: clocks that differ by more than fifteen minutes, other
//! Regions and services, requests that do not sign `host` and every `x-amz-*` header, bodies that are not signed or
//! signed in chunks, and session tokens, which Ringfence does not issue. A signature is never logged.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod claim;
mod verify;

#[cfg(test)]
mod tests;

pub(crate) use claim::Claim;
pub(crate) use verify::{Expected, SignedRequest, verify};

/// Why a signature is not accepted. No variant tells which part of a signature differs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureError {
    /// The request is not signed.
    #[error("the request is not signed")]
    Missing,
    /// The request says how it is signed in a way that cannot be read.
    #[error("the signature cannot be read: {0}")]
    Malformed(String),
    /// The request is signed in a way that is not accepted.
    #[error("{0}")]
    Refused(String),
    /// The moment of signing is not now.
    #[error(
        "the request was signed at {signed_at}, which is too far from the time of the server, {now}"
    )]
    Time {
        /// When the client says that it signed.
        signed_at: jiff::Timestamp,
        /// The server's time.
        now: jiff::Timestamp,
    },
    /// No usable key has the id.
    #[error("the access key is not known, or not usable any more")]
    UnknownKey,
    /// The signature is not the one that the key gives.
    #[error(
        "the signature does not match the request; check the secret key and the way of signing"
    )]
    Mismatch,
}
