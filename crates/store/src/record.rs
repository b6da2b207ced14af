//! The record of each finding: entries chained by hashes, added and never changed.
//!
//! What an entry is and how it is hashed stands in `ringfence-response`. Entries come one after the other, whatever else
//! their transactions exclude, so positions have no gap. They are never deleted.

use jiff::Timestamp;
use ringfence_response::record::{Chain, Entry, RecordEvent, written};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::{Backend, Scope, Store};
use crate::error::StoreError;
use crate::sql::{body, json, limit, millis, query, text};

/// What is to be added to the record.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// The finding's id.
    pub subject: String,
    /// What happened to it.
    pub event: RecordEvent,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Adds entries in a transaction of their own, all or none. What is recorded with a change of state is added in the
    /// transaction that makes the change.
    ///
    /// # Errors
    /// Where they could not be written.
    pub async fn add_to_record(&self, entries: &[NewEntry]) -> Result<Vec<Entry>> {
        let mut transaction = self.begin(Scope::Named("record")).await?;
        let added = append_all(&mut transaction, self.backend(), entries).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// The record of a finding, oldest first.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn record_of(&self, subject: &str) -> Result<Vec<Entry>> {
        let sql = "SELECT position, at, subject, body, previous, hash FROM record
                   WHERE subject = $1 ORDER BY position";
        let rows = query(sql).bind(text(subject)).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }

    /// The entries behind the position `after`, oldest first, `most` at most.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn record_page(&self, after: u64, most: usize) -> Result<Vec<Entry>> {
        let sql = "SELECT position, at, subject, body, previous, hash FROM record
                   WHERE position > $1 ORDER BY position LIMIT $2";
        let rows = query(sql)
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(limit(most))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Where the record ends.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn record_end(&self) -> Result<Chain> {
        let mut connection = self.reader().acquire().await?;
        end(&mut connection).await
    }
}

/// Adds an entry in the transaction of `connection`.
pub(crate) async fn append(
    connection: &mut AnyConnection,
    backend: Backend,
    entry: &NewEntry,
) -> Result<Entry> {
    let added = append_all(connection, backend, std::slice::from_ref(entry)).await?;
    added.into_iter().next().ok_or_else(|| StoreError::corrupt("the record", "an entry is missing"))
}

/// Adds entries in the transaction of `connection`.
pub(crate) async fn append_all(
    connection: &mut AnyConnection,
    backend: Backend,
    entries: &[NewEntry],
) -> Result<Vec<Entry>> {
    // Transactions of different scopes may add at the same time. This lock is the last that a transaction takes, so
    // none waits in a circle. SQLite has one writer anyway.
    if backend == Backend::Postgres {
        query("SELECT pg_advisory_xact_lock(hashtextextended('the end of the record', 0))")
            .execute(&mut *connection)
            .await?;
    }
    let mut chain = end(connection).await?;
    let mut added = Vec::with_capacity(entries.len());
    for NewEntry { subject, event, at } in entries {
        let event = serde_json::to_value(event)
            .map_err(|error| StoreError::corrupt("what is to be recorded", error))?;
        let entry = chain.append(&text(subject), event, *at);
        let sql = "INSERT INTO record (position, at, subject, body, previous, hash)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        query(sql)
            .bind(i64::try_from(entry.position).unwrap_or(i64::MAX))
            .bind(millis(*at))
            .bind(entry.subject.clone())
            .bind(json(&entry.body)?)
            .bind(entry.previous.clone())
            .bind(entry.hash.clone())
            .execute(&mut *connection)
            .await?;
        added.push(entry);
    }
    Ok(added)
}

async fn end(connection: &mut AnyConnection) -> Result<Chain> {
    let sql = "SELECT position, hash FROM record ORDER BY position DESC LIMIT 1";
    match query(sql).fetch_optional(connection).await? {
        None => Ok(Chain::default()),
        Some(row) => Ok(Chain { position: position(&row)?, hash: row.try_get("hash")? }),
    }
}

fn read(row: &AnyRow) -> Result<Entry> {
    let at = Timestamp::from_millisecond(row.try_get("at")?)
        .map_err(|error| StoreError::corrupt("an entry of the record", error))?;
    Ok(Entry {
        position: position(row)?,
        at: written(at),
        subject: row.try_get("subject")?,
        body: body("an entry of the record", row.try_get("body")?)?,
        previous: row.try_get("previous")?,
        hash: row.try_get("hash")?,
    })
}

fn position(row: &AnyRow) -> Result<u64> {
    let position: i64 = row.try_get("position")?;
    u64::try_from(position).map_err(|error| StoreError::corrupt("an entry of the record", error))
}
