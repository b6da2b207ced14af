//! The head of the record, signed: what is kept outside so that nobody can shorten or rewrite the record unseen.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{canonical, hexadecimal};

/// The last entry of the record at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The position of the last entry; 0 where there is none.
    pub position: u64,
    /// Its hash.
    pub hash: String,
    /// When that was so, as entries have times.
    pub at: String,
}

/// A head and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedHead {
    /// The head.
    pub head: Head,
    /// The public key of Ed25519, in hexadecimal digits.
    pub public_key: String,
    /// The signature over [`SignedHead::message`], in hexadecimal digits.
    pub signature: String,
}

/// What is wrong with a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// It is not a head as it is written.
    #[error("this is no signed head in its canonical form")]
    Form,
    /// Another key signed it.
    #[error("it was signed by another key")]
    OtherKey,
    /// The key did not sign this.
    #[error("the signature is not that of this head")]
    Signature,
}

impl SignedHead {
    /// Signs `head`.
    #[must_use]
    pub fn new(head: Head, key: &Ed25519KeyPair) -> Self {
        let signature = key.sign(Self::message(&head).as_bytes());
        Self {
            public_key: hexadecimal(key.public_key().as_ref()),
            signature: hexadecimal(signature.as_ref()),
            head,
        }
    }

    /// The text that is signed: `ringfence record head` and a line feed, then the head in its canonical form.
    #[must_use]
    pub fn message(head: &Head) -> String {
        let Head { position, hash, at } = head;
        let head = canonical(&json!({ "position": position, "hash": hash, "at": at }));
        format!("ringfence record head\n{head}")
    }

    /// The text that is kept outside: one line in canonical form.
    #[must_use]
    pub fn anchor_text(&self) -> String {
        let Head { position, hash, at } = &self.head;
        canonical(&json!({
            "head": { "position": position, "hash": hash, "at": at },
            "publicKey": self.public_key,
            "signature": self.signature,
        }))
    }

    /// Reads an anchor and checks its signature: by `public_key` in hexadecimal digits where one is given, else by the
    /// key that the anchor names, which shows no more than that the anchor is whole.
    ///
    /// # Errors
    /// When it is not in its form, or not signed by that key.
    pub fn read(text: &str, public_key: Option<&str>) -> Result<Self, HeadError> {
        let own: Self = serde_json::from_str(text).map_err(|_| HeadError::Form)?;
        if own.anchor_text() != text {
            return Err(HeadError::Form);
        }
        if public_key.is_some_and(|key| key != own.public_key) {
            return Err(HeadError::OtherKey);
        }
        let key = bytes(&own.public_key).ok_or(HeadError::Form)?;
        let signature = bytes(&own.signature).ok_or(HeadError::Form)?;
        UnparsedPublicKey::new(&ED25519, key)
            .verify(Self::message(&own.head).as_bytes(), &signature)
            .map_err(|_| HeadError::Signature)?;
        Ok(own)
    }
}

/// The bytes that small hexadecimal digits stand for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect()
}
