#![doc = include_str!("bucket_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;
use crate::s3;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::S3::Bucket"],
    is: |slot| matches!(slot, Slot::BucketPolicy),
    list: Listing::One(Slot::BucketPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["s3:GetBucketPolicy"],
    write_actions: &["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = s3::client(place.config(), place.retry_partition());
    let asked = client
        .get_bucket_policy()
        .bucket(after(&target.arn, "")?)
        .expected_bucket_owner(&target.account)
        .send();
    let absent = &["NoSuchBucketPolicy"];
    let answer = place.call_unless("s3:GetBucketPolicy", absent, asked).await?;
    Ok(Held::new(answer.and_then(|answer| answer.policy)))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let (place, bucket) = (change.place, after(&change.target.arn, "")?);
    let client = s3::client(place.config(), place.retry_partition());
    let owner = &change.target.account;
    match change.after {
        Some(policy) => {
            let asked = client.put_bucket_policy().bucket(bucket).expected_bucket_owner(owner);
            place.call("s3:PutBucketPolicy", asked.policy(policy).send()).await?;
        }
        None => {
            let asked = client.delete_bucket_policy().bucket(bucket).expected_bucket_owner(owner);
            place.call("s3:DeleteBucketPolicy", asked.send()).await?;
        }
    }
    change.written()
}
