//! Access keys: who may call the service. Secrets come encrypted and are not understood here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::act::Act;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::sql::{body, json, query, text};

/// An access key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessKey {
    /// Its id; no secret.
    pub id: String,
    /// Who uses it, for people and for `aws:username`.
    pub name: String,
    /// The account that it acts in.
    pub account: String,
    /// The text of its IAM policy.
    pub policy: String,
    /// The secret, encrypted for this id and account.
    pub sealed_secret: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

impl AccessKey {
    /// Whether it is accepted at `now`.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }

    /// The key with this stored text.
    ///
    /// # Errors
    /// Where it is another text.
    pub fn read(text: &str) -> Result<Self> {
        body("an access key", text)
    }

    /// The ARN that stands for its user.
    #[must_use]
    pub fn user_arn(&self) -> String {
        format!("arn:aws:iam::{}:user/{}", self.account, self.name)
    }
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Store {
    /// Makes an access key.
    ///
    /// # Errors
    /// Where there is one with its id.
    pub async fn create_key(&self, key: &AccessKey, act: &Act<'_>) -> Result<()> {
        let mut transaction = self.begin(Scope::Account(&key.account)).await?;
        insert(&mut transaction, key).await?;
        act.note(&mut transaction, &key.id, None::<&Value>, Some(&said(key))).await?;
        Ok(transaction.commit().await?)
    }

    /// The access key with this id, revoked or not.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn key(&self, id: &str) -> Result<AccessKey> {
        let mut connection = self.reader().acquire().await?;
        existing(&mut connection, id).await
    }

    /// The stored text of the access key with this id: [`AccessKey::read`] understands it, and as long as it is the
    /// same text, the key is the same.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn key_text(&self, id: &str) -> Result<Option<String>> {
        let sql = "SELECT body FROM access_keys WHERE id = $1";
        let row = query(sql).bind(text(id)).fetch_optional(self.reader()).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// All access keys, in the order in which they were made.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn list_keys(&self) -> Result<Vec<AccessKey>> {
        let sql = "SELECT body FROM access_keys ORDER BY id";
        let rows = query(sql).fetch_all(self.reader()).await?;
        let mut keys = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        keys.sort_by_key(|own| own.created_at);
        Ok(keys)
    }

    /// Lets an access key end at `end`; an end that is nearer stays.
    ///
    /// # Errors
    /// Where there is no such key.
    pub async fn end_key(&self, id: &str, end: Timestamp, act: &Act<'_>) -> Result<AccessKey> {
        let account = self.key(id).await?.account;
        let mut transaction = self.begin(Scope::Account(&account)).await?;
        let key = end_at(&mut transaction, id, end, act).await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// Makes `new` and lets the key with the id `old` end at `end`, both or neither.
    ///
    /// # Errors
    /// Where there is no key `old`, or one with the id of `new`.
    pub async fn rotate_key(
        &self,
        old: &str,
        new: &AccessKey,
        end: Timestamp,
        act: &Act<'_>,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Account(&new.account)).await?;
        insert(&mut transaction, new).await?;
        act.note(&mut transaction, &new.id, None::<&Value>, Some(&said(new))).await?;
        end_at(&mut transaction, old, end, act).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes those of `keys` whose ids are not there, all or none, and gives how many these were.
    ///
    /// # Errors
    /// Where they could not be written.
    pub async fn import_keys(&self, keys: &[AccessKey], act: &Act<'_>) -> Result<usize> {
        let mut transaction = self.begin(Scope::Named("keys")).await?;
        let mut made = 0;
        for key in keys {
            let sql = "SELECT 1 FROM access_keys WHERE id = $1";
            let there = query(sql).bind(text(&key.id)).fetch_optional(&mut *transaction).await?;
            if there.is_none() {
                insert(&mut transaction, key).await?;
                act.note(&mut transaction, &key.id, None::<&Value>, Some(&said(key))).await?;
                made += 1;
            }
        }
        transaction.commit().await?;
        Ok(made)
    }
}

/// What the audit log says of a key: all but the secret.
fn said(key: &AccessKey) -> Value {
    serde_json::json!({
        "id": key.id, "account": key.account, "name": key.name, "policy": key.policy,
        "createdAt": key.created_at, "endsAt": key.ends_at,
    })
}

async fn insert(connection: &mut AnyConnection, key: &AccessKey) -> Result<()> {
    let sql = "INSERT INTO access_keys (id, account, body) VALUES ($1, $2, $3)";
    let written = query(sql)
        .bind(text(&key.id))
        .bind(text(&key.account))
        .bind(json(key)?)
        .execute(connection)
        .await;
    match written.map_err(StoreError::from) {
        Err(error) if error.is_duplicate() => {
            Err(StoreError::AlreadyExists(Item::AccessKey(key.id.clone())))
        }
        other => other.map(|_| ()),
    }
}

async fn end_at(
    connection: &mut AnyConnection,
    id: &str,
    end: Timestamp,
    act: &Act<'_>,
) -> Result<AccessKey> {
    let before = existing(connection, id).await?;
    if before.ends_at.is_some_and(|own| own <= end) {
        return Ok(before);
    }
    let after = AccessKey { ends_at: Some(end), ..before.clone() };
    write(connection, &after).await?;
    act.note(connection, id, Some(&said(&before)), Some(&said(&after))).await?;
    Ok(after)
}

async fn write(connection: &mut AnyConnection, key: &AccessKey) -> Result<()> {
    let sql = "UPDATE access_keys SET body = $1 WHERE id = $2";
    query(sql).bind(json(key)?).bind(text(&key.id)).execute(connection).await?;
    Ok(())
}

async fn existing(connection: &mut AnyConnection, id: &str) -> Result<AccessKey> {
    let sql = "SELECT body FROM access_keys WHERE id = $1";
    let row = query(sql).bind(text(id)).fetch_optional(connection).await?;
    let row = row.ok_or_else(|| StoreError::NotFound(Item::AccessKey(id.to_owned())))?;
    read(&row)
}

fn read(row: &AnyRow) -> Result<AccessKey> {
    AccessKey::read(row.try_get("body")?)
}
