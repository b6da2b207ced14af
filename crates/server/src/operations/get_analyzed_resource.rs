#![doc = include_str!("get_analyzed_resource.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::finding_lists::require_external;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetAnalyzedResource",
    action: "GetAnalyzedResource",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = text(&input, "analyzerArn");
    require_external(call, analyzer).await?;
    let own = call.service.store.analyzed_resource(analyzer, text(&input, "resourceArn")).await?;
    let mut resource = json!({
        "resourceArn": own.resource_arn,
        "resourceType": own.resource_type,
        "resourceOwnerAccount": own.resource_owner_account,
        "createdAt": wire::time(own.created_at),
        "analyzedAt": wire::time(own.analyzed_at),
        "updatedAt": wire::time(own.updated_at),
        "isPublic": own.is_public,
    });
    wire::put(&mut resource, "status", own.status.map(|status| json!(status.as_str())));
    wire::put(&mut resource, "error", own.error.map(Value::from));
    if own.status.is_some() {
        wire::put(&mut resource, "actions", Some(json!(own.actions)));
        wire::put(&mut resource, "sharedVia", Some(json!(own.shared_via)));
    }
    Ok(json!({ "resource": resource }))
}
