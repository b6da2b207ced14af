#![doc = include_str!("get_access_preview.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::previews;
use crate::service::Call;
use crate::stored::text;

pub(super) const OPERATION: Operation = Operation {
    name: "GetAccessPreview",
    action: "GetAccessPreview",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let (analyzer, id) = (text(&input, "analyzerArn"), text(&input, "accessPreviewId"));
    let preview = call.service.store.access_preview(analyzer, id).await?;
    let mut members = previews::summary(&preview);
    crate::stored::wire::put(&mut members, "configurations", Some(preview.configurations));
    Ok(json!({ "accessPreview": members }))
}
