//! What a setting says about requests that go out.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::address::Network;
use super::client::{Client, system};

/// Limits of requests that go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundSettings {
    /// Ranges of addresses that are not the public Internet and may be reached all the same.
    #[schemars(with = "Vec<String>")]
    pub allow_addresses: Vec<Network>,
    /// Whether `http` will do.
    pub allow_plaintext: bool,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Seconds that a request may take.
    pub timeout_seconds: u64,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self {
            allow_addresses: Vec::new(),
            allow_plaintext: false,
            ca_file: None,
            timeout_seconds: 10,
        }
    }
}

/// Why requests cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The file of certificates cannot be used.
    #[error("the certificates in `{path}` cannot be used: {reason}")]
    Certificates {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// TLS cannot be set up: a fault of this program.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

impl OutboundSettings {
    /// A client with these limits.
    ///
    /// # Errors
    /// When the certificates cannot be used.
    pub(crate) fn client(&self) -> Result<Client, OpenError> {
        Ok(Client {
            allow: self.allow_addresses.clone(),
            allow_plaintext: self.allow_plaintext,
            tls: Arc::new(self.tls()?),
            timeout: Duration::from_secs(self.timeout_seconds.clamp(1, 60)),
            resolve: system(),
        })
    }

    fn tls(&self) -> Result<ClientConfig, OpenError> {
        let mut roots = RootCertStore::empty();
        // A certificate of the system that cannot be read is one fewer that is trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = &self.ca_file {
            let failed = |reason: String| OpenError::Certificates { path: path.clone(), reason };
            let own: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect)
                .map_err(|error| failed(error.to_string()))?;
            if own.is_empty() {
                return Err(failed("it holds no certificate".to_owned()));
            }
            for certificate in own {
                roots.add(certificate).map_err(|error| failed(error.to_string()))?;
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth())
    }
}
