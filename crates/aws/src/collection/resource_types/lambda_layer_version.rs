#![doc = include_str!("lambda_layer_version.md")]

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::{LayerVersionsListItem, LayersListItem};
use serde_json::json;

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place, client};
use crate::collection::policy_text::policy;
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::Lambda::LayerVersion"),
    reach: Reach::Region,
    actions: &["lambda:ListLayers", "lambda:ListLayerVersions", "lambda:GetLayerVersionPolicy"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_lambda);
    let page = async |token| {
        let listed = client.list_layers().max_items(50).set_marker(token).send();
        let listed = place.call("lambda:ListLayers", listed).await?;
        Ok(Page::new(listed.layers, listed.next_marker))
    };
    pages::each("lambda:ListLayers", page, |layer| versions(&place, &client, layer)).await
}

async fn versions(place: &Place, client: &Client, layer: LayersListItem) {
    let (Some(name), Some(arn)) = (layer.layer_name, layer.layer_arn) else { return };
    let page = async |token| {
        let listed = client.list_layer_versions().layer_name(&name).max_items(50);
        let listed = listed.set_marker(token).send();
        let listed = place.call("lambda:ListLayerVersions", listed).await?;
        Ok(Page::new(listed.layer_versions, listed.next_marker))
    };
    let read = |version| read(place, client, &name, &arn, version);
    if let Err(failure) = pages::each("lambda:ListLayerVersions", page, read).await {
        place.not_read(Some(&arn), &failure);
    }
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_lambda);
    let Some((layer_arn, number)) = arn.rsplit_once(':') else { return Ok(()) };
    let name = last_part(layer_arn, "layer:");
    let page = async |token| {
        let listed = client.list_layer_versions().layer_name(&name).max_items(50);
        let listed = listed.set_marker(token).send();
        let listed = place.call("lambda:ListLayerVersions", listed).await?;
        Ok(Page::new(listed.layer_versions, listed.next_marker))
    };
    // The policy of a version that is not there and of one that has none are told by one code.
    let all = pages::all("lambda:ListLayerVersions", page).await?;
    let found = all.into_iter().find(|own| own.version.to_string() == number);
    let found = found.ok_or_else(|| not_listed("lambda:ListLayerVersions"))?;
    read(&place, &client, &name, layer_arn, found).await;
    Ok(())
}

async fn read(
    place: &Place,
    client: &Client,
    layer: &str,
    layer_arn: &str,
    version: LayerVersionsListItem,
) {
    let number = version.version;
    let arn = version.layer_version_arn.unwrap_or_else(|| format!("{layer_arn}:{number}"));
    let mut reading = place.reading(arn);
    let document =
        client.get_layer_version_policy().layer_name(layer).version_number(number).send();
    let absent = &["ResourceNotFoundException"];
    let document = reading.part_unless("lambda:GetLayerVersionPolicy", absent, document).await;
    let document = document.and_then(|answer| answer.policy);
    let content = Content {
        tags: Vec::new(),
        configuration: json!({
            "lambdaLayerVersion": { "layerPolicy": policy(document.as_deref()) }
        }),
        attributes: json!({ "LayerArn": layer_arn, "Version": number }),
    };
    reading.write(&format!("{layer}:{number}"), content);
}
