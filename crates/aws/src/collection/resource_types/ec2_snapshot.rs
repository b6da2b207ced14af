#![doc = include_str!("ec2_snapshot.md")]

use roxmltree::{Document, Node};
use serde_json::{Map, json};

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place};
use crate::collection::unit::{Reach, Unit};
use crate::failure::{Cause, Failure};

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::EC2::Snapshot"),
    reach: Reach::Region,
    actions: &["ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

/// A snapshot as EC2 lists it.
#[derive(Debug)]
struct Snapshot {
    id: String,
    owner: Option<String>,
    volume: Option<String>,
    encrypted: Option<bool>,
    kms_key: Option<String>,
    tags: Vec<(String, String)>,
}

async fn collect(place: Place) -> Result<(), Failure> {
    let page = async |token: Option<String>| {
        let mut parameters = vec![("Owner.1", "self"), ("MaxResults", "1000")];
        if let Some(token) = &token {
            parameters.push(("NextToken", token));
        }
        let answer = place.ec2("DescribeSnapshots", &parameters).await?;
        listed(&answer)
    };
    pages::each("ec2:DescribeSnapshots", page, |snapshot| read(&place, snapshot)).await
}

fn listed(answer: &str) -> Result<Page<Snapshot>, Failure> {
    let document = parsed("ec2:DescribeSnapshots", answer)?;
    let root = document.root_element();
    let items = child(root, "snapshotSet").into_iter().flat_map(|set| set.children());
    let snapshots = items.filter(|item| item.tag_name().name() == "item").filter_map(|item| {
        let tags = child(item, "tagSet").into_iter().flat_map(|set| set.children());
        Some(Snapshot {
            id: text(item, "snapshotId")?,
            owner: text(item, "ownerId"),
            volume: text(item, "volumeId"),
            encrypted: text(item, "encrypted").map(|encrypted| encrypted == "true"),
            kms_key: text(item, "kmsKeyId"),
            tags: tags
                .filter_map(|tag| Some((text(tag, "key")?, text(tag, "value").unwrap_or_default())))
                .collect(),
        })
    });
    Ok(Page { items: snapshots.collect(), next: text(root, "nextToken") })
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let id = last_part(&arn, "snapshot/");
    let parameters = [("Owner.1", "self"), ("SnapshotId.1", id.as_str())];
    let answer = place.ec2("DescribeSnapshots", &parameters).await?;
    let found = listed(&answer)?.items.into_iter().find(|own| own.id == id);
    read(&place, found.ok_or_else(|| not_listed("ec2:DescribeSnapshots"))?).await;
    Ok(())
}

async fn read(place: &Place, snapshot: Snapshot) {
    let id = snapshot.id;
    let arn = format!("arn:{}:ec2:{}::snapshot/{id}", place.account.partition, place.region);
    let mut reading = place.reading(arn);
    let parameters = [("SnapshotId", id.as_str()), ("Attribute", "createVolumePermission")];
    let permission = match place.ec2("DescribeSnapshotAttribute", &parameters).await {
        Ok(answer) => shared_with(&answer),
        Err(failure) => Err(failure),
    };
    let (users, groups) = permission.unwrap_or_else(|failure| {
        reading.failed(&failure);
        Default::default()
    });
    let mut configuration = Map::new();
    configuration.insert("userIds".to_owned(), json!(users));
    configuration.insert("groups".to_owned(), json!(groups));
    if let Some(key) = snapshot.kms_key {
        configuration.insert("kmsKeyId".to_owned(), json!(key));
    }
    let content = Content {
        tags: snapshot.tags,
        configuration: json!({ "ebsSnapshot": configuration }),
        attributes: json!({
            "Encrypted": snapshot.encrypted,
            "OwnerId": snapshot.owner,
            "VolumeId": snapshot.volume,
        }),
    };
    reading.write(&id, content);
}

/// The accounts and groups that may use a snapshot.
fn shared_with(answer: &str) -> Result<(Vec<String>, Vec<String>), Failure> {
    let document = parsed("ec2:DescribeSnapshotAttribute", answer)?;
    let values = |name: &str| {
        let nodes = document.descendants().filter(|node| node.tag_name().name() == name);
        let mut values: Vec<_> = nodes.filter_map(|node| node.text().map(str::to_owned)).collect();
        values.sort();
        values
    };
    Ok((values("userId"), values("group")))
}

fn parsed<'a>(action: &str, answer: &'a str) -> Result<Document<'a>, Failure> {
    Document::parse(answer)
        .map_err(|error| Failure::new(action, Cause::Unintelligible, error.to_string()))
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.tag_name().name() == name)
}

fn text(node: Node<'_, '_>, name: &str) -> Option<String> {
    let text = child(node, name)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
