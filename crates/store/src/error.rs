//! Why an operation of the store failed, by what the caller can do about it.

use std::fmt;

/// Something that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// By ARN.
    Analyzer(String),
    /// By name.
    ArchiveRule(String),
    /// By id.
    Finding(String),
    /// By ARN.
    Resource(String),
    /// By id.
    AccessPreview(String),
    /// By id.
    AccessKey(String),
    /// By position.
    Event(i64),
    /// By id.
    Resolution(String),
    /// By position.
    Notification(i64),
    /// By id.
    NotificationId(String),
}

impl fmt::Display for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Analyzer(name) => write!(formatter, "analyzer `{name}`"),
            Self::ArchiveRule(name) => write!(formatter, "archive rule `{name}`"),
            Self::Finding(name) => write!(formatter, "finding `{name}`"),
            Self::Resource(name) => write!(formatter, "resource `{name}`"),
            Self::AccessPreview(name) => write!(formatter, "access preview `{name}`"),
            Self::AccessKey(name) => write!(formatter, "access key `{name}`"),
            Self::Event(position) => write!(formatter, "event {position}"),
            Self::Resolution(id) => write!(formatter, "resolution `{id}`"),
            Self::Notification(position) => write!(formatter, "notification {position}"),
            Self::NotificationId(id) => write!(formatter, "notification `{id}`"),
        }
    }
}

/// Why an operation failed. Nothing of it was written, except that of [`StoreError::Unavailable`] during a commit it
/// is not known whether it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such item.
    #[error("{0} does not exist")]
    NotFound(Item),
    /// There is one already.
    #[error("{0} exists already")]
    AlreadyExists(Item),
    /// There may be no more of these.
    #[error("there may be no more than {limit} {what}")]
    QuotaExceeded {
        /// What there may be no more of, in the plural.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// The same client token came with another input.
    #[error("the client token `{0}` was used with another input")]
    TokenReused(String),
    /// The database cannot be reached, or is too busy; the same call may succeed later.
    #[error("the database cannot be reached or is busy")]
    Unavailable(#[source] sqlx::Error),
    /// There is no room to write.
    #[error("the database has no room left to write")]
    Full(#[source] sqlx::Error),
    /// The database or an item in it is damaged.
    #[error("{item} is stored in a form that cannot be read")]
    Corrupt {
        /// What is damaged.
        item: String,
        /// How.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A newer version of Ringfence wrote the database.
    #[error("the database has schema {found}, written by a newer version; this one knows {known}")]
    NewerSchema {
        /// The version of the schema that is there.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// The place where the database should be cannot be used.
    #[error("cannot use `{place}` for the database")]
    Place {
        /// The folder or URL without its password.
        place: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Anything else that the database says: a fault of this crate.
    #[error("the database refused an operation")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// The stored text of `item` is not what it should be.
    pub(crate) fn corrupt(
        item: impl fmt::Display,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Corrupt { item: item.to_string(), source: source.into() }
    }

    /// Whether a unique index refused a row.
    pub(crate) fn is_duplicate(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(error)) => error.is_unique_violation(),
            _ => false,
        }
    }
}

/// SQLite's result codes (their low byte) and PostgreSQL's classes and codes of SQLSTATE.
/// <https://www.sqlite.org/rescode.html>, <https://www.postgresql.org/docs/current/errcodes-appendix.html>
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => return Self::Unavailable(error),
            sqlx::Error::Database(database) => {
                database.code().map(std::borrow::Cow::into_owned).unwrap_or_default()
            }
            _ => return Self::Database(error),
        };
        // SQLSTATE has five characters; SQLite's codes have at most four digits.
        if code.len() == 5 {
            return match code.as_str() {
                "53100" => Self::Full(error),
                "40001" | "40P01" | "55P03" => Self::Unavailable(error),
                own if ["08", "53", "57"].iter().any(|class| own.starts_with(class)) => {
                    Self::Unavailable(error)
                }
                own if own.starts_with("XX") => Self::corrupt("the database", error),
                _ => Self::Database(error),
            };
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_CANTOPEN
            Ok(5 | 6 | 10 | 14) => Self::Unavailable(error),
            // SQLITE_FULL
            Ok(13) => Self::Full(error),
            // SQLITE_CORRUPT, SQLITE_NOTADB
            Ok(11 | 26) => Self::corrupt("the database", error),
            _ => Self::Database(error),
        }
    }
}
