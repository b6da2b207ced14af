#![doc = include_str!("s3express_directory_bucket.md")]

use aws_sdk_s3::Client;
use aws_sdk_s3::types::Bucket;
use serde_json::{Value, json};

use crate::collection::one::last_part;
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place};
use crate::collection::policy_text::policy;
use crate::collection::s3::{access_points, client, control};
use crate::collection::unit::{AbsentFrom, Reach, Unit};
use crate::failure::{Cause, Failure};

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::S3Express::DirectoryBucket"),
    reach: Reach::Region,
    actions: &[
        "s3express:ListAllMyDirectoryBuckets",
        "s3express:GetBucketPolicy",
        "s3express:ListAccessPointsForDirectoryBuckets",
        "s3express:GetAccessPoint",
        "s3express:GetAccessPointPolicy",
        "s3express:ListTagsForResource",
    ],
    absent: Some(ABSENT),
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Endpoints.html> lists no Region of other partitions.
const ABSENT: AbsentFrom =
    AbsentFrom { what: "directory buckets", partitions: &["aws-cn", "aws-us-gov"] };

/// Regions that have zones with directory buckets. Elsewhere it is no surprise that there is no endpoint for them:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-Endpoints.html>.
const REGIONS: &[&str] = &[
    "ap-northeast-1",
    "ap-south-1",
    "eu-north-1",
    "eu-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];

/// How the name of every directory bucket ends.
const SUFFIX: &str = "--x-s3";

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client(&place);
    let action = "s3express:ListAllMyDirectoryBuckets";
    let page = async |token| {
        let listed = client.list_directory_buckets().max_directory_buckets(1000);
        let listed = place.call(action, listed.set_continuation_token(token).send()).await?;
        let buckets = listed.buckets.unwrap_or_default();
        let stray = buckets.iter().filter_map(|bucket| bucket.name.as_deref());
        if let Some(stray) = stray.into_iter().find(|name| !name.ends_with(SUFFIX)) {
            let detail = format!("`{stray}` is listed and is not the name of a directory bucket");
            return Err(Failure::new(action, Cause::Unintelligible, detail));
        }
        Ok(Page { items: buckets, next: listed.continuation_token })
    };
    let ended = pages::each(action, page, |bucket| read(&place, &client, bucket)).await;
    match ended {
        Err(failure)
            if failure.cause == Cause::NoSuchService
                && !REGIONS.contains(&place.region.as_str()) =>
        {
            place.absent_from_region(ABSENT.what);
            Ok(())
        }
        ended => ended,
    }
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client(&place);
    read(&place, &client, Bucket::builder().name(last_part(&arn, "bucket/")).build()).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, bucket: Bucket) {
    let Some(name) = bucket.name else { return };
    let arn = place.arn("s3express", &format!("bucket/{name}"));
    let mut reading = place.reading(arn.clone());
    let document = client.get_bucket_policy().bucket(&name).send();
    let absent = &["NoSuchBucketPolicy"];
    let document = reading.part_unless("s3express:GetBucketPolicy", absent, document).await;
    let document = document.and_then(|answer| answer.policy);
    let control = control(place);
    let account = &place.account.id;
    let page = async |token| {
        let listed = control
            .list_access_points_for_directory_buckets()
            .account_id(account)
            .directory_bucket(&name)
            .set_next_token(token)
            .send();
        let action = "s3express:ListAccessPointsForDirectoryBuckets";
        let listed = place.call(action, listed).await?;
        Ok(Page::new(listed.access_point_list, listed.next_token))
    };
    let listed = reading.listing("s3express:ListAccessPointsForDirectoryBuckets", page).await;
    let points = access_points(place, &control, &mut reading, listed, "s3express").await;
    let tags = control.list_tags_for_resource().account_id(account).resource_arn(arn).send();
    let tags = reading.part("s3express:ListTagsForResource", tags).await;
    let tags = tags.and_then(|answer| answer.tags).unwrap_or_default();
    let content = Content {
        tags: tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({
            "s3ExpressDirectoryBucket": {
                "bucketPolicy": policy(document.as_deref()),
                "accessPoints": points,
            }
        }),
        attributes: Value::Null,
    };
    reading.write(&name, content);
}
