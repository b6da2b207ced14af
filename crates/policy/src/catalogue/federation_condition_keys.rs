//! The condition keys that STS makes of a web identity token, `PROVIDER:CLAIM`. AWS's data has those of a few providers
//! only; any OpenID Connect provider that an account trusts has the claims of this table, which is written by hand
//! from <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>.

use super::condition_key::ConditionValueType::String;
use super::condition_key::{ConditionKey, Values};

const CLAIMS: &[(&str, ConditionKey)] = &[
    // How the user signed in. The page says that it has several values, AWS's data that it has one.
    ("amr", key("${Provider}:amr", Values::Multiple)),
    ("aud", key("${Provider}:aud", Values::Single)),
    ("email", key("${Provider}:email", Values::Single)),
    ("oaud", key("${Provider}:oaud", Values::Single)),
    ("sub", key("${Provider}:sub", Values::Single)),
];

const fn key(name: &'static str, values: Values) -> ConditionKey {
    ConditionKey { name, value_types: &[String], values }
}

/// The key of a claim: `oidc.eks.eu-west-1.amazonaws.com/id/0123:sub`.
pub(super) fn find(wanted: &str) -> Option<ConditionKey> {
    let (provider, claim) = wanted.rsplit_once(':')?;
    let (_, key) = CLAIMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(claim))?;
    is_provider(provider).then_some(*key)
}

/// Whether this can be the address, without `https://`, of an OpenID Connect provider. No service prefix can.
pub(super) fn is_provider(address: &str) -> bool {
    let host = address.split('/').next().unwrap_or_default();
    let parts = || host.split('.');
    let label = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    parts().count() > 1 && parts().all(label)
}
