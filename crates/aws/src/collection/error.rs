//! What makes a whole run fail.

use std::io;
use std::path::PathBuf;

use crate::failure::{Cause, Failure};

/// Why there is no finished snapshot.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// Whoever runs this cannot make calls.
    #[error("{}", who_message(.0, .1))]
    Caller(Failure, String),
    /// A region that the partition does not have.
    #[error("region `{name}` does not exist in partition `{partition}`; there are {known}")]
    NoSuchRegion {
        /// What was asked for.
        name: String,
        /// Where.
        partition: String,
        /// What could be asked for.
        known: String,
    },
    /// The organization's tree cannot be read.
    #[error(
        "the organization cannot be read: {0}; it takes the management account or a delegated administrator"
    )]
    Organization(Failure),
    /// An account that the organization does not have.
    #[error("account `{0}` is not an active account of the organization")]
    NoSuchAccount(String),
    /// A unit that the organization does not have.
    #[error("`{0}` is neither a unit nor a root of the organization")]
    NoSuchUnit(String),
    /// Nothing is left to collect.
    #[error("no account is left to collect")]
    NoAccounts,
    /// The folder is another snapshot's.
    #[error(
        "`{}` holds a snapshot of other accounts, `{}` among them; choose another folder, or remove it",
        .0.display(), .1
    )]
    OtherSnapshot(PathBuf, String),
    /// The run was broken off.
    #[error("account {account}: {reason}; run the same command again to go on from here")]
    BrokenOff {
        /// Where.
        account: String,
        /// Why.
        reason: String,
    },
    /// The folder cannot be written.
    #[error("cannot write `{}`", .0.display())]
    Folder(PathBuf, #[source] io::Error),
}

fn who_message(failure: &Failure, to: &str) -> String {
    let detail = &failure.detail;
    match failure.cause {
        Cause::NoCredentials => format!(
            "no usable AWS credentials: {detail}; set AWS_PROFILE or AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY, or name a profile with --profile"
        ),
        Cause::CredentialsExpired => {
            format!("the AWS credentials have expired; renew them and run this again ({detail})")
        }
        Cause::CredentialsRefused => format!("the AWS credentials are not valid: {detail}"),
        Cause::Unreachable | Cause::TimedOut | Cause::NoSuchService => {
            format!("cannot reach {to}: {detail}")
        }
        Cause::Unintelligible => format!("{to} does not answer as AWS does: {detail}"),
        _ => format!("the first call to {to} failed: {failure}"),
    }
}
