#![doc = include_str!("get_findings_statistics.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetFindingsStatistics",
    action: "GetFindingsStatistics",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let (store, arn) = (&call.service.store, text(&input, "analyzerArn"));
    let analyzer = store.analyzer(arn).await?;
    let statistics = store.statistics(arn).await?;
    let finding_type = analyzer.analyzer_type.finding_type();
    Ok(json!({
        "findingsStatistics": [statistics.to_wire(finding_type)],
        "lastUpdatedAt": wire::time(call.now),
    }))
}
