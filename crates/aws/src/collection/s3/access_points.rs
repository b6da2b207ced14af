//! Access points, of one region or of several.

use std::collections::BTreeMap;

use aws_sdk_s3control::Client;
use aws_sdk_s3control::types::{AccessPoint, MultiRegionAccessPointReport, VpcConfiguration};
use serde_json::{Map, Value, json};

use super::four_members;
use crate::collection::pages::{self, Page};
use crate::collection::place::Place;
use crate::collection::policy_text::policy;
use crate::collection::reading::Reading;
use crate::failure::Failure;

/// Where the control plane of multi-region access points is:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>.
const MULTI_REGION: &str = "us-west-2";

/// The access points of a bucket, as AWS's access previews have them: by their ARNs. `service` is `s3` or `s3express`.
pub(in crate::collection) async fn access_points(
    place: &Place,
    client: &Client,
    reading: &mut Reading<'_>,
    listed: Vec<AccessPoint>,
    service: &str,
) -> Map<String, Value> {
    let account = &place.account.id;
    let mut points = BTreeMap::new();
    for listed in listed {
        let name = &listed.name;
        let arn = listed.access_point_arn.clone();
        let arn = arn.unwrap_or_else(|| place.arn(service, &format!("accesspoint/{name}")));
        let got = client.get_access_point().account_id(account).name(name).send();
        let got = reading.part(&format!("{service}:GetAccessPoint"), got).await;
        let document = client.get_access_point_policy().account_id(account).name(name).send();
        let absent = &["NoSuchAccessPointPolicy"];
        let action = format!("{service}:GetAccessPointPolicy");
        let document = reading.part_unless(&action, absent, document).await;
        let mut point = Map::new();
        let document = policy(document.and_then(|answer| answer.policy).as_deref());
        point.insert("accessPointPolicy".to_owned(), document);
        let (vpc, block) = got.map_or((None, None), |point| {
            (point.vpc_configuration, point.public_access_block_configuration)
        });
        // Those of directory buckets have no settings: everything public is blocked.
        if let Some(block) = block.filter(|_| service == "s3") {
            let block = json!({
                "ignorePublicAcls": block.ignore_public_acls.unwrap_or(false),
                "restrictPublicBuckets": block.restrict_public_buckets.unwrap_or(false),
            });
            point.insert("publicAccessBlock".to_owned(), block);
        }
        let origin = network_origin(vpc.or(listed.vpc_configuration).as_ref());
        point.insert("networkOrigin".to_owned(), origin);
        points.insert(arn, Value::Object(point));
    }
    points.into_iter().collect()
}

fn network_origin(vpc: Option<&VpcConfiguration>) -> Value {
    match vpc {
        Some(vpc) => json!({ "vpcConfiguration": { "vpcId": vpc.vpc_id } }),
        None => json!({ "internetConfiguration": {} }),
    }
}

/// The multi-region access points of the account, by the buckets behind them.
///
/// # Errors
/// When they cannot be listed.
pub(in crate::collection) async fn multi_region_access_points(
    place: &Place,
) -> Result<BTreeMap<String, Vec<Value>>, Failure> {
    let place = place.in_region(MULTI_REGION);
    let client = super::control(&place);
    let page = async |token| {
        let listed = client
            .list_multi_region_access_points()
            .account_id(&place.account.id)
            .max_results(100)
            .set_next_token(token)
            .send();
        let listed = place.call("s3:ListMultiRegionAccessPoints", listed).await?;
        Ok(Page::new(listed.access_points, listed.next_token))
    };
    let reports = pages::all("s3:ListMultiRegionAccessPoints", page).await?;
    let mut behind: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for report in reports {
        let written = multi_region_access_point(&place, &client, &report).await;
        for region in report.regions.unwrap_or_default() {
            if let Some(bucket) = region.bucket {
                behind.entry(bucket).or_default().push(written.clone());
            }
        }
    }
    Ok(behind)
}

async fn multi_region_access_point(
    place: &Place,
    client: &Client,
    report: &MultiRegionAccessPointReport,
) -> Value {
    let (partition, account) = (&place.account.partition, &place.account.id);
    let name = report.name.as_deref().unwrap_or_default();
    let alias = report.alias.as_deref().unwrap_or_default();
    let arn = format!("arn:{partition}:s3::{account}:accesspoint/{alias}");
    let mut reading = place.reading(arn.clone());
    let document =
        client.get_multi_region_access_point_policy().account_id(account).name(name).send();
    let absent = &["NoSuchMultiRegionAccessPointPolicy"];
    let action = "s3:GetMultiRegionAccessPointPolicy";
    let document = reading.part_unless(action, absent, document).await;
    let document = document.and_then(|answer| answer.policy?.established?.policy);
    let regions = report.regions.iter().flatten().map(|region| {
        json!({
            "Bucket": region.bucket,
            "BucketAccountId": region.bucket_account_id,
            "Region": region.region,
        })
    });
    let mut point = json!({
        "Arn": arn,
        "Name": name,
        "Alias": alias,
        "Policy": policy(document.as_deref()),
        "Regions": regions.collect::<Vec<_>>(),
    });
    if let (Some(members), Some(block)) = (point.as_object_mut(), &report.public_access_block) {
        members.insert("PublicAccessBlock".to_owned(), four_members(block));
    }
    point
}
