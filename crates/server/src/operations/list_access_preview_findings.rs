#![doc = include_str!("list_access_preview_findings.md")]

use ringfence_findings::field::Use;
use ringfence_store::previews::PreviewStatus;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::authorization::Target;
use crate::pagination::Page;
use crate::previews;
use crate::service::Call;
use crate::stored::{filter, text, wire};

const NAME: &str = "ListAccessPreviewFindings";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListAccessPreviewFindings",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let filter = filter(&input, Use::PreviewList)?;
    let (analyzer, id) = (text(&input, "analyzerArn"), text(&input, "accessPreviewId"));
    let store = &call.service.store;
    let preview = store.access_preview(analyzer, id).await?;
    if preview.status == PreviewStatus::Creating {
        let kind =
            ExceptionKind::Conflict { resource_id: id.to_owned(), resource_type: "AccessPreview" };
        return Err(Exception::new(kind, "the preview is being worked out"));
    }
    let cursor = page.cursor();
    let list = store
        .list_preview_findings(
            analyzer,
            id,
            |own| previews::admits(&filter, own),
            cursor.as_ref(),
            page.size,
        )
        .await?;
    let write = |own| previews::finding(own, &preview);
    let findings: Vec<Value> = list.items.iter().map(write).collect();
    let mut output = json!({ "findings": findings });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}
