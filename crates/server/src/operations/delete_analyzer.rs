#![doc = include_str!("delete_analyzer.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "DeleteAnalyzer";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "DeleteAnalyzer",
    target: Target::AnalyzerName,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let doing = Doing::new(call, NAME, &input);
    call.service.store.delete_analyzer(&arn, &doing.act()).await?;
    Ok(json!({}))
}
