//! The account's alias.

use serde_json::json;

use crate::collection::place::{Place, client};
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const ACCOUNT_FACT: Unit = Unit {
    resource_type: None,
    reach: Reach::Account,
    actions: &["iam:ListAccountAliases"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: None,
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_iam);
    // An account has one alias or none.
    let listed = place.call("iam:ListAccountAliases", client.list_account_aliases().send()).await?;
    place.account.fact("AccountAlias", json!(listed.account_aliases.into_iter().next()));
    Ok(())
}
