#![doc = include_str!("get_analyzer.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetAnalyzer",
    action: "GetAnalyzer",
    target: Target::AnalyzerName,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let analyzer = call.service.store.analyzer(&arn).await?;
    Ok(json!({ "analyzer": wire::analyzer(&analyzer) }))
}
