//! The tags of one resource as they are now, and the aliases of a key: rules decide by them, and an inventory may be older
//! than what somebody tagged since.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_response::slot::Target;
use roxmltree::{Document, Node};

use super::accounts::{Accounts, Purpose};
use super::arn::{after, role_name};
use super::place::Place;
use crate::client::client;
use crate::collection::pages::{self, Page};
use crate::failure::{Cause, Failure};
use crate::s3;

/// Every action that reading tags and aliases takes.
pub(super) const ACTIONS: &[&str] = &[
    "dynamodb:ListTagsOfResource",
    "ec2:DescribeSnapshots",
    "ecr:ListTagsForResource",
    "elasticfilesystem:DescribeFileSystems",
    "iam:GetRole",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "lambda:ListTags",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBSnapshots",
    "s3:GetBucketTagging",
    "s3express:ListTagsForResource",
    "secretsmanager:DescribeSecret",
    "sns:ListTagsForResource",
    "sqs:GetQueueUrl",
    "sqs:ListQueueTags",
];

/// Values by their keys.
type Tags = BTreeMap<String, String>;

impl Accounts {
    /// The tags of a resource; none for what cannot be tagged, as versions of layers and streams.
    ///
    /// # Errors
    /// When they cannot be read: that is not the same as none.
    pub async fn tags(&self, target: &Target) -> Result<Tags, Failure> {
        let place = self.place(Purpose::Read, &target.account, &target.region).await?;
        let place = &place;
        match target.resource_type.as_str() {
            "AWS::DynamoDB::Table" => of_table(place, target).await,
            "AWS::EC2::Snapshot" => of_volume_snapshot(place, target).await,
            "AWS::ECR::Repository" => of_repository(place, target).await,
            "AWS::EFS::FileSystem" => of_file_system(place, target).await,
            "AWS::IAM::Role" => of_role(place, target).await,
            "AWS::KMS::Key" => of_key(place, target).await,
            "AWS::Lambda::Function" => of_function(place, target).await,
            "AWS::RDS::DBSnapshot" | "AWS::RDS::DBClusterSnapshot" => of_rds(place, target).await,
            "AWS::S3::Bucket" => of_bucket(place, target).await,
            "AWS::S3Express::DirectoryBucket" => of_directory_bucket(place, target).await,
            "AWS::SNS::Topic" => of_topic(place, target).await,
            "AWS::SQS::Queue" => of_queue(place, target).await,
            "AWS::SecretsManager::Secret" => of_secret(place, target).await,
            "AWS::DynamoDB::Stream" | "AWS::Lambda::LayerVersion" => Ok(Tags::new()),
            other => {
                let detail = format!("the tags of `{other}` are not known");
                Err(Failure::new("tags", Cause::Other, detail))
            }
        }
    }

    /// The aliases of a key, as `alias/DevelopmentKey`; none for what is no key.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn key_aliases(&self, target: &Target) -> Result<BTreeSet<String>, Failure> {
        if target.resource_type != "AWS::KMS::Key" {
            return Ok(BTreeSet::new());
        }
        let place = self.place(Purpose::Read, &target.account, &target.region).await?;
        let client = client!(place, aws_sdk_kms);
        let id = after(&target.arn, "key/")?;
        let page = async |token| {
            let asked = client.list_aliases().key_id(id).limit(100).set_marker(token).send();
            let listed = place.call("kms:ListAliases", asked).await?;
            Ok(Page::new(listed.aliases, listed.next_marker))
        };
        let aliases = pages::all("kms:ListAliases", page).await?;
        Ok(aliases.into_iter().filter_map(|alias| alias.alias_name).collect())
    }
}

/// A pair of which the value may be missing.
fn pair(key: Option<String>, value: Option<String>) -> Option<(String, String)> {
    Some((key?, value.unwrap_or_default()))
}

async fn of_table(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_dynamodb);
    let action = "dynamodb:ListTagsOfResource";
    let page = async |token| {
        let asked = client.list_tags_of_resource().resource_arn(&target.arn);
        let listed = place.call(action, asked.set_next_token(token).send()).await?;
        Ok(Page::new(listed.tags, listed.next_token))
    };
    let tags = pages::all(action, page).await?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_volume_snapshot(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let id = after(&target.arn, "snapshot/")?;
    let answer = place.ec2("DescribeSnapshots", &[("SnapshotId.1", id)]).await?;
    let document = Document::parse(&answer).map_err(|error| {
        Failure::new("ec2:DescribeSnapshots", Cause::Unintelligible, error.to_string())
    })?;
    let text = |node: Node<'_, '_>, name: &str| {
        let found = node.children().find(|child| child.tag_name().name() == name)?;
        Some(found.text().unwrap_or_default().to_owned())
    };
    let sets = document.descendants().filter(|node| node.tag_name().name() == "tagSet");
    let items = sets.flat_map(|set| set.children());
    Ok(items.filter_map(|item| pair(text(item, "key"), text(item, "value"))).collect())
}

async fn of_repository(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_ecr);
    let asked = client.list_tags_for_resource().resource_arn(&target.arn).send();
    let answer = place.call("ecr:ListTagsForResource", asked).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_file_system(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_efs);
    let id = after(&target.arn, "file-system/")?;
    let asked = client.describe_file_systems().file_system_id(id).send();
    let answer = place.call("elasticfilesystem:DescribeFileSystems", asked).await?;
    let tags = answer.file_systems.unwrap_or_default().into_iter().flat_map(|it| it.tags);
    Ok(tags.map(|tag| (tag.key, tag.value)).collect())
}

async fn of_role(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_iam);
    let asked = client.get_role().role_name(role_name(target)?).send();
    let role = place.call("iam:GetRole", asked).await?.role;
    let tags = role.and_then(|role| role.tags).unwrap_or_default();
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_key(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_kms);
    let action = "kms:ListResourceTags";
    let page = async |token| {
        let asked = client.list_resource_tags().key_id(&target.arn).limit(50).set_marker(token);
        let listed = place.call(action, asked.send()).await?;
        Ok(Page::new(listed.tags, listed.next_marker))
    };
    let tags = pages::all(action, page).await?;
    Ok(tags.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())
}

async fn of_function(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_lambda);
    let asked = client.list_tags().resource(&target.arn).send();
    let answer = place.call("lambda:ListTags", asked).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().collect())
}

async fn of_rds(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_rds);
    let tags = if target.resource_type == "AWS::RDS::DBSnapshot" {
        let id = after(&target.arn, "snapshot:")?;
        let asked = client.describe_db_snapshots().db_snapshot_identifier(id).send();
        let answer = place.call("rds:DescribeDBSnapshots", asked).await?;
        let found = answer.db_snapshots.unwrap_or_default().into_iter();
        found.flat_map(|it| it.tag_list.unwrap_or_default()).collect::<Vec<_>>()
    } else {
        let id = after(&target.arn, "cluster-snapshot:")?;
        let asked = client.describe_db_cluster_snapshots().db_cluster_snapshot_identifier(id);
        let answer = place.call("rds:DescribeDBClusterSnapshots", asked.send()).await?;
        let found = answer.db_cluster_snapshots.unwrap_or_default().into_iter();
        found.flat_map(|it| it.tag_list.unwrap_or_default()).collect()
    };
    Ok(tags.into_iter().filter_map(|tag| pair(tag.key, tag.value)).collect())
}

async fn of_bucket(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = s3::client(place.config(), place.retry_partition());
    let asked = client.get_bucket_tagging().bucket(after(&target.arn, "")?);
    let asked = asked.expected_bucket_owner(&target.account).send();
    let answer = place.call_unless("s3:GetBucketTagging", &["NoSuchTagSet"], asked).await?;
    let tags = answer.map(|answer| answer.tag_set).unwrap_or_default();
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_directory_bucket(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let control = s3::control(place.config(), place.retry_partition());
    let asked = control.list_tags_for_resource().account_id(&target.account);
    let asked = asked.resource_arn(&target.arn).send();
    let answer = place.call("s3express:ListTagsForResource", asked).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_topic(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_sns);
    let asked = client.list_tags_for_resource().resource_arn(&target.arn).send();
    let answer = place.call("sns:ListTagsForResource", asked).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

async fn of_queue(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_sqs);
    let asked = client.get_queue_url().queue_name(after(&target.arn, "")?);
    let asked = asked.queue_owner_aws_account_id(&target.account).send();
    let url = place.call("sqs:GetQueueUrl", asked).await?.queue_url.unwrap_or_default();
    let asked = client.list_queue_tags().queue_url(url).send();
    let answer = place.call("sqs:ListQueueTags", asked).await?;
    Ok(answer.tags.unwrap_or_default().into_iter().collect())
}

async fn of_secret(place: &Place, target: &Target) -> Result<Tags, Failure> {
    let client = client!(place, aws_sdk_secretsmanager);
    let asked = client.describe_secret().secret_id(&target.arn).send();
    let answer = place.call("secretsmanager:DescribeSecret", asked).await?;
    let tags = answer.tags.unwrap_or_default().into_iter();
    Ok(tags.filter_map(|tag| pair(tag.key, tag.value)).collect())
}
