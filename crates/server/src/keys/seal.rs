//! Encryption of secrets at rest: AES-256-GCM, a fresh nonce each, bound to what the secret belongs to.

use std::fs;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// The bytes of a master key.
const LENGTH: usize = 32;

/// What secrets are encrypted under, and what tokens are authenticated with.
pub struct MasterKey {
    encryption: LessSafeKey,
    tokens: hmac::Key,
}

/// Why a secret cannot be encrypted or decrypted.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The master key is not 32 bytes in Base64.
    #[error("an encryption key is 32 bytes in Base64; `openssl rand -base64 32` makes one")]
    MasterKey,
    /// The file of the master key cannot be used.
    #[error("the encryption key `{path}` cannot be used")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
    /// The secret was not encrypted under this key for this use.
    #[error("a secret cannot be decrypted: it was encrypted under another key, or changed")]
    Open,
}

impl MasterKey {
    /// Reads a key from 32 bytes in Base64.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| SealError::MasterKey)?;
        if bytes.len() != LENGTH {
            return Err(SealError::MasterKey);
        }
        let unbound = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| SealError::MasterKey)?;
        // A key of its own for each use, derived from the one that is given.
        let derivation = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        let tokens = hmac::sign(&derivation, b"ringfence pagination tokens");
        Ok(Self {
            encryption: LessSafeKey::new(unbound),
            tokens: hmac::Key::new(hmac::HMAC_SHA256, tokens.as_ref()),
        })
    }

    /// Reads the key in a file, which is made, readable for its owner only, where it does not exist.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds something else.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        let failed = |source| SealError::File { path: path.display().to_string(), source };
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; LENGTH];
                SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::Random)?;
                let text = STANDARD.encode(bytes);
                let mut file = super::private_file::create(path).map_err(failed)?;
                writeln!(file, "{text}").map_err(failed)?;
                Self::parse(&text)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Encrypts `secret`; only [`MasterKey::open`] with the same `binding` reads it.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn seal(&self, secret: &str, binding: &str) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealError::Random)?;
        let mut bytes = secret.as_bytes().to_vec();
        self.encryption
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(binding.as_bytes()),
                &mut bytes,
            )
            .map_err(|_| SealError::Random)?;
        Ok(STANDARD.encode([nonce.as_slice(), &bytes].concat()))
    }

    /// Decrypts what [`MasterKey::seal`] gave.
    ///
    /// # Errors
    /// When it was made under another key or for another use, or changed.
    pub fn open(&self, sealed: &str, binding: &str) -> Result<String, SealError> {
        let bytes = STANDARD.decode(sealed).map_err(|_| SealError::Open)?;
        let (nonce, encrypted) = bytes.split_at_checked(NONCE_LEN).ok_or(SealError::Open)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Open)?;
        let mut encrypted = encrypted.to_vec();
        let aad = Aad::from(binding.as_bytes());
        let opened = self.encryption.open_in_place(nonce, aad, &mut encrypted);
        let opened = opened.map_err(|_| SealError::Open)?;
        String::from_utf8(opened.to_vec()).map_err(|_| SealError::Open)
    }

    /// The authentication code of a token.
    pub(crate) fn authenticate(&self, token: &[u8]) -> hmac::Tag {
        hmac::sign(&self.tokens, token)
    }

    /// Whether a code is that of a token; compared in constant time.
    pub(crate) fn is_authentic(&self, token: &[u8], code: &[u8]) -> bool {
        hmac::verify(&self.tokens, token, code).is_ok()
    }
}
