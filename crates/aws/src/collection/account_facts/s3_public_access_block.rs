//! S3 Block Public Access of the account.

use serde_json::Value;

use crate::collection::place::Place;
use crate::collection::s3::{control, four_members};
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const ACCOUNT_FACT: Unit = Unit {
    resource_type: None,
    reach: Reach::Account,
    actions: &["s3:GetAccountPublicAccessBlock"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: None,
};

async fn collect(place: Place) -> Result<(), Failure> {
    let asked = control(&place).get_public_access_block().account_id(&place.account.id).send();
    let block = match place.call("s3:GetAccountPublicAccessBlock", asked).await {
        Ok(answer) => answer.public_access_block_configuration.as_ref().map(four_members),
        Err(failure) if failure.code == "NoSuchPublicAccessBlockConfiguration" => None,
        Err(failure) => return Err(failure),
    };
    // `null` says that there is none; absence would say that it was not read.
    place.account.fact("S3PublicAccessBlock", block.unwrap_or(Value::Null));
    Ok(())
}
