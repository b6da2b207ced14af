//! How the database stands, for `ringfence doctor`: read without changing anything.

use jiff::Timestamp;
use sqlx::{AnyConnection, Connection, Row};

use crate::database::{self, Backend, Location, SQLITE_FILE, Store};
use crate::sql::query;
use crate::{Result, StoreError, schema};

/// Which schema a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The version that is there; 0 where there are no tables yet.
    pub found: i64,
    /// The version that this program makes.
    pub known: i64,
}

/// The schema of a database that need not be up to date; nothing where there is no database yet.
///
/// # Errors
/// Where it cannot be reached or read.
pub async fn schema(location: &Location) -> Result<Option<Schema>> {
    if let Location::Folder(folder) = location
        && !folder.join(SQLITE_FILE).exists()
    {
        return Ok(None);
    }
    let (url, backend) = database::url(location)?;
    let mut connection = AnyConnection::connect(&url).await?;
    let exists = match backend {
        Backend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_version'",
        Backend::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_name = 'schema_version'"
        }
    };
    let tables: i64 = query(exists).fetch_one(&mut connection).await?.try_get(0)?;
    let found = match tables {
        0 => 0,
        _ => schema::version(&mut connection).await?,
    };
    connection.close().await?;
    Ok(Some(Schema { found, known: schema::newest() }))
}

impl Store {
    /// What the database's clock says; nothing where it is this machine's.
    ///
    /// # Errors
    /// Where it could not be asked.
    pub async fn clock(&self) -> Result<Option<Timestamp>> {
        if self.backend() == Backend::Sqlite {
            return Ok(None);
        }
        let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        let milliseconds: i64 = query(sql).fetch_one(self.reader()).await?.try_get(0)?;
        let read = Timestamp::from_millisecond(milliseconds);
        read.map(Some).map_err(|error| StoreError::corrupt("the database's clock", error))
    }
}
