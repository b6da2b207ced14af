//! A scan of everything that an analyzer looks at.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use ringfence_access::inventory::Inventory;
use ringfence_findings::analyzer::AnalyzerStatus;
use ringfence_findings::reconcile::Completeness;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::resource::AnalyzedResource;

use super::{ScanError, inventory, observe};
use crate::service::Service;

/// How many resources are written in one transaction.
const BATCH: usize = 200;

/// Reads the source, analyzes, writes the difference, and resolves what is gone.
pub(super) async fn whole(service: &Arc<Service>, arn: &str) -> Result<(), ScanError> {
    // One scan at a time: the second one would find what the first one wrote.
    let _turn = service.scanning.lock().await;
    let started = Timestamp::now();
    let owner = service.store.analyzer(arn).await?;
    if let Some(inventory) = inventory(service).await? {
        let inventory = Arc::new(inventory);
        let all = {
            let (inventory, owner) = (Arc::clone(&inventory), owner.clone());
            tokio::task::spawn_blocking(move || observe::analyses(&inventory, &owner, |_| true))
                .await?
        };
        for batch in all.chunks(BATCH) {
            service.store.apply_reconciliation(arn, batch, started).await?;
        }
        gone(service, arn, &inventory, &all, started).await?;
    }
    service.store.set_analyzer_status(arn, AnalyzerStatus::Active).await?;
    tracing::info!(analyzer = arn, "scanned");
    Ok(())
}

/// Resolves the findings of resources that are not there any more. A resource that may only be unreadable stays.
async fn gone(
    service: &Service,
    arn: &str,
    inventory: &Inventory,
    seen: &[Analysis],
    now: Timestamp,
) -> Result<(), ScanError> {
    let seen: BTreeSet<&str> = seen.iter().map(|own| own.resource.as_str()).collect();
    let mut after = None;
    loop {
        let page = service.store.list_analyzed_resources(arn, None, after.as_ref(), BATCH).await?;
        let absent = page.items.into_iter().filter(|own| !seen.contains(own.resource_arn.as_str()));
        let gone: Vec<Analysis> = absent
            .filter(|own| !may_be_unread(inventory, own))
            .map(|own| Analysis {
                resource: own.resource_arn,
                resource_type: own.resource_type,
                resource_owner_account: own.resource_owner_account,
                observations: Vec::new(),
                completeness: Completeness::Complete,
                presence: Presence::Gone,
            })
            .collect();
        if !gone.is_empty() {
            service.store.apply_reconciliation(arn, &gone, now).await?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Whether something could not be read that may have been this resource.
fn may_be_unread(inventory: &Inventory, own: &AnalyzedResource) -> bool {
    inventory.not_analyzed.iter().any(|entry| {
        let is_same = |said: Option<&str>, known: &str| said.is_none_or(|said| said == known);
        is_same(entry.resource.as_deref(), &own.resource_arn)
            && is_same(entry.resource_type.as_deref(), &own.resource_type)
            && is_same(
                entry.account.as_ref().map(ringfence_policy::AccountId::as_str),
                &own.resource_owner_account,
            )
    })
}
