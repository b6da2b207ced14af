//! Who changes something, when, and with which client token.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::AnyConnection;

use crate::Result;
use crate::audit;
use crate::error::StoreError;
use crate::sql::{millis, query, text};

/// A change that a caller asked for. It is written to the audit log in the transaction that makes the change.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The caller: an ARN, or what stands for one.
    pub who: &'a str,
    /// AWS's name of the operation, or ours.
    pub operation: &'a str,
    /// When.
    pub at: Timestamp,
    /// What makes a repetition harmless.
    pub token: Option<ClientToken<'a>>,
}

/// A client token: the same token with the same input gives the same answer and changes nothing.
#[derive(Clone, Copy, Debug)]
pub struct ClientToken<'a> {
    /// Where tokens are unique: the caller's account and Region.
    pub scope: &'a str,
    /// The token.
    pub token: &'a str,
    /// What stands for the input, such as a digest: equal inputs give equal texts.
    pub input: &'a str,
}

impl Act<'_> {
    /// The answer that the token's first use gave.
    pub(crate) async fn earlier<T: DeserializeOwned>(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Option<T>> {
        let Some(token) = self.token else { return Ok(None) };
        let sql = "SELECT input, answer FROM client_tokens
                   WHERE scope = $1 AND operation = $2 AND token = $3";
        let row = query(sql)
            .bind(text(token.scope))
            .bind(self.operation)
            .bind(text(token.token))
            .fetch_optional(connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let stored: String = sqlx::Row::try_get(&row, 0)?;
        if stored != text(token.input) {
            return Err(StoreError::TokenReused(token.token.to_owned()));
        }
        let answer: String = sqlx::Row::try_get(&row, 1)?;
        let answer = serde_json::from_str(&answer)
            .map_err(|error| StoreError::corrupt("the answer to a client token", error))?;
        Ok(Some(answer))
    }

    /// Keeps `answer` for repetitions.
    pub(crate) async fn remember<T: Serialize>(
        &self,
        connection: &mut AnyConnection,
        answer: &T,
    ) -> Result<()> {
        let Some(token) = self.token else { return Ok(()) };
        let sql = "INSERT INTO client_tokens (scope, operation, token, input, answer, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let written = query(sql)
            .bind(text(token.scope))
            .bind(self.operation)
            .bind(text(token.token))
            .bind(text(token.input))
            .bind(crate::sql::json(answer)?)
            .bind(millis(self.at))
            .execute(connection)
            .await;
        match written.map_err(StoreError::from) {
            // Another process used the token at the same time for something else.
            Err(error) if error.is_duplicate() => {
                Err(StoreError::TokenReused(token.token.to_owned()))
            }
            other => other.map(|_| ()),
        }
    }

    /// Writes to the audit log what the change made of `subject`.
    pub(crate) async fn note<B: Serialize, A: Serialize>(
        &self,
        connection: &mut AnyConnection,
        subject: &str,
        before: Option<&B>,
        after: Option<&A>,
    ) -> Result<()> {
        let before = before.map(crate::sql::json).transpose()?;
        let after = after.map(crate::sql::json).transpose()?;
        audit::write(connection, self, subject, before, after).await
    }
}
