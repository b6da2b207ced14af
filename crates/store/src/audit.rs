//! The audit log: who changed what, when, and what it was before.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::{AnyConnection, Row};

use crate::act::Act;
use crate::database::Store;
use crate::sql::{body, limit, millis, query, text};
use crate::{Result, StoreError};

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Its place in the log.
    pub position: i64,
    /// When, to the millisecond.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// The operation.
    pub operation: String,
    /// What was changed: an ARN or an id.
    pub subject: String,
    /// What it was; nothing where it was not there.
    pub before: Option<Value>,
    /// What it is; nothing where it is gone.
    pub after: Option<Value>,
}

impl Store {
    /// Notes something that changes nothing in the store, such as a refused or an outside act.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn note(&self, act: &Act<'_>, subject: &str, after: &Value) -> Result<()> {
        let mut connection = self.begin(crate::database::Scope::Named("audit")).await?;
        act.note(&mut connection, subject, None::<&Value>, Some(after)).await?;
        Ok(connection.commit().await?)
    }

    /// The entries behind the position `after`, oldest first, `most` at most.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn audit_log(&self, after: i64, most: usize) -> Result<Vec<AuditEntry>> {
        let sql = "SELECT position, at, who, operation, subject, before, after FROM audit
                   WHERE position > $1 ORDER BY position LIMIT $2";
        let rows = query(sql).bind(after).bind(limit(most)).fetch_all(self.reader()).await?;
        rows.iter().map(entry).collect()
    }
}

fn entry(row: &sqlx::any::AnyRow) -> Result<AuditEntry> {
    let value = |column: &str| -> Result<Option<Value>> {
        let text: Option<String> = row.try_get(column)?;
        text.map(|text| body("an audit entry", &text)).transpose()
    };
    let at = Timestamp::from_millisecond(row.try_get("at")?)
        .map_err(|error| StoreError::corrupt("an audit entry", error))?;
    Ok(AuditEntry {
        position: row.try_get("position")?,
        at,
        who: row.try_get("who")?,
        operation: row.try_get("operation")?,
        subject: row.try_get("subject")?,
        before: value("before")?,
        after: value("after")?,
    })
}

pub(crate) async fn write(
    connection: &mut AnyConnection,
    act: &Act<'_>,
    subject: &str,
    before: Option<String>,
    after: Option<String>,
) -> Result<()> {
    let sql = "INSERT INTO audit (at, who, operation, subject, before, after)
               VALUES ($1, $2, $3, $4, $5, $6)";
    query(sql)
        .bind(millis(act.at))
        .bind(text(act.who))
        .bind(act.operation)
        .bind(text(subject))
        .bind(before)
        .bind(after)
        .execute(connection)
        .await?;
    Ok(())
}
