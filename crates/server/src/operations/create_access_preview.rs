#![doc = include_str!("create_access_preview.md")]

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_store::previews::{AccessPreview, PreviewStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::previews;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "CreateAccessPreview";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "CreateAccessPreview",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = call.service.store.analyzer(text(&input, "analyzerArn")).await?;
    if analyzer.analyzer_type != AnalyzerType::Account {
        return Err(Exception::field("analyzerArn", "is not an analyzer of the type ACCOUNT"));
    }
    let configurations = input.get("configurations").cloned().unwrap_or_else(|| json!({}));
    let one = configurations.as_object().filter(|own| own.len() == 1);
    let Some((resource, configuration)) = one.and_then(|own| own.iter().next()) else {
        return Err(Exception::field("configurations", "must have exactly one element"));
    };
    let id = Uuid::new_v4();
    let outcome = previews::work_out(call.service, &analyzer, &id, resource, configuration).await?;
    let (findings, status, status_reason) = match outcome {
        Ok(findings) => (findings, PreviewStatus::Completed, None),
        Err(reason) => {
            tracing::info!(preview = %id, reason, "a preview failed");
            (Vec::new(), PreviewStatus::Failed, Some("INVALID_CONFIGURATION".to_owned()))
        }
    };
    let preview = AccessPreview {
        id: id.to_string(),
        analyzer_arn: analyzer.arn.clone(),
        configurations,
        created_at: call.now,
        status,
        status_reason,
    };
    let doing = Doing::new(call, NAME, &input);
    let id = call.service.store.create_access_preview(&preview, &findings, &doing.act()).await?;
    Ok(json!({ "id": id }))
}
