//! The queue of what people are told: written once for each id, routed to channels, kept for each channel until it was
//! sent or given up.
//!
//! Sending is at least once. What was given up stays as a dead letter until it is replayed or too old.

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::Notification;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::outbox::{Backlog, RetryPolicy};
use crate::sql::{body, json, limit, millis, query, text};

/// A notification that a channel has not sent yet.
#[derive(Clone, Debug, PartialEq)]
pub struct QueuedNotification {
    /// Its place among all.
    pub position: i64,
    /// What is told.
    pub notification: Notification,
    /// How many attempts failed.
    pub attempts: u32,
    /// What the last of them failed with.
    pub error: Option<String>,
}

/// Whether a notification is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queueing {
    /// It was written.
    Queued,
    /// One with its id was written before.
    Known,
}

/// A channel that a notification goes to, and from when on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDue {
    /// The channel's name.
    pub channel: String,
    /// Not sent before.
    pub due: Timestamp,
}

impl Store {
    /// Writes a notification; its channels are chosen later. Writing one again whose id is known does nothing.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn queue_notification(&self, notification: &Notification) -> Result<Queueing> {
        let mut transaction = self.begin(Scope::Named("notifications")).await?;
        let queueing = put(&mut transaction, notification).await?;
        transaction.commit().await?;
        Ok(queueing)
    }

    /// Says which channels there are; what others had not sent is forgotten.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn set_channels(&self, names: &[&str]) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("notifications")).await?;
        let sql = "SELECT DISTINCT channel FROM notification_deliveries";
        for row in query(sql).fetch_all(&mut *transaction).await? {
            let name: String = row.try_get(0)?;
            if !names.contains(&name.as_str()) {
                let sql = "DELETE FROM notification_deliveries WHERE channel = $1";
                query(sql).bind(name).execute(&mut *transaction).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// Chooses the channels of notifications that have none yet, at most `most` of them. Gives how many there were.
    ///
    /// # Errors
    /// Where they could not be read or written.
    pub async fn route_notifications(
        &self,
        route: impl Fn(&Notification) -> Vec<ChannelDue> + Send,
        most: usize,
    ) -> Result<usize> {
        let sql = "SELECT 1 FROM notifications WHERE routed = 0 LIMIT 1";
        if query(sql).fetch_optional(self.reader()).await?.is_none() {
            return Ok(0);
        }
        let mut transaction = self.begin(Scope::Named("notifications")).await?;
        let sql = "SELECT position, body FROM notifications WHERE routed = 0
                   ORDER BY position LIMIT $1";
        let rows = query(sql).bind(limit(most)).fetch_all(&mut *transaction).await?;
        for row in &rows {
            let position: i64 = row.try_get("position")?;
            for ChannelDue { channel, due } in route(&read_notification(row)?) {
                let sql = "INSERT INTO notification_deliveries
                           (channel, position, state, attempts, next_attempt)
                           VALUES ($1, $2, 'pending', 0, $3) ON CONFLICT DO NOTHING";
                query(sql)
                    .bind(text(&channel))
                    .bind(position)
                    .bind(millis(due))
                    .execute(&mut *transaction)
                    .await?;
            }
            let sql = "UPDATE notifications SET routed = 1 WHERE position = $1";
            query(sql).bind(position).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }

    /// Takes notifications that are due for a channel, oldest first. Nobody else gets them until `lease` is over; by
    /// then each should be reported by [`Store::notified`] or [`Store::notification_failed`].
    ///
    /// # Errors
    /// Where they could not be read or written.
    pub async fn take_notifications(
        &self,
        channel: &str,
        now: Timestamp,
        lease: SignedDuration,
        most: usize,
    ) -> Result<Vec<QueuedNotification>> {
        let sql = "SELECT 1 FROM notification_deliveries
                   WHERE channel = $1 AND state = 'pending' AND next_attempt <= $2 LIMIT 1";
        let due = query(sql).bind(text(channel)).bind(millis(now));
        if due.fetch_optional(self.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut transaction = self.begin(Scope::Sink(&scope(channel))).await?;
        let sql = "SELECT d.position, d.attempts, d.error, n.body
                   FROM notification_deliveries d JOIN notifications n ON n.position = d.position
                   WHERE d.channel = $1 AND d.state = 'pending' AND d.next_attempt <= $2
                   ORDER BY d.position LIMIT $3";
        let rows = query(sql)
            .bind(text(channel))
            .bind(millis(now))
            .bind(limit(most))
            .fetch_all(&mut *transaction)
            .await?;
        let queued = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        for own in &queued {
            let sql = "UPDATE notification_deliveries SET next_attempt = $1
                       WHERE channel = $2 AND position = $3";
            query(sql)
                .bind(millis(until))
                .bind(text(channel))
                .bind(own.position)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(queued)
    }

    /// The channel sent the notifications at these positions.
    ///
    /// # Errors
    /// Where it could not be written; they will be sent again.
    pub async fn notified(&self, channel: &str, positions: &[i64]) -> Result<()> {
        let mut transaction = self.begin(Scope::Sink(&scope(channel))).await?;
        for position in positions {
            let sql = "DELETE FROM notification_deliveries WHERE channel = $1 AND position = $2";
            query(sql).bind(text(channel)).bind(*position).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The channel could not send the notification. Gives when to try again; nothing where it was given up.
    ///
    /// # Errors
    /// Where there is no such notification.
    pub async fn notification_failed(
        &self,
        channel: &str,
        position: i64,
        error: &str,
        policy: &RetryPolicy,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let mut transaction = self.begin(Scope::Sink(&scope(channel))).await?;
        let sql = "SELECT attempts FROM notification_deliveries
                   WHERE channel = $1 AND position = $2";
        let row =
            query(sql).bind(text(channel)).bind(position).fetch_optional(&mut *transaction).await?;
        let row = row.ok_or(StoreError::NotFound(Item::Notification(position)))?;
        let attempts = attempts(&row)?.saturating_add(1);
        let next = policy.next_attempt(attempts, now);
        let state = if next.is_some() { "pending" } else { "dead" };
        let sql = "UPDATE notification_deliveries
                   SET attempts = $1, next_attempt = $2, state = $3, error = $4
                   WHERE channel = $5 AND position = $6";
        query(sql)
            .bind(i64::from(attempts))
            .bind(millis(next.unwrap_or(now)))
            .bind(state)
            .bind(text(error))
            .bind(text(channel))
            .bind(position)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(next)
    }

    /// Notifications that were given up, behind the position `after`, oldest first.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn dead_notifications(
        &self,
        channel: &str,
        after: i64,
        most: usize,
    ) -> Result<Vec<QueuedNotification>> {
        let sql = "SELECT d.position, d.attempts, d.error, n.body
                   FROM notification_deliveries d JOIN notifications n ON n.position = d.position
                   WHERE d.channel = $1 AND d.state = 'dead' AND d.position > $2
                   ORDER BY d.position LIMIT $3";
        let rows = query(sql)
            .bind(text(channel))
            .bind(after)
            .bind(limit(most))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Makes the channel's dead letters due again, and gives how many there were.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn replay_notifications(&self, channel: &str, now: Timestamp) -> Result<u64> {
        let mut transaction = self.begin(Scope::Sink(&scope(channel))).await?;
        let sql =
            "UPDATE notification_deliveries SET state = 'pending', attempts = 0, next_attempt = $1
                   WHERE channel = $2 AND state = 'dead'";
        let done =
            query(sql).bind(millis(now)).bind(text(channel)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// How many notifications wait, and how many were given up, by channel.
    ///
    /// # Errors
    /// Where they could not be counted.
    pub async fn notification_backlogs(&self) -> Result<Vec<(String, Backlog)>> {
        let sql = "SELECT channel, state, COUNT(*) FROM notification_deliveries
                   GROUP BY channel, state ORDER BY channel";
        let rows = query(sql).fetch_all(self.reader()).await?;
        crate::outbox::by_name(&rows)
    }

    /// The notification with this id.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn notification(&self, id: &str) -> Result<Notification> {
        let sql = "SELECT body FROM notifications WHERE id = $1";
        let row = query(sql).bind(text(id)).fetch_optional(self.reader()).await?;
        let row = row.ok_or_else(|| StoreError::NotFound(Item::NotificationId(id.to_owned())))?;
        read_notification(&row)
    }
}

/// Writes a notification in the transaction of the change that it tells of.
pub(crate) async fn put(
    connection: &mut AnyConnection,
    notification: &Notification,
) -> Result<Queueing> {
    let sql = "INSERT INTO notifications (id, at, routed, body) VALUES ($1, $2, 0, $3)
               ON CONFLICT DO NOTHING";
    let done = query(sql)
        .bind(text(&notification.id))
        .bind(millis(notification.at))
        .bind(json(notification)?)
        .execute(connection)
        .await?;
    Ok(if done.rows_affected() == 0 { Queueing::Known } else { Queueing::Queued })
}

/// Channels and sinks may have the same name.
fn scope(channel: &str) -> String {
    format!("channel {channel}")
}

fn read(row: &AnyRow) -> Result<QueuedNotification> {
    Ok(QueuedNotification {
        position: row.try_get("position")?,
        notification: read_notification(row)?,
        attempts: attempts(row)?,
        error: row.try_get("error")?,
    })
}

fn read_notification(row: &AnyRow) -> Result<Notification> {
    body("a notification", row.try_get("body")?)
}

fn attempts(row: &AnyRow) -> Result<u32> {
    let attempts: i64 = row.try_get("attempts")?;
    u32::try_from(attempts).map_err(|error| StoreError::corrupt("a notification", error))
}
