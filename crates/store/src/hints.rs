//! Hints that a finding may have to be looked at, kept until somebody did.
//!
//! Hints of one finding are one: what comes again while one waits only counts. One that comes while the finding is
//! looked at is not lost, since only the number of times that was taken is done with. What fails again and again is
//! set aside as poison, with why.

use jiff::{SignedDuration, Timestamp};
use ringfence_response::workflow::hint::Hint;
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::{Scope, Store};
use crate::error::StoreError;
use crate::outbox::RetryPolicy;
use crate::sql::{body, json, limit, millis, query, text};

/// A hint that is being looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct TakenHint {
    /// Which one, and as of when.
    pub receipt: HintReceipt,
    /// The hint.
    pub hint: Hint,
    /// How often looking at it failed.
    pub attempts: u32,
}

/// Which hint was taken, and how often it had come by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HintReceipt {
    /// Its number.
    pub number: i64,
    /// How often it had come.
    pub times: i64,
}

/// A hint as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptHint {
    /// Its number.
    pub number: i64,
    /// What stands for the finding, or for a message that cannot be read.
    pub name: String,
    /// Whether it was set aside.
    pub state: HintState,
    /// How often looking at it failed.
    pub attempts: u32,
    /// When it came first.
    pub received_at: Timestamp,
    /// What the last attempt failed with.
    pub error: Option<String>,
    /// The hint, or the text of a message that cannot be read.
    pub body: Value,
}

/// Whether a hint is still tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintState {
    /// It is.
    Pending,
    /// It was given up.
    Poison,
}

impl Store {
    /// Keeps hints; one of a finding that has one already only counts, and brings a given up one back.
    ///
    /// # Errors
    /// Where they could not be written: none is then.
    pub async fn put_hints(&self, hints: &[Hint], now: Timestamp) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("hints")).await?;
        for hint in hints {
            let sql = "INSERT INTO hints
                       (name, state, times, attempts, next_attempt, received_at, body)
                       VALUES ($1, 'pending', 1, 0, $2, $2, $3)
                       ON CONFLICT (name) DO UPDATE SET times = hints.times + 1,
                       next_attempt = CASE WHEN hints.state = 'poison' THEN excluded.next_attempt
                           ELSE hints.next_attempt END,
                       attempts = CASE WHEN hints.state = 'poison' THEN 0 ELSE hints.attempts END,
                       state = 'pending', body = excluded.body";
            query(sql)
                .bind(text(&hint.name()))
                .bind(millis(now))
                .bind(json(hint)?)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Sets aside a message that cannot be read. `name` stands for it; the same message again changes nothing.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn put_poison(
        &self,
        name: &str,
        message: &str,
        error: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("hints")).await?;
        let sql = "INSERT INTO hints
                   (name, state, times, attempts, next_attempt, received_at, error, body)
                   VALUES ($1, 'poison', 1, 1, $2, $2, $3, $4) ON CONFLICT (name) DO NOTHING";
        query(sql)
            .bind(text(name))
            .bind(millis(now))
            .bind(text(error))
            .bind(json(&message)?)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Takes hints that are due, oldest first. Nobody else gets them until `lease` is over.
    ///
    /// # Errors
    /// Where they could not be read or written.
    pub async fn take_hints(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        most: usize,
    ) -> Result<Vec<TakenHint>> {
        let due = "SELECT 1 FROM hints WHERE state = 'pending' AND next_attempt <= $1 LIMIT 1";
        if query(due).bind(millis(now)).fetch_optional(self.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut transaction = self.begin(Scope::Named("hints")).await?;
        let sql = "UPDATE hints SET next_attempt = $1 WHERE number IN (
                       SELECT number FROM hints WHERE state = 'pending' AND next_attempt <= $2
                       ORDER BY number LIMIT $3)
                   RETURNING number, times, attempts, body";
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        let rows = query(sql)
            .bind(millis(until))
            .bind(millis(now))
            .bind(limit(most))
            .fetch_all(&mut *transaction)
            .await?;
        let mut taken = rows.iter().map(read_taken).collect::<Result<Vec<_>>>()?;
        taken.sort_by_key(|own| own.receipt.number);
        transaction.commit().await?;
        Ok(taken)
    }

    /// Looking at a hint failed. Gives when to try again; nothing where it was set aside.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn hint_failed(
        &self,
        taken: &TakenHint,
        error: &str,
        policy: &RetryPolicy,
        now: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let attempts = taken.attempts.saturating_add(1);
        let next = policy.next_attempt(attempts, now);
        let state = if next.is_some() { "pending" } else { "poison" };
        let mut transaction = self.begin(Scope::Named("hints")).await?;
        let sql = "UPDATE hints SET state = $1, attempts = $2, next_attempt = $3, error = $4
                   WHERE number = $5";
        query(sql)
            .bind(state)
            .bind(i64::from(attempts))
            .bind(millis(next.unwrap_or(now)))
            .bind(text(error))
            .bind(taken.receipt.number)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(next)
    }

    /// The hints that are kept, oldest first, `most` at most: all, or those of one state.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn list_hints(&self, state: Option<HintState>, most: usize) -> Result<Vec<KeptHint>> {
        let sql = "SELECT number, name, state, attempts, received_at, error, body FROM hints
                   WHERE ($1 = '' OR state = $1) ORDER BY number LIMIT $2";
        let state = match state {
            None => "",
            Some(HintState::Pending) => "pending",
            Some(HintState::Poison) => "poison",
        };
        let rows = query(sql).bind(state).bind(limit(most)).fetch_all(self.reader()).await?;
        rows.iter().map(read_kept).collect()
    }

    /// Makes hints due again that were set aside and can be read, and gives how many there were.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn retry_hints(&self, now: Timestamp) -> Result<u64> {
        let mut transaction = self.begin(Scope::Named("hints")).await?;
        let sql = "UPDATE hints SET state = 'pending', attempts = 0, next_attempt = $1
                   WHERE state = 'poison' AND name NOT LIKE 'message %'";
        let done = query(sql).bind(millis(now)).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

/// A hint was looked at. One that has come again meanwhile is due at once.
pub(crate) async fn done(
    connection: &mut AnyConnection,
    receipt: HintReceipt,
    now: Timestamp,
) -> Result<()> {
    let sql = "DELETE FROM hints WHERE number = $1 AND times = $2";
    let gone =
        query(sql).bind(receipt.number).bind(receipt.times).execute(&mut *connection).await?;
    if gone.rows_affected() == 0 {
        let sql = "UPDATE hints SET next_attempt = $1 WHERE number = $2";
        query(sql).bind(millis(now)).bind(receipt.number).execute(connection).await?;
    }
    Ok(())
}

fn read_taken(row: &AnyRow) -> Result<TakenHint> {
    Ok(TakenHint {
        receipt: HintReceipt { number: row.try_get("number")?, times: row.try_get("times")? },
        hint: body("a hint", row.try_get("body")?)?,
        attempts: attempts(row)?,
    })
}

fn read_kept(row: &AnyRow) -> Result<KeptHint> {
    let state: String = row.try_get("state")?;
    Ok(KeptHint {
        number: row.try_get("number")?,
        name: row.try_get("name")?,
        state: if state == "poison" { HintState::Poison } else { HintState::Pending },
        attempts: attempts(row)?,
        received_at: Timestamp::from_millisecond(row.try_get("received_at")?)
            .map_err(|error| StoreError::corrupt("a hint", error))?,
        error: row.try_get("error")?,
        body: body("a hint", row.try_get("body")?)?,
    })
}

fn attempts(row: &AnyRow) -> Result<u32> {
    let attempts: i64 = row.try_get("attempts")?;
    u32::try_from(attempts).map_err(|error| StoreError::corrupt("a hint", error))
}
