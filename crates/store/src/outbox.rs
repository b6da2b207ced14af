//! The outbox: events written in the transaction that made the change, and delivered to each sink until it took them.
//!
//! Delivery is at least once. A sink gets the events of one finding in order: the next is due once the one before is
//! delivered or given up. What was given up stays as a dead letter until it is replayed or too old.

use jiff::{SignedDuration, Timestamp};
use ringfence_findings::event::Event;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::sql::{body, json, limit, millis, query, text};

/// An event that a sink has not taken yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The event's place among all events; a later event of a finding has a higher one.
    pub position: i64,
    /// What the event is about: the id of the finding or preview.
    pub subject: String,
    /// The event.
    pub event: Event,
    /// How many attempts failed.
    pub attempts: u32,
    /// What the last of them failed with.
    pub error: Option<String>,
}

/// When to try again, and when to give up.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The wait after the first failure; it doubles with each more.
    pub first_wait: SignedDuration,
    /// The longest wait.
    pub longest_wait: SignedDuration,
    /// How many attempts are made.
    pub attempts: u32,
}

impl RetryPolicy {
    /// When to try again after `attempts` failures; nothing to give up.
    #[must_use]
    pub fn next_attempt(&self, attempts: u32, now: Timestamp) -> Option<Timestamp> {
        if attempts >= self.attempts {
            return None;
        }
        let doubled = 1i32.checked_shl(attempts.saturating_sub(1)).filter(|own| *own > 0);
        let wait = doubled
            .and_then(|factor| self.first_wait.checked_mul(factor))
            .map_or(self.longest_wait, |wait| wait.min(self.longest_wait));
        now.checked_add(wait).ok()
    }
}

impl Store {
    /// Says which sinks there are. From now on they get events; others get none and lose what they had not taken.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn set_sinks(&self, names: &[&str]) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("sinks")).await?;
        let rows = query("SELECT name FROM sinks").fetch_all(&mut *transaction).await?;
        for row in rows {
            let name: String = row.try_get(0)?;
            if !names.contains(&name.as_str()) {
                for sql in
                    ["DELETE FROM sinks WHERE name = $1", "DELETE FROM deliveries WHERE sink = $1"]
                {
                    query(sql).bind(name.clone()).execute(&mut *transaction).await?;
                }
            }
        }
        for name in names {
            let sql = "INSERT INTO sinks (name) VALUES ($1) ON CONFLICT DO NOTHING";
            query(sql).bind(text(name)).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes events that are due for a sink, at most one of each finding. Nobody else gets them until `lease` is over;
    /// by then each should be reported by [`Store::delivered`] or [`Store::delivery_failed`].
    ///
    /// # Errors
    /// Where they could not be read or written.
    pub async fn take_deliveries(
        &self,
        sink: &str,
        now: Timestamp,
        lease: SignedDuration,
        most: usize,
    ) -> Result<Vec<Delivery>> {
        let mut transaction = self.begin(Scope::Sink(sink)).await?;
        let sql = "SELECT d.position, d.subject, d.attempts, d.error, e.body
                   FROM deliveries d JOIN events e ON e.position = d.position
                   WHERE d.sink = $1 AND d.state = 'pending' AND d.next_attempt <= $2
                   AND NOT EXISTS (SELECT 1 FROM deliveries b
                       WHERE b.sink = d.sink AND b.subject = d.subject AND b.state = 'pending'
                       AND b.position < d.position)
                   ORDER BY d.next_attempt, d.position LIMIT $3";
        let rows = query(sql)
            .bind(text(sink))
            .bind(millis(now))
            .bind(limit(most))
            .fetch_all(&mut *transaction)
            .await?;
        let deliveries = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        for delivery in &deliveries {
            let sql = "UPDATE deliveries SET next_attempt = $1 WHERE sink = $2 AND position = $3";
            query(sql)
                .bind(millis(until))
                .bind(text(sink))
                .bind(delivery.position)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(deliveries)
    }

    /// The sink took the events at these positions.
    ///
    /// # Errors
    /// Where it could not be written; the events will be delivered again.
    pub async fn delivered(&self, sink: &str, positions: &[i64]) -> Result<()> {
        let mut transaction = self.begin(Scope::Sink(sink)).await?;
        for position in positions {
            let sql = "DELETE FROM deliveries WHERE sink = $1 AND position = $2";
            query(sql).bind(text(sink)).bind(*position).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The sink did not take the event at this position. Gives when to try again; nothing where it was given up.
    ///
    /// # Errors
    /// Where there is no such delivery.
    pub async fn delivery_failed(
        &self,
        sink: &str,
        position: i64,
        error: &str,
        policy: &RetryPolicy,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let mut transaction = self.begin(Scope::Sink(sink)).await?;
        let sql = "SELECT attempts FROM deliveries WHERE sink = $1 AND position = $2";
        let row =
            query(sql).bind(text(sink)).bind(position).fetch_optional(&mut *transaction).await?;
        let row = row.ok_or(StoreError::NotFound(Item::Event(position)))?;
        let attempts = attempts(&row)?.saturating_add(1);
        let next = policy.next_attempt(attempts, now);
        let state = if next.is_some() { "pending" } else { "dead" };
        let sql = "UPDATE deliveries SET attempts = $1, next_attempt = $2, state = $3, error = $4
                   WHERE sink = $5 AND position = $6";
        query(sql)
            .bind(i64::from(attempts))
            .bind(millis(next.unwrap_or(now)))
            .bind(state)
            .bind(text(error))
            .bind(text(sink))
            .bind(position)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(next)
    }

    /// Events that were given up, behind the position `after`, oldest first.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn dead_letters(&self, sink: &str, after: i64, most: usize) -> Result<Vec<Delivery>> {
        let sql = "SELECT d.position, d.subject, d.attempts, d.error, e.body
                   FROM deliveries d JOIN events e ON e.position = d.position
                   WHERE d.sink = $1 AND d.state = 'dead' AND d.position > $2
                   ORDER BY d.position LIMIT $3";
        let rows = query(sql)
            .bind(text(sink))
            .bind(after)
            .bind(limit(most))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Makes the sink's dead letters due again, and gives how many there were.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn replay_dead_letters(&self, sink: &str, now: Timestamp) -> Result<u64> {
        let mut transaction = self.begin(Scope::Sink(sink)).await?;
        let sql = "UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt = $1
                   WHERE sink = $2 AND state = 'dead'";
        let done = query(sql).bind(millis(now)).bind(text(sink)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// How many events wait for the sink, and how many were given up.
    ///
    /// # Errors
    /// Where they could not be counted.
    pub async fn backlog(&self, sink: &str) -> Result<Backlog> {
        let sql = "SELECT state, COUNT(*) FROM deliveries WHERE sink = $1 GROUP BY state";
        let mut backlog = Backlog::default();
        for row in query(sql).bind(text(sink)).fetch_all(self.reader()).await? {
            let (state, number): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            let number = u64::try_from(number).unwrap_or_default();
            match state.as_str() {
                "pending" => backlog.pending = number,
                _ => backlog.dead = number,
            }
        }
        Ok(backlog)
    }

    /// How many events wait and were given up, by sink; a sink that took everything is not in it.
    ///
    /// # Errors
    /// Where they could not be counted.
    pub async fn backlogs(&self) -> Result<Vec<(String, Backlog)>> {
        let sql = "SELECT sink, state, COUNT(*) FROM deliveries
                   GROUP BY sink, state ORDER BY sink";
        let rows = query(sql).fetch_all(self.reader()).await?;
        by_name(&rows)
    }

    /// Whether anything may be due for the sink: cheap, and sometimes yes where [`Store::take_deliveries`] then gives
    /// nothing, because an earlier event of the same finding waits.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn is_due(&self, sink: &str, now: Timestamp) -> Result<bool> {
        let sql = "SELECT 1 FROM deliveries
                   WHERE sink = $1 AND state = 'pending' AND next_attempt <= $2 LIMIT 1";
        let row =
            query(sql).bind(text(sink)).bind(millis(now)).fetch_optional(self.reader()).await?;
        Ok(row.is_some())
    }

    /// The names that [`Store::set_sinks`] gave last.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn sinks(&self) -> Result<Vec<String>> {
        let rows = query("SELECT name FROM sinks ORDER BY name").fetch_all(self.reader()).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The events behind the position `after`, oldest first, whether delivered or not, as long as they are kept.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn events(&self, after: i64, most: usize) -> Result<Vec<(i64, Event)>> {
        let sql =
            "SELECT position, body FROM events WHERE position > $1 ORDER BY position LIMIT $2";
        let rows = query(sql).bind(after).bind(limit(most)).fetch_all(self.reader()).await?;
        let read = |row: &AnyRow| Ok((row.try_get("position")?, event(row)?));
        rows.iter().map(read).collect()
    }
}

/// What a sink has not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Events that will be tried, or tried again.
    pub pending: u64,
    /// Events that were given up.
    pub dead: u64,
}

/// Rows of name, state and number, sorted by name, as backlogs.
pub(crate) fn by_name(rows: &[AnyRow]) -> Result<Vec<(String, Backlog)>> {
    let mut backlogs: Vec<(String, Backlog)> = Vec::new();
    for row in rows {
        let (name, state, number): (String, String, i64) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if backlogs.last().is_none_or(|(last, _)| *last != name) {
            backlogs.push((name, Backlog::default()));
        }
        let number = u64::try_from(number).unwrap_or_default();
        if let Some((_, backlog)) = backlogs.last_mut() {
            match state.as_str() {
                "pending" => backlog.pending = number,
                _ => backlog.dead = number,
            }
        }
    }
    Ok(backlogs)
}

/// Puts an event into the outbox of every sink.
pub(crate) async fn put(
    connection: &mut AnyConnection,
    subject: &str,
    event: &Event,
) -> Result<()> {
    let sql = "INSERT INTO events (subject, at, body) VALUES ($1, $2, $3) RETURNING position";
    let row = query(sql)
        .bind(text(subject))
        .bind(millis(event.time))
        .bind(json(event)?)
        .fetch_one(&mut *connection)
        .await?;
    let position: i64 = row.try_get(0)?;
    let sql = "INSERT INTO deliveries (sink, position, subject, state, attempts, next_attempt)
               SELECT name, $1, $2, 'pending', 0, $3 FROM sinks";
    query(sql)
        .bind(position)
        .bind(text(subject))
        .bind(millis(event.time))
        .execute(connection)
        .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Delivery> {
    Ok(Delivery {
        position: row.try_get("position")?,
        subject: row.try_get("subject")?,
        event: event(row)?,
        attempts: attempts(row)?,
        error: row.try_get("error")?,
    })
}

fn event(row: &AnyRow) -> Result<Event> {
    body("an event", row.try_get("body")?)
}

fn attempts(row: &AnyRow) -> Result<u32> {
    let attempts: i64 = row.try_get("attempts")?;
    u32::try_from(attempts).map_err(|error| StoreError::corrupt("a delivery", error))
}
