//! The tables, brought up to date when the store is opened.

use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::database::Backend;
use crate::error::StoreError;
use crate::sql::query;

/// One text each, never changed once released: a change is one more.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_response.sql"),
    include_str!("../migrations/0003_notifications.sql"),
];

/// Brings the tables up to date. The connection is in a transaction that excludes other processes.
pub(crate) async fn migrate(connection: &mut AnyConnection, backend: Backend) -> Result<()> {
    let table = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
    query(table).execute(&mut *connection).await?;
    let (found, known) = (version(connection).await?, newest());
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (version, migration) in (1i64..).zip(MIGRATIONS) {
        if version <= found {
            continue;
        }
        for statement in statements(migration, backend) {
            query(&statement).execute(&mut *connection).await?;
        }
        let sql = "INSERT INTO schema_version (version) VALUES ($1)";
        query(sql).bind(version).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The version that this program makes.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The version of the tables that are there.
pub(crate) async fn version(connection: &mut AnyConnection) -> Result<i64> {
    let sql = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
    Ok(query(sql).fetch_one(connection).await?.try_get(0)?)
}

/// The statements of a migration in the words of `backend`. Migrations have no semicolon but at the end of statements
/// and comments only in lines of their own.
fn statements(migration: &str, backend: Backend) -> Vec<String> {
    let code: Vec<&str> =
        migration.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let (serial, text) = match backend {
        Backend::Sqlite => ("INTEGER PRIMARY KEY AUTOINCREMENT", " TEXT"),
        Backend::Postgres => {
            ("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", " TEXT COLLATE \"C\"")
        }
    };
    code.join("\n")
        .split(';')
        .map(|statement| statement.trim().replace("{serial}", serial).replace(" TEXT", text))
        .filter(|statement| !statement.is_empty())
        .collect()
}
