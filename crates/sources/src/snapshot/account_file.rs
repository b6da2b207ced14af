//! `accounts/ID/account.json`: facts about the account as a whole.

use ringfence_access::inventory::{
    Account, EbsSnapshotBlockPublicAccess, OpenIdConnectProvider, PublicAccessBlock, SamlProvider,
};
use ringfence_policy::AccountId;
use ringfence_policy::json::{Kind, Value};

use crate::configuration::four_members;
use crate::shape::{
    ShapeError, Shaped, account_id, list, map, object_here, optional_text, required, required_text,
    text, text_list,
};

/// The account that the file describes, which is to be the one with this id.
pub(super) fn account(id: &AccountId, value: &Value<'_>) -> Shaped<Account> {
    object_here(value)?;
    let named_by = required(value, "AccountId")?;
    let named = account_id(named_by, "AccountId")?;
    if named != *id {
        let message = format!("account `{named}` stands in the folder of `{id}`");
        return Err(ShapeError::new(named_by, message));
    }
    let mut account = Account {
        alias: optional_text(value, "AccountAlias")?,
        canonical_user_id: optional_text(value, "CanonicalUserId")?,
        regions: text_list(value, "Regions")?,
        s3_public_access_block: s3_public_access_block(value)?,
        ..Account::new(named)
    };
    for region in map(value, "EbsSnapshotBlockPublicAccess")? {
        let state = ebs_state(&region.value)?;
        account.ebs_snapshot_block_public_access.insert(region.key.value.to_string(), state);
    }
    for provider in list(value, "SAMLProviderList")? {
        account
            .saml_providers
            .push(SamlProvider { arn: required_text(provider, "Arn")?.to_owned() });
    }
    for provider in list(value, "OpenIDConnectProviderList")? {
        account.open_id_connect_providers.push(OpenIdConnectProvider {
            arn: required_text(provider, "Arn")?.to_owned(),
            url: optional_text(provider, "Url")?,
            client_ids: text_list(provider, "ClientIDList")?,
        });
    }
    Ok(account)
}

/// Here, and only here, `null` says something else than absence: it was read, and there is none.
fn s3_public_access_block(value: &Value<'_>) -> Shaped<Option<PublicAccessBlock>> {
    match value.get("S3PublicAccessBlock") {
        None => Ok(None),
        Some(Value { kind: Kind::Null, .. }) => Ok(Some(PublicAccessBlock::default())),
        Some(_) => four_members(value, "S3PublicAccessBlock"),
    }
}

fn ebs_state(value: &Value<'_>) -> Shaped<EbsSnapshotBlockPublicAccess> {
    match text(value, "EbsSnapshotBlockPublicAccess")? {
        "block-all-sharing" => Ok(EbsSnapshotBlockPublicAccess::BlockAllSharing),
        "block-new-sharing" => Ok(EbsSnapshotBlockPublicAccess::BlockNewSharing),
        "unblocked" => Ok(EbsSnapshotBlockPublicAccess::Unblocked),
        other => {
            let message =
                format!("`{other}` should be block-all-sharing, block-new-sharing or unblocked");
            Err(ShapeError::new(value, message))
        }
    }
}
