//! Findings one by one: reading them, changing their status, counting them.

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::finding::{ArchivedBy, Finding, StatusUpdate};
use ringfence_findings::statistics::{Counts, Statistics};
use sqlx::Row;

use crate::act::Act;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::sql::{limit, query};
use crate::{Result, analyzers, finding_rows};

/// How many findings are deleted in one transaction.
pub(crate) const BATCH: usize = 500;

/// Which findings are updated.
#[derive(Clone, Copy, Debug)]
pub enum UpdateTarget<'a> {
    /// Those with these ids.
    Ids(&'a [String]),
    /// All of the resource with this ARN.
    Resource(&'a str),
}

impl Store {
    /// A finding.
    ///
    /// # Errors
    /// Where there is no such analyzer or finding.
    pub async fn finding(&self, analyzer: &str, id: &str) -> Result<Finding> {
        let mut connection = self.reader().acquire().await?;
        if let Some(found) = finding_rows::find_in(&mut connection, analyzer, id).await? {
            return Ok(found);
        }
        analyzers::existing(&mut connection, analyzer).await?;
        Err(StoreError::NotFound(Item::Finding(id.to_owned())))
    }

    /// Those of an analyzer's findings that have one of these ids, by id.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn findings_by_id(&self, analyzer: &str, ids: &[&str]) -> Result<Vec<Finding>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(finding_rows::find(&mut connection, number, id).await?);
        }
        found.sort_by(|a, b| a.id().cmp(b.id()));
        Ok(found)
    }

    /// The findings of a resource, by id.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn findings_of_resource(
        &self,
        analyzer: &str,
        resource: &str,
    ) -> Result<Vec<Finding>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        finding_rows::of_resource(&mut connection, number, resource).await
    }

    /// Gives findings another status, and returns those that changed; nothing on a repetition. All are
    /// written, or none.
    ///
    /// # Errors
    /// Where there is no such analyzer or one of the findings is not there.
    pub async fn update_findings(
        &self,
        analyzer: &str,
        target: UpdateTarget<'_>,
        status: StatusUpdate,
        by: &ArchivedBy,
        act: &Act<'_>,
    ) -> Result<Vec<Finding>> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if act.earlier::<()>(&mut transaction).await?.is_some() {
            return Ok(Vec::new());
        }
        let (number, owner) = analyzers::existing(&mut transaction, analyzer).await?;
        let mut stored = Vec::new();
        match target {
            UpdateTarget::Resource(arn) => {
                stored = finding_rows::of_resource(&mut transaction, number, arn).await?;
            }
            UpdateTarget::Ids(ids) => {
                for id in ids {
                    let found = finding_rows::find(&mut transaction, number, id).await?;
                    let missing = || StoreError::NotFound(Item::Finding(id.clone()));
                    stored.push(found.ok_or_else(missing)?);
                }
            }
        }
        let mut changed: Vec<Finding> = Vec::new();
        for before in &stored {
            let seen = changed.iter().any(|own| own.id() == before.id());
            let Some(after) = before.updated(status, by.clone(), act.at).filter(|_| !seen) else {
                continue;
            };
            finding_rows::replace(&mut transaction, number, before, &after).await?;
            finding_rows::tell(&mut transaction, &owner, &after, act.at).await?;
            finding_rows::note(&mut transaction, act, before, &after).await?;
            changed.push(after);
        }
        act.remember(&mut transaction, &()).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// How many findings an analyzer has of which kind.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn statistics(&self, analyzer: &str) -> Result<Statistics> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let sql = "SELECT resource_type, kind, number FROM counts
                   WHERE analyzer = $1 AND number <> 0 ORDER BY resource_type, kind";
        let mut statistics = Statistics::default();
        for row in query(sql).bind(number).fetch_all(&mut *connection).await? {
            let number: i64 = row.try_get("number")?;
            let number = u64::try_from(number)
                .map_err(|error| StoreError::corrupt("the count of findings", error))?;
            let (resource_type, kind): (String, String) =
                (row.try_get("resource_type")?, row.try_get("kind")?);
            let own: &mut Counts = statistics.resource_types.entry(resource_type).or_default();
            match kind.as_str() {
                "active_public" => own.active_public = number,
                "active_not_public" => own.active_not_public = number,
                "active_errors" => own.active_errors = number,
                "archived" => own.archived = number,
                "resolved" => own.resolved = number,
                other => {
                    return Err(StoreError::corrupt("the count of findings", other.to_owned()));
                }
            }
        }
        Ok(statistics)
    }

    /// Deletes a batch of an analyzer's findings and tells of each; gives how many there were.
    pub(crate) async fn delete_findings_of(
        &self,
        number: i64,
        analyzer: &Analyzer,
        now: Timestamp,
    ) -> Result<usize> {
        let mut transaction = self.begin(Scope::Analyzer(&analyzer.arn)).await?;
        let sql = "SELECT body FROM findings WHERE analyzer = $1 ORDER BY id LIMIT $2";
        let rows = query(sql).bind(number).bind(limit(BATCH)).fetch_all(&mut *transaction).await?;
        for row in &rows {
            let finding = finding_rows::read(row)?;
            finding_rows::delete(&mut transaction, number, &finding).await?;
            finding_rows::tell_deleted(&mut transaction, analyzer, &finding, now).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }
}
