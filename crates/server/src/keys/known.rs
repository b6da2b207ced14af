//! Keys as requests need them: with their secret decrypted and their policy parsed.
//!
//! The store is asked at every request, so a key that was revoked, by whatever process, is refused at the next one. Only what
//! follows from the stored text is remembered, for as long as that text is the same.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_store::Store;

use super::{AccessKey, KeyError, MasterKey, SealError};

/// A key with what is made of it.
pub(crate) struct KnownKey {
    key: AccessKey,
    secret: String,
    /// Nothing where it is not sound; then it allows nothing.
    policy: Option<Arc<PolicyDocument>>,
}

impl KnownKey {
    /// Decrypts and parses.
    ///
    /// # Errors
    /// When the secret was encrypted under another key.
    pub(crate) fn new(key: AccessKey, master: &MasterKey) -> Result<Self, SealError> {
        let secret = super::secret(&key, master)?;
        let policy = parse_policy(&key.policy).sound().ok().map(Arc::new);
        Ok(Self { key, secret, policy })
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    pub(crate) fn policy(&self) -> Option<&Arc<PolicyDocument>> {
        self.policy.as_ref()
    }
}

impl Deref for KnownKey {
    type Target = AccessKey;

    fn deref(&self) -> &AccessKey {
        &self.key
    }
}

/// What is remembered of keys, by id: the stored text and the key.
#[derive(Default)]
pub(crate) struct KnownKeys {
    remembered: RwLock<BTreeMap<String, (String, Arc<KnownKey>)>>,
}

impl KnownKeys {
    /// The key with this id as it is stored now.
    ///
    /// # Errors
    /// When the store cannot be read, or the secret not decrypted.
    pub(crate) async fn find(
        &self,
        id: &str,
        store: &Store,
        master: &MasterKey,
    ) -> Result<Option<Arc<KnownKey>>, KeyError> {
        let Some(text) = store.key_text(id).await? else {
            return Ok(None);
        };
        {
            let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, key)) = remembered.get(id).filter(|(own, _)| *own == text) {
                return Ok(Some(Arc::clone(key)));
            }
        }
        let key = Arc::new(KnownKey::new(AccessKey::read(&text)?, master)?);
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        remembered.insert(id.to_owned(), (text, Arc::clone(&key)));
        Ok(Some(key))
    }
}
