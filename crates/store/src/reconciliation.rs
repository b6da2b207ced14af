//! What an analysis saw, made of the findings that are stored.

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::Observation;
use ringfence_findings::reconcile::{Change, Completeness, Observed, reconcile};
use sqlx::AnyConnection;

use crate::database::{Scope, Store};
use crate::resource::{self, AnalyzedResource};
use crate::{Result, analyzers, archive_rules, finding_rows};

/// What an analysis saw of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The resource's ARN, which all observations have.
    pub resource: String,
    /// Its type, by CloudFormation's name.
    pub resource_type: String,
    /// The account that owns it.
    pub resource_owner_account: String,
    /// What was seen.
    pub observations: Vec<Observation>,
    /// Whether that is all.
    pub completeness: Completeness,
    /// Whether the resource is there.
    pub presence: Presence,
}

/// Whether a resource is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    There,
    /// It is not, or not any more in the zone of trust. Its findings are resolved.
    Gone,
}

impl Store {
    /// Makes the stored findings of some resources agree with what an analysis saw of them, in one transaction, and
    /// gives what changed. What is stored is read within the transaction, so analyses of the same resource at the
    /// same time come one after the other. Doing it twice changes nothing.
    ///
    /// Events tell of new findings, of those whose status changed and of those deleted, not of those that were only
    /// looked at again. Some hundred resources in one call are quick; more hold up other writers.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn apply_reconciliation(
        &self,
        analyzer: &str,
        analyses: &[Analysis],
        now: Timestamp,
    ) -> Result<Vec<Change>> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        let (number, mut owner) = analyzers::existing(&mut transaction, analyzer).await?;
        let rules = archive_rules::all(&mut transaction, number).await?;
        let mut all = Vec::new();
        for analysis in analyses {
            let place = Place { number, owner: &owner, rules: &rules };
            all.extend(apply(&mut transaction, &place, analysis, now).await?);
        }
        if let Some(last) = analyses.last() {
            owner.last_resource_analyzed = Some(last.resource.clone());
            owner.last_resource_analyzed_at = Some(now);
            analyzers::write(&mut transaction, number, &owner).await?;
        }
        transaction.commit().await?;
        Ok(all)
    }
}

/// The analyzer that an analysis belongs to.
struct Place<'a> {
    number: i64,
    owner: &'a Analyzer,
    rules: &'a [ArchiveRule],
}

async fn apply(
    connection: &mut AnyConnection,
    place: &Place<'_>,
    analysis: &Analysis,
    now: Timestamp,
) -> Result<Vec<Change>> {
    let number = place.number;
    let stored = finding_rows::of_resource(connection, number, &analysis.resource).await?;
    let observed = match analysis.presence {
        Presence::There => {
            Observed { observations: &analysis.observations, completeness: analysis.completeness }
        }
        Presence::Gone => Observed { observations: &[], completeness: Completeness::Complete },
    };
    let changes = reconcile(&stored, observed, place.rules, now);
    for change in &changes {
        write(connection, place, &stored, change, now).await?;
    }
    match analysis.presence {
        Presence::Gone => resource::delete(connection, number, &analysis.resource).await?,
        Presence::There => {
            let findings = after(&stored, &changes);
            let before = resource::find(connection, number, &analysis.resource).await?;
            let next = AnalyzedResource::of(before.as_ref(), analysis, &findings, now);
            resource::write(connection, number, &next).await?;
        }
    }
    Ok(changes)
}

async fn write(
    connection: &mut AnyConnection,
    place: &Place<'_>,
    stored: &[Finding],
    change: &Change,
    now: Timestamp,
) -> Result<()> {
    let (number, owner) = (place.number, place.owner);
    match change {
        Change::Create(finding) => {
            finding_rows::insert(connection, number, finding).await?;
            finding_rows::tell(connection, owner, finding, now).await
        }
        Change::Status { finding, .. } => {
            replace(connection, number, stored, finding).await?;
            finding_rows::tell(connection, owner, finding, now).await
        }
        Change::Refresh(finding) => replace(connection, number, stored, finding).await,
        Change::Delete(finding) => {
            finding_rows::delete(connection, number, finding).await?;
            finding_rows::tell_deleted(connection, owner, finding, now).await
        }
    }
}

async fn replace(
    connection: &mut AnyConnection,
    number: i64,
    stored: &[Finding],
    finding: &Finding,
) -> Result<()> {
    match stored.iter().find(|own| own.id() == finding.id()) {
        Some(before) => finding_rows::replace(connection, number, before, finding).await,
        None => Ok(()),
    }
}

/// The findings once `changes` are written.
fn after(stored: &[Finding], changes: &[Change]) -> Vec<Finding> {
    let mut findings: std::collections::BTreeMap<&str, &Finding> =
        stored.iter().map(|own| (own.id(), own)).collect();
    for change in changes {
        match change {
            Change::Create(own) | Change::Status { finding: own, .. } | Change::Refresh(own) => {
                findings.insert(own.id(), own);
            }
            Change::Delete(own) => {
                findings.remove(own.id());
            }
        }
    }
    findings.into_values().cloned().collect()
}
