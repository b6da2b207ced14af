#![doc = include_str!("rds_db_cluster_snapshot.md")]

use aws_sdk_rds::Client;
use aws_sdk_rds::types::DbClusterSnapshot;
use serde_json::{Map, json};

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::RDS::DBClusterSnapshot"),
    reach: Reach::Region,
    actions: &["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshotAttributes"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_rds);
    let page = async |token| {
        let listed =
            client.describe_db_cluster_snapshots().max_records(100).set_marker(token).send();
        let listed = place.call("rds:DescribeDBClusterSnapshots", listed).await?;
        Ok(Page::new(listed.db_cluster_snapshots, listed.marker))
    };
    pages::each("rds:DescribeDBClusterSnapshots", page, |found| read(&place, &client, found)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_rds);
    let id = last_part(&arn, "cluster-snapshot:");
    let asked = client.describe_db_cluster_snapshots().db_cluster_snapshot_identifier(id).send();
    let answer = place.call("rds:DescribeDBClusterSnapshots", asked).await?;
    let found = answer.db_cluster_snapshots.into_iter().flatten().next();
    read(&place, &client, found.ok_or_else(|| not_listed("rds:DescribeDBClusterSnapshots"))?).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, snapshot: DbClusterSnapshot) {
    let Some(id) = snapshot.db_cluster_snapshot_identifier else { return };
    let arn = place.arn("rds", &format!("cluster-snapshot:{id}"));
    let mut reading = place.reading(snapshot.db_cluster_snapshot_arn.unwrap_or(arn));
    let mut configuration = Map::new();
    // Automated snapshots have no attributes: they cannot be shared.
    if snapshot.snapshot_type.as_deref() != Some("automated") {
        let shared = client
            .describe_db_cluster_snapshot_attributes()
            .db_cluster_snapshot_identifier(&id)
            .send();
        let shared = reading.part("rds:DescribeDBClusterSnapshotAttributes", shared).await;
        let shared = shared.and_then(|answer| answer.db_cluster_snapshot_attributes_result);
        let attributes = shared.and_then(|result| result.db_cluster_snapshot_attributes);
        let attributes = attributes.unwrap_or_default().into_iter();
        let restore = attributes.filter(|it| it.attribute_name.as_deref() == Some("restore"));
        let mut accounts: Vec<String> =
            restore.flat_map(|it| it.attribute_values.unwrap_or_default()).collect();
        accounts.sort();
        configuration
            .insert("attributes".to_owned(), json!({ "restore": { "accountIds": accounts } }));
    }
    if let Some(key) = snapshot.kms_key_id {
        configuration.insert("kmsKeyId".to_owned(), json!(key));
    }
    let tags = snapshot.tag_list.unwrap_or_default().into_iter();
    let content = Content {
        tags: tags
            .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
            .collect(),
        configuration: json!({ "rdsDbClusterSnapshot": configuration }),
        attributes: json!({
            "StorageEncrypted": snapshot.storage_encrypted,
            "Engine": snapshot.engine,
            "SnapshotType": snapshot.snapshot_type,
        }),
    };
    reading.write(&id, content);
}
