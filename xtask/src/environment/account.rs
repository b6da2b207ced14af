//! `account.json`.

use serde_json::{Map, Value, json};

use super::organization::World;
use super::random::Random;
use super::resource::REGIONS;

pub(super) fn file(random: &mut Random, world: &World, account: usize) -> Value {
    let id = world.account_id(account);
    let canonical_user = world.accounts.get(account).map(|account| &account.canonical_user);
    let blocked = random.permille(600);
    let block = json!({
        "BlockPublicAcls": true, "IgnorePublicAcls": true,
        "BlockPublicPolicy": blocked, "RestrictPublicBuckets": blocked,
    });
    let states: Map<String, Value> = REGIONS
        .iter()
        .map(|region| {
            let state = *random.pick(&["unblocked", "block-new-sharing", "block-all-sharing"]);
            ((*region).to_owned(), state.into())
        })
        .collect();
    json!({
        "AccountId": id,
        "AccountAlias": format!("account-{account}"),
        "CanonicalUserId": canonical_user,
        "Regions": REGIONS,
        "S3PublicAccessBlock": if random.permille(700) { block } else { Value::Null },
        "EbsSnapshotBlockPublicAccess": states,
        "SAMLProviderList": [{
            "Arn": super::statement::saml_provider(id),
            "ValidUntil": "2123-03-01T09:12:44Z", "CreateDate": "2024-03-01T09:12:44Z",
        }],
        "OpenIDConnectProviderList": [{
            "Arn": super::statement::github_provider(id),
            "Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"],
        }],
    })
}
