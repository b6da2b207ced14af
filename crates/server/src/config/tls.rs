//! `[tls]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::Transport;

/// How connections are encrypted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those above it, as PEM.
    pub certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    pub key: Option<PathBuf>,
    /// Listen without TLS on an address that others reach.
    pub allow_plaintext: bool,
}

impl Tls {
    /// What is listened with.
    ///
    /// # Errors
    /// Where certificate and key are not given together, or plaintext is allowed beside them; a sentence.
    pub fn transport(&self) -> Result<Transport, &'static str> {
        match (&self.certificate, &self.key, self.allow_plaintext) {
            (Some(certificates), Some(key), false) => {
                Ok(Transport::Tls { certificates: certificates.clone(), key: key.clone() })
            }
            (Some(_), Some(_), true) => {
                Err("`tls.allow_plaintext` has no sense beside a certificate: leave one out")
            }
            (Some(_), None, _) | (None, Some(_), _) => {
                Err("`tls.certificate` and `tls.key` belong together: give both")
            }
            (None, None, true) => Ok(Transport::PlainAnywhere),
            (None, None, false) => Ok(Transport::Plain),
        }
    }
}
