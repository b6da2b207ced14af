//! What decides about access to a KMS key.

use std::collections::BTreeMap;

use ringfence_policy::location::Position;

use super::PolicySource;

/// A key: `kmsKey` of AWS's `Configuration`, and the attributes that go with it.
#[derive(Clone, Debug, Default)]
pub struct KmsKey {
    /// The key policy, the one called `default`.
    pub key_policy: Option<PolicySource>,
    /// The grants.
    pub grants: Vec<KmsGrant>,
    /// The names of its aliases, `alias/app`.
    pub aliases: Vec<String>,
    /// Who manages the key, where the file says it.
    pub key_manager: Option<KeyManager>,
}

/// Who manages a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyManager {
    /// An AWS service.
    Aws,
    /// The account.
    Customer,
}

/// A grant: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KmsGrant {
    /// The operations it allows, by AWS's names (`Decrypt`).
    pub operations: Vec<String>,
    /// The ARN of the principal who may use it, or the name of an AWS service.
    pub grantee_principal: String,
    /// The ARN of the principal who may retire it.
    pub retiring_principal: Option<String>,
    /// What the encryption context of a request must be.
    pub constraints: Option<KmsGrantConstraints>,
    /// The account that issued it.
    pub issuing_account: String,
    /// Where the file says it.
    pub position: Position,
}

/// What the encryption context of a request under a grant must be. With both members it must meet both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KmsGrantConstraints {
    /// Exactly this.
    pub encryption_context_equals: Option<BTreeMap<String, String>>,
    /// At least this.
    pub encryption_context_subset: Option<BTreeMap<String, String>>,
}
