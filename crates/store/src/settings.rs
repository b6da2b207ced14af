//! Settings of the installation: short texts by name, such as the id of the key that secrets are encrypted under.

use sqlx::Row;

use crate::Result;
use crate::database::{Scope, Store};
use crate::sql::{query, text};

impl Store {
    /// The setting called `name`.
    ///
    /// # Errors
    /// Where it could not be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM settings WHERE name = $1";
        let row = query(sql).bind(name).fetch_optional(self.reader()).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// Writes the setting called `name`.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("settings")).await?;
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        query(sql).bind(name).bind(text(value)).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The setting called `name`; where there is none, `value` becomes it. All processes get the same.
    ///
    /// # Errors
    /// Where it could not be read or written.
    pub async fn setting_or(&self, name: &str, value: &str) -> Result<String> {
        let mut transaction = self.begin(Scope::Named("settings")).await?;
        let sql =
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        query(sql).bind(name).bind(text(value)).execute(&mut *transaction).await?;
        let sql = "SELECT value FROM settings WHERE name = $1";
        let row = query(sql).bind(name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(row.try_get(0)?)
    }
}
