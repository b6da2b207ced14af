//! Access previews: the resource as it would be, analyzed like any other.

mod proposal;

use std::sync::Arc;

use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::field::{Field, Use};
use ringfence_findings::filter::Filter;
use ringfence_findings::observation::{Details, Observation};
use ringfence_findings::preview::{ChangeType, PreviewFinding, preview};
use ringfence_store::previews::AccessPreview;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api::Exception;
use crate::service::Service;
use crate::stored::wire;
use crate::watch;

/// More archive rules no analyzer has.
const RULES: usize = 100;

/// The findings of a proposed configuration; what is wrong with it where it is none.
///
/// # Errors
/// When the source or the store cannot be read.
pub(crate) async fn work_out(
    service: &Arc<Service>,
    analyzer: &Analyzer,
    id: &Uuid,
    resource: &str,
    configuration: &Value,
) -> Result<Result<Vec<PreviewFinding>, String>, Exception> {
    let inventory = watch::inventory_or_empty(service).await?;
    let region = service.settings.region.clone();
    let (owner, arn, proposed) = (analyzer.clone(), resource.to_owned(), configuration.clone());
    let observed = tokio::task::spawn_blocking(move || {
        let inventory =
            proposal::applied(inventory.as_ref().clone(), &owner, &region, &arn, &proposed)?;
        let analyses = watch::external(&inventory, &owner, &[arn]);
        let observations = analyses.into_iter().flat_map(|own| own.observations);
        Ok::<Vec<Observation>, String>(observations.collect())
    })
    .await
    .map_err(|error| Exception::internal(&error))?;
    let observed = match observed {
        Ok(observed) => observed,
        Err(reason) => return Ok(Err(reason)),
    };
    let store = &service.store;
    let stored = store.findings_of_resource(&analyzer.arn, resource).await?;
    let rules = store.list_archive_rules(&analyzer.arn, None, RULES).await?;
    Ok(Ok(preview(&stored, &observed, &rules.items, id)))
}

/// `AccessPreviewSummary`.
pub(crate) fn summary(own: &AccessPreview) -> Value {
    let mut summary = json!({
        "id": own.id,
        "analyzerArn": own.analyzer_arn,
        "createdAt": wire::time(own.created_at),
        "status": own.status.as_str(),
    });
    let reason = own.status_reason.as_ref().map(|code| json!({ "code": code }));
    wire::put(&mut summary, "statusReason", reason);
    summary
}

/// `AccessPreviewFinding`.
pub(crate) fn finding(own: &PreviewFinding, preview: &AccessPreview) -> Value {
    let observation = &own.observation;
    let mut members = json!({
        "id": own.id,
        "resource": observation.resource,
        "resourceType": observation.resource_type,
        "resourceOwnerAccount": observation.resource_owner_account,
        "createdAt": wire::time(preview.created_at),
        "changeType": change_type(own),
        "status": own.status.as_str(),
    });
    let existing = own.existing_finding_id.clone().map(Value::from);
    wire::put(&mut members, "existingFindingId", existing);
    let status = own.existing_finding_status.map(|status| json!(status.as_str()));
    wire::put(&mut members, "existingFindingStatus", status);
    wire::put(&mut members, "error", observation.error().map(Value::from));
    if let Details::External(access) = &observation.details
        && let Value::Object(details) = wire::external(access)
    {
        for (name, value) in details {
            wire::put(&mut members, &name, Some(value));
        }
    }
    members
}

/// Whether a filter lets a finding of a preview pass.
pub(crate) fn admits(filter: &Filter, own: &PreviewFinding) -> bool {
    filter.0.iter().all(|(key, criterion)| {
        let Some(field) = Field::parse(key, Use::PreviewList) else { return false };
        criterion.admits(match field {
            Field::Id => Some(&own.id),
            Field::Status => Some(own.status.as_str()),
            Field::ChangeType => Some(change_type(own)),
            Field::ExistingFindingId => own.existing_finding_id.as_deref(),
            Field::ExistingFindingStatus => own.existing_finding_status.map(|own| own.as_str()),
            field => field.of_observation(&own.observation),
        })
    })
}

fn change_type(own: &PreviewFinding) -> &'static str {
    match own.change_type {
        ChangeType::New => "NEW",
        ChangeType::Unchanged => "UNCHANGED",
        ChangeType::Changed => "CHANGED",
    }
}
