//! Approval links: what a mail has, and what is kept of it.
//!
//! A link is a token: the resolution, the approver, the plan's hash, an end and a secret, authenticated with the
//! service's key. The store has the digest of the secret and whether it was used; so a link cannot be made by whoever
//! reads the store, nor be used twice or for another plan.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ringfence_response::workflow::resolution::Resolution;
use ringfence_store::approval_links::ApprovalLink;
use serde::{Deserialize, Serialize};

use crate::keys::MasterKey;

/// The path of the page that a link opens.
pub(crate) const PATH: &str = "/ringfence/approval";
/// What the code of a token is bound to, so that no other token of the service is one.
const USE: &str = "ringfence approval link";
/// How many wrong keys may come with a link.
pub(crate) const FAILURES: u32 = 5;

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    /// The resolution.
    #[serde(rename = "r")]
    pub(crate) resolution: String,
    /// Who it was sent to.
    #[serde(rename = "a")]
    pub(crate) approver: String,
    /// The hash of the plan.
    #[serde(rename = "p")]
    pub(crate) plan_hash: String,
    /// From when on it is not accepted, in seconds since 1970.
    #[serde(rename = "e")]
    pub(crate) end: i64,
    #[serde(rename = "s")]
    secret: String,
}

/// Why a link is not accepted, as the page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkProblem {
    /// It was not made here, or was changed.
    #[error("This link was not made by this service, or was changed on the way.")]
    Forged,
    /// It is too old.
    #[error("This link is too old; `ringfence resolution list` shows what still waits.")]
    Expired,
}

/// Something that nobody can guess.
pub(crate) fn secret() -> Option<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

impl Token {
    /// A link for the plan that a resolution has.
    pub(crate) fn new(resolution: &Resolution, approver: &str, secret: &str) -> Self {
        Self {
            resolution: resolution.id.clone(),
            approver: approver.to_owned(),
            plan_hash: resolution.plan_hash.clone(),
            end: resolution.expires_at.as_second(),
            secret: secret.to_owned(),
        }
    }

    /// The text of a link.
    pub(crate) fn sign(&self, master: &MasterKey) -> String {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let code = master.authenticate(bound(&body).as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(code))
    }

    /// What the text of a link says.
    pub(crate) fn read(
        text: &str,
        master: &MasterKey,
        now: Timestamp,
    ) -> Result<Self, LinkProblem> {
        let (body, code) = text.split_once('.').ok_or(LinkProblem::Forged)?;
        let code = URL_SAFE_NO_PAD.decode(code).map_err(|_| LinkProblem::Forged)?;
        if !master.is_authentic(bound(body).as_bytes(), &code) {
            return Err(LinkProblem::Forged);
        }
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| LinkProblem::Forged)?;
        let token: Self = serde_json::from_slice(&body).map_err(|_| LinkProblem::Forged)?;
        match now.as_second() < token.end {
            true => Ok(token),
            false => Err(LinkProblem::Expired),
        }
    }

    /// What the store knows it by.
    pub(crate) fn digest(&self) -> String {
        let bytes = digest(&SHA256, self.secret.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What is kept of it.
    pub(crate) fn kept(&self) -> ApprovalLink {
        ApprovalLink {
            digest: self.digest(),
            resolution: self.resolution.clone(),
            approver: self.approver.clone(),
            plan_hash: self.plan_hash.clone(),
            expires_at: Timestamp::from_second(self.end).unwrap_or(Timestamp::MAX),
            failures: 0,
            used_at: None,
        }
    }
}

fn bound(body: &str) -> String {
    format!("{USE}\n{body}")
}
