//! What is deleted when it is old.

use jiff::{SignedDuration, Timestamp};
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::finding::RESOLVED_KEPT_DAYS;

use crate::database::{Scope, Store};
use crate::findings::BATCH;
use crate::sql::{limit, millis, query};
use crate::{Result, finding_rows};

/// How long what else there is is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Previews with their findings.
    pub previews: SignedDuration,
    /// Client tokens: how long a repetition is known as one.
    pub client_tokens: SignedDuration,
    /// Events and notifications, delivered or given up; those that are still tried stay.
    pub events: SignedDuration,
    /// Entries of the audit log.
    pub audit: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            previews: SignedDuration::from_hours(24),
            client_tokens: SignedDuration::from_hours(24),
            events: SignedDuration::from_hours(24 * 14),
            audit: SignedDuration::from_hours(24 * 400),
        }
    }
}

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// Resolved findings.
    pub findings: u64,
    /// Previews.
    pub previews: u64,
    /// Events.
    pub events: u64,
}

impl Store {
    /// Deletes findings that have been resolved for 90 days, each with an event, and what is older than `retention`
    /// says; also ends interrupted deletions of analyzers. In batches, each a transaction.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn delete_outdated(&self, retention: &Retention, now: Timestamp) -> Result<Deleted> {
        self.finish_deletions(now).await?;
        let mut deleted = Deleted::default();
        for analyzer in self.all_analyzers().await? {
            loop {
                let batch = self.delete_outdated_findings(&analyzer, now).await?;
                deleted.findings += batch;
                if batch == 0 {
                    break;
                }
            }
        }
        let mut transaction = self.begin(Scope::Named("retention")).await?;
        let before = |kept: SignedDuration| now.checked_sub(kept).map_or(i64::MIN, millis);
        let sql = "DELETE FROM preview_findings
                   WHERE preview IN (SELECT id FROM previews WHERE created_at < $1)";
        query(sql).bind(before(retention.previews)).execute(&mut *transaction).await?;
        let sql = "DELETE FROM previews WHERE created_at < $1";
        let done = query(sql).bind(before(retention.previews)).execute(&mut *transaction).await?;
        deleted.previews = done.rows_affected();
        let sql = "DELETE FROM deliveries WHERE state = 'dead'
                   AND position IN (SELECT position FROM events WHERE at < $1)";
        query(sql).bind(before(retention.events)).execute(&mut *transaction).await?;
        let sql = "DELETE FROM events WHERE at < $1
                   AND position NOT IN (SELECT position FROM deliveries)";
        let done = query(sql).bind(before(retention.events)).execute(&mut *transaction).await?;
        deleted.events = done.rows_affected();
        let sql = "DELETE FROM notification_deliveries WHERE state = 'dead'
                   AND position IN (SELECT position FROM notifications WHERE at < $1)";
        query(sql).bind(before(retention.events)).execute(&mut *transaction).await?;
        let sql = "DELETE FROM notifications WHERE at < $1 AND routed = 1
                   AND position NOT IN (SELECT position FROM notification_deliveries)";
        query(sql).bind(before(retention.events)).execute(&mut *transaction).await?;
        for (sql, kept) in [
            ("DELETE FROM client_tokens WHERE created_at < $1", retention.client_tokens),
            ("DELETE FROM audit WHERE at < $1", retention.audit),
        ] {
            query(sql).bind(before(kept)).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(deleted)
    }

    /// Deletes a batch of outdated findings; gives how many there were.
    async fn delete_outdated_findings(&self, analyzer: &Analyzer, now: Timestamp) -> Result<u64> {
        let mut transaction = self.begin(Scope::Analyzer(&analyzer.arn)).await?;
        let Some((number, owner)) = crate::analyzers::find(&mut transaction, &analyzer.arn).await?
        else {
            return Ok(0);
        };
        let kept = SignedDuration::from_hours(RESOLVED_KEPT_DAYS * 24);
        let sql = "SELECT body FROM findings WHERE analyzer = $1 AND status = 'RESOLVED'
                   AND updated_at <= $2 ORDER BY updated_at, id LIMIT $3";
        let rows = query(sql)
            .bind(number)
            .bind(now.checked_sub(kept).map_or(i64::MIN, millis))
            .bind(limit(BATCH))
            .fetch_all(&mut *transaction)
            .await?;
        let mut deleted = 0;
        for row in &rows {
            let finding = finding_rows::read(row)?;
            if !finding.is_outdated(now) {
                continue;
            }
            finding_rows::delete(&mut transaction, number, &finding).await?;
            finding_rows::tell_deleted(&mut transaction, &owner, &finding, now).await?;
            deleted += 1;
        }
        transaction.commit().await?;
        Ok(deleted)
    }
}
