#![doc = include_str!("get_finding.md")]

use ringfence_findings::observation::FindingType;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::finding_lists::require_external;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetFinding",
    action: "GetFinding",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = text(&input, "analyzerArn");
    let found = call.service.store.finding(analyzer, text(&input, "id")).await;
    // What is found of external access needs no look at its analyzer.
    if !found
        .as_ref()
        .is_ok_and(|own| own.observation.finding_type() == FindingType::ExternalAccess)
    {
        require_external(call, analyzer).await?;
    }
    let finding = found?;
    Ok(json!({ "finding": wire::finding(&finding) }))
}
