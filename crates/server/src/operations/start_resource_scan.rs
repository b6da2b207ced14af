#![doc = include_str!("start_resource_scan.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::finding_lists::require_external;
use crate::service::Call;
use crate::stored::text;
use crate::watch;

pub(super) const OPERATION: Operation = Operation {
    name: "StartResourceScan",
    action: "StartResourceScan",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = text(&input, "analyzerArn");
    require_external(call, analyzer).await?;
    watch::scan_resource(call.service, analyzer, text(&input, "resourceArn")).await?;
    Ok(json!({}))
}
