#![doc = include_str!("tag_resource.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "TagResource";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "TagResource",
    target: Target::ResourceArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let tags = input.get("tags").cloned().unwrap_or_else(|| json!({}));
    let tags = serde_json::from_value(tags).map_err(|error| Exception::internal(&error))?;
    let doing = Doing::new(call, NAME, &input);
    call.service.store.tag_analyzer(text(&input, "resourceArn"), &tags, &doing.act()).await?;
    Ok(json!({}))
}
