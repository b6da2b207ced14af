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
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessKey {
    /// Its id, which is public.
    pub id: String,
    /// The account it acts in.
    pub account: String,
    /// What it is called in the audit log.
    pub name: String,
    /// The secret, encrypted.
    pub secret: Vec<u8>,
    /// What it may do: an IAM policy.
    pub policy: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
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

    /// All access keys, by id.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn list_keys(&self) -> Result<Vec<AccessKey>> {
        let sql = "SELECT body FROM access_keys ORDER BY id";
        query(sql).fetch_all(self.reader()).await?.iter().map(read).collect()
    }

    /// Makes an access key useless from `act.at` on; one that is revoked already stays as it is.
    ///
    /// # Errors
    /// Where there is no such key.
    pub async fn revoke_key(&self, id: &str, act: &Act<'_>) -> Result<AccessKey> {
        let account = self.key(id).await?.account;
        let mut transaction = self.begin(Scope::Account(&account)).await?;
        let key = revoke(&mut transaction, id, act).await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// Makes `new` and revokes the key with the id `old`, both or neither.
    ///
    /// # Errors
    /// Where there is no key `old`, or one with the id of `new`.
    pub async fn rotate_key(&self, old: &str, new: &AccessKey, act: &Act<'_>) -> Result<()> {
        let mut transaction = self.begin(Scope::Account(&new.account)).await?;
        insert(&mut transaction, new).await?;
        act.note(&mut transaction, &new.id, None::<&Value>, Some(&said(new))).await?;
        revoke(&mut transaction, old, act).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes the key's secret as it is encrypted under another key.
    ///
    /// # Errors
    /// Where there is no such key.
    pub async fn set_key_secret(&self, id: &str, secret: Vec<u8>) -> Result<()> {
        let account = self.key(id).await?.account;
        let mut transaction = self.begin(Scope::Account(&account)).await?;
        let key = AccessKey { secret, ..existing(&mut transaction, id).await? };
        write(&mut transaction, &key).await?;
        Ok(transaction.commit().await?)
    }
}

/// What the audit log says of a key: all but the secret.
fn said(key: &AccessKey) -> Value {
    serde_json::json!({
        "id": key.id, "account": key.account, "name": key.name, "policy": key.policy,
        "createdAt": key.created_at, "revokedAt": key.revoked_at,
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

async fn revoke(connection: &mut AnyConnection, id: &str, act: &Act<'_>) -> Result<AccessKey> {
    let before = existing(connection, id).await?;
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    let after = AccessKey { revoked_at: Some(act.at), ..before.clone() };
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
    body("an access key", row.try_get("body")?)
}
