//! KMS keys.

use ringfence_access::inventory::{
    Configuration, KeyManager, KmsGrant, KmsGrantConstraints, KmsKey,
};
use ringfence_policy::json::Value;

use super::unknown;
use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, list, map, member, optional_text, required_text, text, text_list, text_map,
};

pub(super) fn key(
    part: &mut Part<'_>,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
) -> Shaped<Configuration> {
    let grants = list(value, "grants")?;
    let mut key = KmsKey {
        key_policy: None,
        grants: grants.iter().map(|g| grant(part, g)).collect::<Shaped<_>>()?,
        aliases: Vec::new(),
        key_manager: None,
    };
    if let Some(stray) = map(value, "keyPolicies")?.iter().find(|m| m.key.value != "default") {
        let message = format!(
            "a key has one policy, called `default`; there is none called `{}`",
            stray.key.value
        );
        return Err(ShapeError { span: stray.key.span, message });
    }
    if let Some(policies) = member(value, "keyPolicies") {
        key.key_policy = part.policy(policies, "default")?;
    }
    if let Some(attributes) = attributes {
        for alias in list(attributes, "Aliases")? {
            key.aliases.push(required_text(alias, "AliasName")?.to_owned());
        }
        key.key_manager = member(attributes, "KeyManager").map(key_manager).transpose()?;
    }
    Ok(Configuration::KmsKey(Box::new(key)))
}

fn key_manager(value: &Value<'_>) -> Shaped<KeyManager> {
    match text(value, "KeyManager")? {
        "AWS" => Ok(KeyManager::Aws),
        "CUSTOMER" => Ok(KeyManager::Customer),
        other => Err(unknown(value, other, "AWS or CUSTOMER")),
    }
}

fn grant(part: &Part<'_>, value: &Value<'_>) -> Shaped<KmsGrant> {
    let constraints = member(value, "constraints").map(|constraints| {
        let equals = text_map(constraints, "encryptionContextEquals")?;
        let subset = text_map(constraints, "encryptionContextSubset")?;
        Ok(KmsGrantConstraints {
            encryption_context_equals: equals,
            encryption_context_subset: subset,
        })
    });
    Ok(KmsGrant {
        operations: text_list(value, "operations")?,
        grantee_principal: required_text(value, "granteePrincipal")?.to_owned(),
        retiring_principal: optional_text(value, "retiringPrincipal")?,
        constraints: constraints.transpose()?,
        issuing_account: required_text(value, "issuingAccount")?.to_owned(),
        position: part.position(value.span),
    })
}
