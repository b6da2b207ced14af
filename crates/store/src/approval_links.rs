//! Links by which a person approves or rejects a plan: each for one plan and one approver, once, for a while.

use jiff::Timestamp;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::{Scope, Store};
use crate::error::StoreError;
use crate::sql::{millis, query, text};

/// A link as it is kept: without what is secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalLink {
    /// The digest of its secret part.
    pub digest: String,
    /// The resolution.
    pub resolution: String,
    /// Who it was sent to.
    pub approver: String,
    /// The hash of the plan.
    pub plan_hash: String,
    /// From when on it is not accepted.
    pub expires_at: Timestamp,
    /// How many wrong passwords came with it.
    pub failures: u32,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// The link with this digest; nothing where there is none.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn approval_link(&self, digest: &str) -> Result<Option<ApprovalLink>> {
        let sql = "SELECT digest, resolution, approver, plan_hash, expires_at, failures, used_at
                   FROM approval_links WHERE digest = $1";
        let row = query(sql).bind(text(digest)).fetch_optional(self.reader()).await?;
        let Some(row) = row else { return Ok(None) };
        let at = |millis: i64| {
            Timestamp::from_millisecond(millis)
                .map_err(|error| StoreError::corrupt("an approval link", error))
        };
        let used: Option<i64> = row.try_get("used_at")?;
        let failures: i64 = row.try_get("failures")?;
        Ok(Some(ApprovalLink {
            digest: row.try_get("digest")?,
            resolution: row.try_get("resolution")?,
            approver: row.try_get("approver")?,
            plan_hash: row.try_get("plan_hash")?,
            expires_at: at(row.try_get("expires_at")?)?,
            failures: u32::try_from(failures)
                .map_err(|error| StoreError::corrupt("an approval link", error))?,
            used_at: used.map(at).transpose()?,
        }))
    }

    /// A wrong password came with the link.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn approval_link_failed(&self, digest: &str) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("response")).await?;
        let sql = "UPDATE approval_links SET failures = failures + 1 WHERE digest = $1";
        query(sql).bind(text(digest)).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}

/// Whether a link was used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkUse {
    /// It was.
    Used,
    /// It was used before, or is too old.
    Spent,
}

pub(crate) async fn insert(connection: &mut AnyConnection, link: &ApprovalLink) -> Result<()> {
    let sql = "INSERT INTO approval_links
               (digest, resolution, approver, plan_hash, expires_at, failures)
               VALUES ($1, $2, $3, $4, $5, 0)";
    query(sql)
        .bind(text(&link.digest))
        .bind(text(&link.resolution))
        .bind(text(&link.approver))
        .bind(text(&link.plan_hash))
        .bind(millis(link.expires_at))
        .execute(connection)
        .await?;
    Ok(())
}

/// Uses up a link in the transaction of what it brings about.
pub(crate) async fn use_up(
    connection: &mut AnyConnection,
    digest: &str,
    now: Timestamp,
) -> Result<LinkUse> {
    let sql = "UPDATE approval_links SET used_at = $1
               WHERE digest = $2 AND used_at IS NULL AND expires_at > $1";
    let done = query(sql).bind(millis(now)).bind(text(digest)).execute(connection).await?;
    Ok(if done.rows_affected() == 1 { LinkUse::Used } else { LinkUse::Spent })
}
