//! Why something could not be read.

use std::sync::Arc;

use ringfence_access::inventory::NotAnalyzed;
use ringfence_policy::location::Position;

use crate::file::{MAX_FILE_BYTES, MAX_VALUES};

/// Why a file or folder could not be read, and where.
#[derive(Debug)]
pub struct SourceError {
    /// The file or folder.
    pub file: Arc<str>,
    /// Where in the file, when the problem is at one place of it.
    pub position: Option<Position>,
    /// What is wrong.
    pub problem: SourceProblem,
}

/// What is wrong with a file or folder.
#[derive(Debug, thiserror::Error)]
pub enum SourceProblem {
    /// The operating system does not give it.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    /// A pipe, a socket, a device: reading it might never end.
    #[error("is {0}, not a regular file")]
    NotAFile(&'static str),
    /// Longer than [`MAX_FILE_BYTES`].
    #[error("has {0} bytes; files of more than {MAX_FILE_BYTES} bytes are not read")]
    TooLong(u64),
    /// Some bytes are not UTF-8.
    #[error("is not UTF-8 text at this place")]
    NotUtf8,
    /// Not JSON, or JSON that says one thing twice.
    #[error("is not readable JSON: {0}")]
    NotJson(String),
    /// JSON of more than [`MAX_VALUES`] values.
    #[error("holds about {0} JSON values; no more than {MAX_VALUES} are read")]
    TooManyValues(usize),
    /// JSON that is not what the file should hold.
    #[error("{0}")]
    Shape(String),
    /// A folder without any part of a snapshot.
    #[error(
        "holds no snapshot: none of `snapshot.json`, `organization.json` and `accounts` is in it; a \
         snapshot is what `ringfence collect --out` writes"
    )]
    NoSnapshot,
    /// A snapshot of a format version that this program does not know.
    #[error("has the format version {0}; this program reads version 1")]
    FormatVersion(String),
    /// A file that is neither of the files that can be a target.
    #[error(
        "is no target: expected a snapshot folder or the output of `aws iam \
         get-account-authorization-details`, found {0}"
    )]
    NotATarget(&'static str),
}

impl SourceError {
    pub(crate) fn new(file: &Arc<str>, problem: SourceProblem) -> Self {
        Self { file: Arc::clone(file), position: None, problem }
    }

    pub(crate) fn at(file: &Arc<str>, position: Position, problem: SourceProblem) -> Self {
        Self { file: Arc::clone(file), position: Some(position), problem }
    }

    /// The same as an entry of an inventory, which says nothing about account and resource yet.
    pub(crate) fn into_not_analyzed(self) -> NotAnalyzed {
        let reason = match &self.problem {
            SourceProblem::Shape(reason) => reason.clone(),
            problem => format!("the file {problem}"),
        };
        NotAnalyzed { position: self.position, ..NotAnalyzed::new(&self.file, reason) }
    }
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}`", self.file)?;
        if let Some(position) = self.position {
            write!(formatter, ", line {}, column {}", position.line, position.column)?;
        }
        match &self.problem {
            SourceProblem::Shape(reason) => write!(formatter, ": {reason}"),
            problem => write!(formatter, " {problem}"),
        }
    }
}

impl std::error::Error for SourceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.problem)
    }
}
