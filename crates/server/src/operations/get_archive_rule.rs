#![doc = include_str!("get_archive_rule.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetArchiveRule",
    action: "GetArchiveRule",
    target: Target::ArchiveRule,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let rule = call.service.store.archive_rule(&arn, text(&input, "ruleName")).await?;
    Ok(json!({ "archiveRule": wire::archive_rule(&rule) }))
}
