//! Who calls, and which accounts are to be read.

use std::collections::BTreeSet;

use super::error::CollectError;
use super::organization::Organization;
use super::request::AccountChoice;
use crate::connection::Connection;
use crate::failure::{Cause, Failure};

/// Whoever runs this.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) account: String,
    pub(super) partition: String,
}

/// Asks who calls. The call needs no permission, so whatever it fails by would fail every other call.
pub(super) async fn caller(
    connection: &Connection,
    profile: Option<&str>,
) -> Result<Caller, CollectError> {
    let client = aws_sdk_sts::Client::new(connection.config());
    let answer = client.get_caller_identity().send().await;
    let to = || match connection.config().endpoint_url() {
        Some(url) => format!("`{url}`"),
        None => format!("AWS in region `{}`", connection.region()),
    };
    let failed = |mut failure: Failure| {
        if let (Cause::NoCredentials, Some(profile)) = (failure.cause, profile) {
            failure.detail = format!("profile `{profile}`: {}", failure.detail);
        }
        CollectError::Caller(failure, to())
    };
    let answer = answer.map_err(|error| failed(Failure::of("sts:GetCallerIdentity", &error)))?;
    let partition = answer.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
    match (answer.account, partition) {
        (Some(account), Some(partition)) if is_account(&account) => {
            Ok(Caller { account, partition: partition.to_owned() })
        }
        _ => {
            let detail = "it does not say whose the credentials are";
            Err(failed(Failure::new("sts:GetCallerIdentity", Cause::Unintelligible, detail)))
        }
    }
}

/// The accounts to read.
pub(super) fn chosen(
    choice: &AccountChoice,
    caller: &Caller,
    organization: Option<&Organization>,
) -> Result<BTreeSet<String>, CollectError> {
    let mut accounts: BTreeSet<String> = match organization {
        Some(organization) => organization.accounts.keys().cloned().collect(),
        None if choice.accounts.is_empty() => [caller.account.clone()].into(),
        None => choice.accounts.iter().cloned().collect(),
    };
    if let Some(organization) = organization {
        if !choice.units.is_empty() {
            let mut below = BTreeSet::new();
            for unit in &choice.units {
                let found = organization.below(unit);
                below.extend(found.ok_or_else(|| CollectError::NoSuchUnit(unit.clone()))?);
            }
            accounts.retain(|account| below.contains(account));
        }
        if let Some(stranger) =
            choice.accounts.iter().find(|id| !organization.accounts.contains_key(*id))
        {
            return Err(CollectError::NoSuchAccount(stranger.clone()));
        }
        if !choice.accounts.is_empty() {
            accounts.retain(|account| choice.accounts.contains(account));
        }
    }
    accounts.retain(|account| !choice.exclude.contains(account));
    if accounts.is_empty() { Err(CollectError::NoAccounts) } else { Ok(accounts) }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
