#![doc = include_str!("untag_resource.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "UntagResource";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "UntagResource",
    target: Target::ResourceArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let keys = input.get("tagKeys").cloned().unwrap_or_else(|| json!([]));
    let keys: Vec<String> =
        serde_json::from_value(keys).map_err(|error| Exception::internal(&error))?;
    let doing = Doing::new(call, NAME, &input);
    call.service.store.untag_analyzer(text(&input, "resourceArn"), &keys, &doing.act()).await?;
    Ok(json!({}))
}
