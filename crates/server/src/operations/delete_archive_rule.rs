#![doc = include_str!("delete_archive_rule.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "DeleteArchiveRule";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "DeleteArchiveRule",
    target: Target::ArchiveRule,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let doing = Doing::new(call, NAME, &input);
    let store = &call.service.store;
    store.delete_archive_rule(&arn, text(&input, "ruleName"), &doing.act()).await?;
    Ok(json!({}))
}
