#![doc = include_str!("list_tags_for_resource.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::text;

pub(super) const OPERATION: Operation = Operation {
    name: "ListTagsForResource",
    action: "ListTagsForResource",
    target: Target::ResourceArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = call.service.store.analyzer(text(&input, "resourceArn")).await?;
    Ok(json!({ "tags": analyzer.tags }))
}
