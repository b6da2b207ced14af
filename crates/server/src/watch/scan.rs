//! Makes the findings of an analyzer agree with the environment: of a few resources, or of all.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use ringfence_access::inventory::{Inventory, Resource};
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus};
use ringfence_findings::observation::FindingType;
use ringfence_findings::reconcile::{Change, Completeness};
use ringfence_store::StoreError;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::resource::AnalyzedResource;

use super::{ScanError, environment, observe};
use crate::archive_rules::broad;
use crate::service::Service;

/// How many resources are looked at and written in one transaction.
const BATCH: usize = 200;

/// Looks at everything that an analyzer looks at, writes the difference, and resolves what is gone.
pub(super) async fn whole(service: &Arc<Service>, arn: &str) -> Result<(), ScanError> {
    // One scan at a time: the second one would find what the first one wrote.
    let _turn = service.scanning.lock().await;
    let owner = service.store.analyzer(arn).await?;
    let Some(environment) = environment(service).await? else {
        return stand(service, arn, AnalyzerStatus::Active).await;
    };
    let arns: BTreeSet<String> = all(&environment.inventory, &owner);
    drop(environment);
    let list: Vec<String> = arns.iter().cloned().collect();
    for batch in list.chunks(BATCH) {
        look_at(service, &owner, batch, Absent::MayBeUnread).await?;
    }
    let mut after = None;
    loop {
        let page = service.store.list_analyzed_resources(arn, None, after.as_ref(), BATCH).await?;
        let absent = page.items.into_iter().map(|own| own.resource_arn);
        let absent: Vec<String> = absent.filter(|own| !arns.contains(own)).collect();
        if !absent.is_empty() {
            look_at(service, &owner, &absent, Absent::MayBeUnread).await?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    stand(service, arn, AnalyzerStatus::Active).await?;
    tracing::info!(analyzer = arn, resources = arns.len(), "scanned");
    Ok(())
}

/// The ARNs of what there is to look at.
fn all(inventory: &Inventory, owner: &Analyzer) -> BTreeSet<String> {
    let there = inventory.resources.iter();
    let there = there.filter(|own| observe::is_looked_at(owner, own.account.as_str()));
    let unread = inventory.not_analyzed.iter().filter_map(|own| own.resource.clone());
    there.map(|own| own.arn.clone()).chain(unread).collect()
}

/// Says where an analyzer stands. Where its source cannot be read it has no access to what it should look at.
pub(super) async fn stand(
    service: &Service,
    arn: &str,
    status: AnalyzerStatus,
) -> Result<(), ScanError> {
    let reason = match status {
        AnalyzerStatus::Active | AnalyzerStatus::Creating => None,
        AnalyzerStatus::Disabled | AnalyzerStatus::Failed => Some("AWS_SERVICE_ACCESS_DISABLED"),
    };
    let own = service.store.analyzer(arn).await?;
    if own.status != status || own.status_reason.as_deref() != reason {
        service.store.set_analyzer_status(arn, status, reason).await?;
    }
    Ok(())
}

/// What it means that a resource is not in the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// It may be among what could not be read.
    MayBeUnread,
    /// It was asked for, and it is not there.
    Gone,
}

/// Looks at the resources with these ARNs as the environment has them now, and writes the difference. Those that are
/// not there any more, or not the analyzer's, are resolved; those that may only be unreadable stay as they are.
pub(super) async fn look_at(
    service: &Arc<Service>,
    owner: &Analyzer,
    arns: &[String],
    absent: Absent,
) -> Result<Vec<Change>, ScanError> {
    let _turn = service.watch.writing.lock().await;
    let Some(environment) = service.watch.current() else { return Ok(Vec::new()) };
    let now = Timestamp::now();
    let inventory = Arc::clone(&environment.inventory);
    let mut analyses = match owner.analyzer_type.finding_type() {
        FindingType::ExternalAccess => {
            let (owner, arns) = (owner.clone(), arns.to_vec());
            let inventory = Arc::clone(&inventory);
            tokio::task::spawn_blocking(move || observe::external(&inventory, &owner, &arns))
                .await?
        }
        FindingType::InternalAccess => {
            let found = observe::looked_at(&inventory, owner, arns);
            let resources: Vec<Arc<Resource>> = found.into_iter().cloned().collect();
            service.watch.prepared.look(&environment, owner, resources).await?
        }
    };
    observe::add_unread(&inventory, owner, arns, &mut analyses);
    let seen: BTreeSet<&str> = analyses.iter().map(|own| own.resource.as_str()).collect();
    let unseen: Vec<&String> = arns.iter().filter(|arn| !seen.contains(arn.as_str())).collect();
    let mut gone = Vec::new();
    for arn in unseen {
        match service.store.analyzed_resource(&owner.arn, arn).await {
            Ok(known) if absent == Absent::Gone || !may_be_unread(&inventory, &known) => {
                gone.push(resolved(known));
            }
            Ok(_) | Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    analyses.extend(gone);
    if analyses.is_empty() {
        return Ok(Vec::new());
    }
    let changes = service.store.apply_reconciliation(&owner.arn, &analyses, now).await?;
    broad::told_of(service, &owner.arn, &changes, now).await?;
    Ok(changes)
}

fn resolved(known: AnalyzedResource) -> Analysis {
    Analysis {
        resource: known.resource_arn,
        resource_type: known.resource_type,
        resource_owner_account: known.resource_owner_account,
        observations: Vec::new(),
        completeness: Completeness::Complete,
        presence: Presence::Gone,
    }
}

/// Whether something could not be read that may have been this resource, which is not there.
fn may_be_unread(inventory: &Inventory, own: &AnalyzedResource) -> bool {
    if inventory.resources.with_arn(&own.resource_arn).next().is_some() {
        return false;
    }
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
