#![doc = include_str!("efs_file_system.md")]

use aws_sdk_efs::Client;
use aws_sdk_efs::types::FileSystemDescription;
use serde_json::json;

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::EFS::FileSystem"),
    reach: Reach::Region,
    actions: &[
        "elasticfilesystem:DescribeFileSystems",
        "elasticfilesystem:DescribeFileSystemPolicy",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_efs);
    let action = "elasticfilesystem:DescribeFileSystems";
    let page = async |token| {
        let listed = client.describe_file_systems().max_items(100).set_marker(token).send();
        let listed = place.call(action, listed).await?;
        Ok(Page::new(listed.file_systems, listed.next_marker))
    };
    pages::each(action, page, |file_system| read(&place, &client, file_system)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_efs);
    let action = "elasticfilesystem:DescribeFileSystems";
    let asked = client.describe_file_systems().file_system_id(last_part(&arn, "file-system/"));
    let answer = place.call(action, asked.send()).await?;
    let found = answer.file_systems.into_iter().flatten().next();
    read(&place, &client, found.ok_or_else(|| not_listed(action))?).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, file_system: FileSystemDescription) {
    let id = file_system.file_system_id;
    let arn = place.arn("elasticfilesystem", &format!("file-system/{id}"));
    let mut reading = place.reading(file_system.file_system_arn.unwrap_or(arn));
    let document = client.describe_file_system_policy().file_system_id(&id).send();
    let document = reading
        .part_unless("elasticfilesystem:DescribeFileSystemPolicy", &["PolicyNotFound"], document)
        .await;
    let document = document.and_then(|answer| answer.policy);
    let content = Content {
        tags: file_system.tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({
            "efsFileSystem": { "fileSystemPolicy": policy(document.as_deref()) }
        }),
        attributes: json!({
            "Encrypted": file_system.encrypted,
            "KmsKeyId": file_system.kms_key_id,
        }),
    };
    reading.write(&id, content);
}
