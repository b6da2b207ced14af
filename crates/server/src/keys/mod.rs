//! Access keys: who may call, for which account, with which policy.
//!
//! A key is what `ringfence keys create` prints: an id and a secret that AWS's clients take. It carries one account
//! and an IAM policy; what the policy does not allow is denied. Keys are kept in the store, their secrets encrypted.

mod import;
mod known;
mod private_file;
mod seal;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use ringfence_policy::AccountId;
use ringfence_store::StoreError;

pub use import::import;
pub(crate) use known::{KnownKey, KnownKeys};
pub use ringfence_store::access_key::AccessKey;
pub use seal::{MasterKey, SealError};

/// A key that was just made; the only moment at which its secret can be read.
pub struct NewKey {
    /// What is kept.
    pub key: AccessKey,
    /// What the client needs. It is not kept in this form.
    pub secret: String,
}

/// Why a key could not be made, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file of keys cannot be used.
    #[error("the key file `{path}` cannot be used")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file of keys holds something else.
    #[error("the key file `{path}` has another form: {reason}")]
    Form {
        /// Which file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// A secret cannot be encrypted or decrypted.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The keys could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The policy cannot be used.
    #[error("the policy of the key is not valid: {0}")]
    Policy(String),
    /// The name cannot be part of an ARN.
    #[error("`{0}` is no name of a key: up to 64 letters, digits and `+=,.@_-` are")]
    Name(String),
}

/// Makes a key; it is not kept yet.
///
/// # Errors
/// When the policy is not valid, the name cannot be used, or the system gives no random numbers.
pub fn create(
    name: &str,
    account: &AccountId,
    policy: &str,
    master: &MasterKey,
    now: Timestamp,
) -> Result<NewKey, KeyError> {
    check_name(name)?;
    check_policy(policy)?;
    let id = format!("RFK{}", random_text(17, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")?);
    let secret =
        random_text(40, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")?;
    let sealed_secret = master.seal(&secret, &binding(&id, account.as_str()))?;
    let key = AccessKey {
        id,
        name: name.to_owned(),
        account: account.to_string(),
        policy: policy.to_owned(),
        sealed_secret,
        created_at: now,
        ends_at: None,
    };
    Ok(NewKey { key, secret })
}

/// The secret of a key.
///
/// # Errors
/// When it was encrypted under another key, or for another id or account.
pub fn secret(key: &AccessKey, master: &MasterKey) -> Result<String, SealError> {
    master.open(&key.sealed_secret, &binding(&key.id, &key.account))
}

/// What a secret is bound to, so that it cannot be moved to another record.
fn binding(id: &str, account: &str) -> String {
    format!("ringfence access key {id} of {account}")
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    match !name.is_empty() && name.len() <= 64 && name.bytes().all(is_allowed) {
        true => Ok(()),
        false => Err(KeyError::Name(name.to_owned())),
    }
}

fn check_policy(text: &str) -> Result<(), KeyError> {
    match ringfence_policy::parse_policy(text).sound() {
        Ok(_) => Ok(()),
        Err(problems) => {
            let told: Vec<String> =
                problems.into_iter().map(|own| own.message.to_string()).collect();
            Err(KeyError::Policy(told.join("; ")))
        }
    }
}

/// Letters of an alphabet whose size divides 256, each as likely as the others.
fn random_text(length: usize, alphabet: &[u8]) -> Result<String, SealError> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::Random)?;
    let letter = |byte: &u8| alphabet.get(usize::from(*byte) % alphabet.len()).copied();
    Ok(bytes.iter().filter_map(letter).map(char::from).collect())
}
