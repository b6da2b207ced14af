//! The database: where it is, its connections and transactions, and what differs between SQLite and PostgreSQL.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};

use crate::error::StoreError;
use crate::sql::{query, text};
use crate::{Result, schema};

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// SQLite: the folder that has, or gets, the file `ringfence.db`.
    Folder(PathBuf),
    /// PostgreSQL: a URL, `postgres://USER:PASSWORD@HOST/DATABASE`.
    Url(String),
}

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite in a file, for one process.
    Sqlite,
    /// PostgreSQL, for one process or several.
    Postgres,
}

/// What a transaction excludes others from. Transactions of one scope come one after the other, on PostgreSQL also
/// those of different processes; SQLite has one writer anyway. A transaction has one scope, so none waits in a circle.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope<'a> {
    /// An analyzer and all that belongs to it, by ARN.
    Analyzer(&'a str),
    /// The analyzers and keys of an account.
    Account(&'a str),
    /// The deliveries of a sink.
    Sink(&'a str),
    /// Something there is one of.
    Named(&'static str),
}

/// The store. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Store {
    writers: AnyPool,
    readers: AnyPool,
    backend: Backend,
}

/// The name of SQLite's file in the data folder.
pub const SQLITE_FILE: &str = "ringfence.db";
/// How long a connection is waited for, and a lock.
const PATIENCE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// So long after its last use a connection counts as alive: long enough under load, too short for a database to go and
/// come back.
const TRUSTED: Duration = Duration::from_millis(50);

impl Store {
    /// Opens the database, makes it where it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// Where the place cannot be used or reached, or a newer version wrote it.
    pub async fn open(location: &Location) -> Result<Self> {
        let (url, backend) = url(location)?;
        probe(&url, backend).await?;
        // SQLite has one writer: its own pool lets writers queue here and not on the file's lock.
        let writers = match backend {
            Backend::Sqlite => 1,
            Backend::Postgres => READERS,
        };
        let store = Self {
            writers: pool(&url, backend, writers).await?,
            readers: pool(&url, backend, READERS).await?,
            backend,
        };
        let mut transaction = store.begin(Scope::Named("schema")).await?;
        schema::migrate(&mut transaction, backend).await?;
        transaction.commit().await?;
        Ok(store)
    }

    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<()> {
        query("SELECT 1").fetch_one(&self.readers).await?;
        Ok(())
    }

    /// Ends all connections; what is under way is waited for.
    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
    }

    pub(crate) fn reader(&self) -> &AnyPool {
        &self.readers
    }

    /// A transaction that has its lock already, so that nothing in it fails for another writer's sake. It is undone
    /// unless it is committed.
    pub(crate) async fn begin(&self, scope: Scope<'_>) -> Result<Transaction<'static, Any>> {
        match self.backend {
            Backend::Sqlite => Ok(self.writers.begin_with("BEGIN IMMEDIATE").await?),
            Backend::Postgres => {
                let mut transaction = self.writers.begin().await?;
                query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                    .bind(scope.name())
                    .execute(&mut *transaction)
                    .await?;
                Ok(transaction)
            }
        }
    }
}

impl Scope<'_> {
    fn name(self) -> String {
        match self {
            Self::Analyzer(arn) => text(arn),
            Self::Account(account) => format!("account {}", text(account)),
            Self::Sink(name) => format!("sink {}", text(name)),
            Self::Named(name) => format!("one {name}"),
        }
    }
}

/// What is said to each new connection. SQLite: every commit is on the disk before it is acknowledged.
fn settings(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA cache_size = -32768;"
        }
        Backend::Postgres => "SET lock_timeout = '10s'",
    }
}

/// One connection by itself first: a pool would try again until it is tired, and not say why.
async fn probe(url: &str, backend: Backend) -> Result<()> {
    let mut connection = AnyConnection::connect(url).await?;
    connection.execute(settings(backend)).await?;
    Ok(connection.close().await?)
}

async fn pool(url: &str, backend: Backend, size: u32) -> Result<AnyPool> {
    let options = AnyPoolOptions::new().max_connections(size).acquire_timeout(PATIENCE);
    // Asking each time whether a connection still answers would double the questions to the database.
    let options = options.test_before_acquire(false).before_acquire(|connection, known| {
        Box::pin(async move {
            if known.idle_for >= TRUSTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    let options = options.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(settings(backend)).await.map(|_| ()) })
    });
    Ok(options.connect(url).await?)
}

/// The URL of a database, once there is a driver for it.
pub(crate) fn url(location: &Location) -> Result<(String, Backend)> {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    match location {
        Location::Folder(folder) => Ok((sqlite_url(folder)?, Backend::Sqlite)),
        Location::Url(url) => Ok((url.clone(), Backend::Postgres)),
    }
}

fn sqlite_url(folder: &Path) -> Result<String> {
    let unusable = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Place {
        place: folder.display().to_string(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(|error| unusable(error.into()))?;
    let file = folder.join(SQLITE_FILE);
    let path = file.to_str().ok_or_else(|| unusable("its name is not Unicode".into()))?;
    // In a URL these would end the path.
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("sqlite://{path}?mode=rwc"))
}
