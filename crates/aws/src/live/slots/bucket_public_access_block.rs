#![doc = include_str!("bucket_public_access_block.md")]

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use ringfence_response::slot::{Slot, Target};
use serde::Deserialize;
use serde_json::json;

use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::text::parsed;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;
use crate::s3;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::S3::Bucket"],
    is: |slot| matches!(slot, Slot::BucketPublicAccessBlock),
    list: Listing::One(Slot::BucketPublicAccessBlock),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Settings { nothing: Some(OFF), ignored: &[] },
    read_actions: &["s3:GetBucketPublicAccessBlock"],
    write_actions: &["s3:PutBucketPublicAccessBlock"],
};

/// A block that blocks nothing is as good as none.
const OFF: &str = r#"{"BlockPublicAcls":false,"BlockPublicPolicy":false,"IgnorePublicAcls":false,"RestrictPublicBuckets":false}"#;

/// A member that is not there is not switched on.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
#[derive(Default)]
struct Block {
    block_public_acls: bool,
    block_public_policy: bool,
    ignore_public_acls: bool,
    restrict_public_buckets: bool,
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = s3::client(place.config(), place.retry_partition());
    let asked = client
        .get_public_access_block()
        .bucket(after(&target.arn, "")?)
        .expected_bucket_owner(&target.account)
        .send();
    let absent = &["NoSuchPublicAccessBlockConfiguration"];
    let answer = place.call_unless("s3:GetBucketPublicAccessBlock", absent, asked).await?;
    let block = answer.and_then(|answer| answer.public_access_block_configuration);
    Ok(Held::new(block.map(|block| {
        json!({
            "BlockPublicAcls": block.block_public_acls.unwrap_or(false),
            "BlockPublicPolicy": block.block_public_policy.unwrap_or(false),
            "IgnorePublicAcls": block.ignore_public_acls.unwrap_or(false),
            "RestrictPublicBuckets": block.restrict_public_buckets.unwrap_or(false),
        })
        .to_string()
    })))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let (place, bucket) = (change.place, after(&change.target.arn, "")?);
    let client = s3::client(place.config(), place.retry_partition());
    let owner = &change.target.account;
    // Deleting the block takes the permission of putting one.
    let action = "s3:PutBucketPublicAccessBlock";
    match change.after {
        Some(text) => {
            let block: Block = parsed(text)?;
            let block = PublicAccessBlockConfiguration::builder()
                .block_public_acls(block.block_public_acls)
                .block_public_policy(block.block_public_policy)
                .ignore_public_acls(block.ignore_public_acls)
                .restrict_public_buckets(block.restrict_public_buckets)
                .build();
            let asked =
                client.put_public_access_block().bucket(bucket).expected_bucket_owner(owner);
            place.call(action, asked.public_access_block_configuration(block).send()).await?;
        }
        None => {
            let asked = client.delete_public_access_block().bucket(bucket);
            place.call(action, asked.expected_bucket_owner(owner).send()).await?;
        }
    }
    change.written()
}
