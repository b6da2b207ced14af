//! A run from beginning to end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::absent::Absent;
use super::account_run::{AccountRun, AccountSetting, Broken};
use super::accounts::{self, Caller};
use super::error::CollectError;
use super::not_read::NotRead;
use super::organization::{self, Organization};
use super::place::Place;
use super::regions::{self, RegionChoice};
use super::request::{Collected, Request};
use super::snapshot_folder::{Done, SnapshotFolder};
use crate::connection::Connection;
use crate::failure::Failure;

/// The version of the folder's format; see `docs/schemas`.
const FORMAT_VERSION: u32 = 1;

/// Collects what is asked for into the folder, or goes on where an earlier run of the same request was broken off.
///
/// # Errors
/// When nobody can be asked, the organization cannot be read, credentials expire on the way, or the folder cannot be
/// written. What one account refuses is part of the answer.
pub async fn collect(request: &Request) -> Result<Collected, CollectError> {
    let connection = Connection::open(&request.access).await;
    let caller = accounts::caller(&connection, request.access.profile.as_deref()).await?;
    let run = Run { request, connection, caller };
    run.check_regions().await?;
    let (organization, mut not_read, absent) = match run.organization().await? {
        Some(read) => (Some(read.organization), read.not_read, read.absent),
        None => (None, Vec::new(), Vec::new()),
    };
    let mut absent: BTreeSet<Absent> = absent.into_iter().collect();
    let accounts = accounts::chosen(&request.accounts, &run.caller, organization.as_ref())?;
    run.check_folder(&accounts, organization.as_ref())?;
    let folder_error = |error| CollectError::Folder(request.out.clone(), error);
    let plan = run.plan(&accounts, organization.as_ref());
    let folder = SnapshotFolder::begin(&request.out, &plan).map_err(folder_error)?;
    match &organization {
        Some(organization) => folder.write("organization.json", &organization.file),
        None => folder.remove("organization.json"),
    }
    .map_err(folder_error)?;
    let folder = Arc::new(folder);
    let (done, resumed) = run.accounts(&folder, &accounts).await?;
    for stale in SnapshotFolder::accounts(&request.out).map_err(folder_error)? {
        if !accounts.contains(&stale) {
            folder.remove_account(&stale).map_err(folder_error)?;
        }
    }
    let mut collected = Collected { accounts: accounts.len(), resumed, ..Collected::default() };
    for done in done.into_values() {
        collected.resources += done.resources;
        not_read.extend(done.not_read);
        absent.extend(done.absent);
    }
    not_read.sort();
    not_read.dedup();
    let absent = absent.into_iter().collect::<Vec<_>>();
    folder.finish(&run.manifest(&not_read, &absent)).map_err(folder_error)?;
    collected.not_read = not_read;
    collected.absent = absent;
    Ok(collected)
}

/// The organization, and what there is to say about reading it.
struct ReadOrganization {
    organization: Organization,
    not_read: Vec<NotRead>,
    absent: Vec<Absent>,
}

struct Run<'a> {
    request: &'a Request,
    connection: Connection,
    caller: Caller,
}

impl Run<'_> {
    /// Regions that were asked for have to exist. Which are enabled is each account's affair.
    async fn check_regions(&self) -> Result<(), CollectError> {
        let RegionChoice::These(names) = &self.request.regions else { return Ok(()) };
        let place = self.place();
        // Who may not list regions learns from the calls themselves which exist.
        let Ok(known) = regions::list(&place).await else { return Ok(()) };
        match names.iter().find(|name| !known.iter().any(|region| region.name == **name)) {
            Some(name) if !known.is_empty() => Err(CollectError::NoSuchRegion {
                name: name.clone(),
                partition: self.caller.partition.clone(),
                known: known.into_iter().map(|region| region.name).collect::<Vec<_>>().join(", "),
            }),
            _ => Ok(()),
        }
    }

    async fn organization(&self) -> Result<Option<ReadOrganization>, CollectError> {
        let choice = &self.request.accounts;
        if !choice.organization && choice.units.is_empty() {
            return Ok(None);
        }
        let place = self.place();
        let read = organization::read(&place).await.map_err(CollectError::Organization)?;
        Ok(Some(ReadOrganization {
            organization: read,
            not_read: place.account.take_not_read(),
            absent: place.account.take_absent(),
        }))
    }

    /// A place of the caller's own account, outside any collection of it.
    fn place(&self) -> Place {
        let account = AccountRun::nowhere(self.setting(&self.caller.account, &self.connection));
        Place::new(&account, self.connection.region(), None)
    }

    fn setting(&self, id: &str, connection: &Connection) -> AccountSetting {
        AccountSetting {
            id: id.to_owned(),
            partition: self.caller.partition.clone(),
            connection: connection.clone(),
            limits: self.request.limits,
            progress: Arc::clone(&self.request.progress),
            regions: self.request.regions.clone(),
        }
    }

    /// What was collected before has to be of the same organization, or of the same accounts.
    fn check_folder(
        &self,
        accounts: &BTreeSet<String>,
        organization: Option<&Organization>,
    ) -> Result<(), CollectError> {
        let out = &self.request.out;
        let folder_error = |error| CollectError::Folder(out.clone(), error);
        let present = SnapshotFolder::accounts(out).map_err(folder_error)?;
        let before = std::fs::read(out.join("organization.json")).ok();
        let before: Option<Value> = before.and_then(|text| serde_json::from_slice(&text).ok());
        let before = before.as_ref().and_then(|it| it.get("Organization")?.get("Id")?.as_str());
        if before.is_some() && before == organization.map(|it| it.id.as_str()) {
            return Ok(());
        }
        match present.into_iter().find(|id| !accounts.contains(id)) {
            Some(stranger) => Err(CollectError::OtherSnapshot(out.clone(), stranger)),
            None => Ok(()),
        }
    }

    /// What makes a run the same as one before.
    fn plan(&self, accounts: &BTreeSet<String>, organization: Option<&Organization>) -> Value {
        let regions = match &self.request.regions {
            RegionChoice::Enabled => json!("enabled"),
            RegionChoice::These(names) => json!(names),
        };
        json!({
            "formatVersion": FORMAT_VERSION,
            "createdBy": self.request.created_by,
            "partition": self.caller.partition,
            "caller": self.caller.account,
            "organization": organization.map(|it| &it.id),
            "accounts": accounts,
            "regions": regions,
            "role": self.request.role_name,
        })
    }

    /// Reads the accounts, some at once, and gives what was done for each, and how many were done before.
    async fn accounts(
        &self,
        folder: &Arc<SnapshotFolder>,
        accounts: &BTreeSet<String>,
    ) -> Result<(BTreeMap<String, Done>, usize), CollectError> {
        let progress = &self.request.progress;
        progress.accounts(accounts.len());
        let mut all = BTreeMap::new();
        for id in accounts {
            if let Some(done) = folder.done(id) {
                all.insert(id.clone(), done);
                progress.account_done();
            }
        }
        let resumed = all.len();
        let open: Vec<&String> = accounts.iter().filter(|id| !all.contains_key(*id)).collect();
        let at_once = self.request.limits.accounts.max(1);
        let mut reading = stream::iter(open)
            .map(|id| async move { (id, self.account(folder, id).await) })
            .buffer_unordered(at_once);
        let mut first_error = None;
        while let Some((id, read)) = reading.next().await {
            match read {
                Ok(done) => {
                    all.insert(id.clone(), done);
                    progress.account_done();
                }
                // The others are still finished: what they have cost is not lost.
                Err(error) => drop(first_error.get_or_insert(error)),
            }
        }
        first_error.map_or(Ok((all, resumed)), Err)
    }

    async fn account(&self, folder: &Arc<SnapshotFolder>, id: &str) -> Result<Done, CollectError> {
        let folder_error = |error| CollectError::Folder(self.request.out.clone(), error);
        let staged = folder.stage(id).map_err(folder_error)?;
        let connection = match self.connection_to(id).await {
            Ok(connection) => connection,
            Err((role, failure)) => {
                if failure.cause == crate::Cause::CredentialsExpired {
                    let reason = failure.reason();
                    return Err(CollectError::BrokenOff { account: id.to_owned(), reason });
                }
                let entry = NotRead {
                    resource: Some(role),
                    resource_type: Some("AWS::IAM::Role".to_owned()),
                    ..NotRead::of_account(id, &failure)
                };
                let done = Done { not_read: vec![entry], ..Done::default() };
                staged.file("account.json", &json!({ "AccountId": id })).map_err(folder_error)?;
                folder.commit(id, &staged, &done).map_err(folder_error)?;
                return Ok(done);
            }
        };
        let account = AccountRun::new(self.setting(id, &connection), staged);
        let running = Arc::clone(&account);
        let task = tokio::spawn(async move { running.collect().await });
        let ended = task.await.unwrap_or_else(|error| Err(Broken::Write(error.to_string())));
        let done = ended.map_err(|broken| CollectError::BrokenOff {
            account: id.to_owned(),
            reason: broken.to_string(),
        })?;
        folder.commit(id, &account.staged, &done).map_err(folder_error)?;
        Ok(done)
    }

    async fn connection_to(&self, id: &str) -> Result<Connection, (String, Failure)> {
        if id == self.caller.account {
            return Ok(self.connection.clone());
        }
        let partition = &self.caller.partition;
        let role = format!("arn:{partition}:iam::{id}:role/{}", self.request.role_name);
        let external_id = self.request.external_id.as_deref();
        let assumed = self.connection.assuming(&role, external_id).await;
        assumed.map_err(|failure| (role, failure))
    }

    fn manifest(&self, not_read: &[NotRead], absent: &[Absent]) -> Value {
        json!({
            "formatVersion": FORMAT_VERSION,
            "createdAt": now(),
            "createdBy": self.request.created_by,
            "partition": self.caller.partition,
            "notRead": not_read,
            "absent": absent,
        })
    }
}

/// The time, to the second.
fn now() -> String {
    let now = jiff::Timestamp::now();
    now.round(jiff::Unit::Second).unwrap_or(now).to_string()
}
