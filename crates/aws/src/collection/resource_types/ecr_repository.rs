#![doc = include_str!("ecr_repository.md")]

use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::Repository;
use serde_json::json;

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::ECR::Repository"),
    reach: Reach::Region,
    actions: &["ecr:DescribeRepositories", "ecr:GetRepositoryPolicy", "ecr:ListTagsForResource"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_ecr);
    let page = async |token| {
        let listed = client.describe_repositories().max_results(1000).set_next_token(token).send();
        let listed = place.call("ecr:DescribeRepositories", listed).await?;
        Ok(Page::new(listed.repositories, listed.next_token))
    };
    pages::each("ecr:DescribeRepositories", page, |found| read(&place, &client, found)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_ecr);
    let asked = client.describe_repositories().repository_names(last_part(&arn, "repository/"));
    let answer = place.call("ecr:DescribeRepositories", asked.send()).await?;
    let found = answer.repositories.into_iter().flatten().next();
    read(&place, &client, found.ok_or_else(|| not_listed("ecr:DescribeRepositories"))?).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, repository: Repository) {
    let Some(name) = repository.repository_name else { return };
    let arn = place.arn("ecr", &format!("repository/{name}"));
    let arn = repository.repository_arn.unwrap_or(arn);
    let mut reading = place.reading(arn.clone());
    let document = client.get_repository_policy().repository_name(&name).send();
    let absent = &["RepositoryPolicyNotFoundException"];
    let document = reading.part_unless("ecr:GetRepositoryPolicy", absent, document).await;
    let tags = client.list_tags_for_resource().resource_arn(arn).send();
    let tags = reading.part("ecr:ListTagsForResource", tags).await.and_then(|answer| answer.tags);
    let document = document.and_then(|answer| answer.policy_text);
    let content = Content {
        tags: tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({
            "ecrRepository": { "repositoryPolicy": policy(document.as_deref()) }
        }),
        attributes: json!({ "repositoryUri": repository.repository_uri }),
    };
    reading.write(&name, content);
}
