#![doc = include_str!("lambda_function.md")]

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::FunctionConfiguration;
use serde_json::json;

use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::Lambda::Function"),
    reach: Reach::Region,
    actions: &[
        "lambda:ListFunctions",
        "lambda:GetPolicy",
        "lambda:GetFunctionUrlConfig",
        "lambda:ListTags",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

/// What Lambda says of a function that has no policy or no URL, and of one that is not there.
const ABSENT: &[&str] = &["ResourceNotFoundException"];

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_lambda);
    let page = async |token| {
        let listed = client.list_functions().max_items(50).set_marker(token).send();
        let listed = place.call("lambda:ListFunctions", listed).await?;
        Ok(Page::new(listed.functions, listed.next_marker))
    };
    pages::each("lambda:ListFunctions", page, |found| read(&place, &client, found)).await
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_lambda);
    let asked = client.get_function_configuration().function_name(arn).send();
    let found = place.call("lambda:GetFunctionConfiguration", asked).await?;
    let function = FunctionConfiguration::builder()
        .set_function_name(found.function_name)
        .set_function_arn(found.function_arn)
        .set_role(found.role)
        .set_runtime(found.runtime)
        .build();
    read(&place, &client, function).await;
    Ok(())
}

async fn read(place: &Place, client: &Client, function: FunctionConfiguration) {
    let Some(name) = function.function_name else { return };
    let arn = place.arn("lambda", &format!("function:{name}"));
    let arn = function.function_arn.unwrap_or(arn);
    let mut reading = place.reading(arn.clone());
    // A function that was deleted in the meantime shows here; below, the same code means something else.
    let tags = client.list_tags().resource(&arn).send();
    let tags = reading.part("lambda:ListTags", tags).await.and_then(|answer| answer.tags);
    let document = client.get_policy().function_name(&name).send();
    let document = reading.part_unless("lambda:GetPolicy", ABSENT, document).await;
    let document = document.and_then(|answer| answer.policy);
    let url = client.get_function_url_config().function_name(&name).send();
    let url = reading.part_unless("lambda:GetFunctionUrlConfig", ABSENT, url).await;
    let content = Content {
        tags: tags.unwrap_or_default().into_iter().collect(),
        configuration: json!({ "lambdaFunction": { "functionPolicy": policy(document.as_deref()) } }),
        attributes: json!({
            "Role": function.role,
            "Runtime": function.runtime.map(|runtime| runtime.as_str().to_owned()),
            "FunctionUrlConfig": url.map(|url| json!({ "AuthType": url.auth_type.as_str() })),
        }),
    };
    reading.write(&name, content);
}
