//! Live accounts, of which single things are read into a snapshot that was collected before.
//!
//! A change of one resource takes a handful of calls, however large the account is. What cannot be read is noted in
//! `snapshot.json` as by a collection.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::account_facts::{self, AccountFact};
use super::account_run::{AccountRun, AccountSetting, Broken};
use super::accounts::{self, Caller};
use super::error::CollectError;
use super::not_read::NotRead;
use super::one::{region_of, type_of, unit};
use super::place::Place;
use super::request::{Collected, Request};
use super::run::collect;
use super::snapshot_folder::{Patch, change_file};
use super::unit::Unit;
use crate::connection::Connection;
use crate::failure::{Cause, Failure};

/// Accounts that can be asked, and the snapshot folder that they are read into.
#[derive(Debug)]
pub struct Live {
    request: Request,
    connection: Connection,
    caller: Caller,
    /// To accounts other than the caller's.
    connections: Mutex<BTreeMap<String, Connection>>,
    /// Held while files are changed that hold more than one resource.
    files: Mutex<()>,
    patches: AtomicU64,
}

/// What became of something that was read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadAgain {
    /// The files of the snapshot that were written.
    pub written: Vec<PathBuf>,
    /// Whether it is certain that the resource is not there.
    pub is_gone: bool,
    /// What could not be read of it.
    pub not_read: Vec<NotRead>,
}

impl Live {
    /// Opens the accounts that `request` names. Nothing is read yet.
    ///
    /// # Errors
    /// When nobody can be asked.
    pub async fn open(request: Request) -> Result<Self, CollectError> {
        let connection = Connection::open(&request.access).await;
        let caller = accounts::caller(&connection, request.access.profile.as_deref()).await?;
        Ok(Self {
            request,
            connection,
            caller,
            connections: Mutex::default(),
            files: Mutex::default(),
            patches: AtomicU64::new(0),
        })
    }

    /// The snapshot folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.request.out
    }

    /// The account of whoever asks.
    #[must_use]
    pub fn caller(&self) -> &str {
        &self.caller.account
    }

    /// Reads everything, as [`collect`] does.
    ///
    /// # Errors
    /// Those of [`collect`].
    pub async fn collect(&self) -> Result<Collected, CollectError> {
        collect(&self.request).await
    }

    /// Reads one resource. `present` is the file that describes it so far; a resource that has none and that may not be
    /// read leaves no trace, so that made-up ARNs do not.
    ///
    /// # Errors
    /// When the account cannot be asked at all, or the folder cannot be written.
    pub async fn read_resource(
        &self,
        account: &str,
        arn: &str,
        present: Option<&Path>,
    ) -> Result<ReadAgain, Failure> {
        let Some(resource_type) = type_of(arn) else {
            return Err(Failure::new("", Cause::Other, "resources of this type are not read"));
        };
        if resource_type == "AWS::IAM::Role" {
            let name = arn.rsplit('/').next().unwrap_or_default();
            return self.read_role(account, name).await;
        }
        let Some((unit, read_one)) = unit(resource_type).and_then(|own| Some((own, own.read_one?)))
        else {
            return Err(Failure::new("", Cause::Other, "resources of this type are not read"));
        };
        let (patch, run) = self.run(account).await?;
        let place = place(&run, unit, region_of(arn));
        let read = read_one(place.clone(), arn.to_owned()).await;
        let mut is_gone = run.missed_something();
        if let Err(failure) = read {
            is_gone |= failure.cause == Cause::NotFound;
            place.not_read(Some(arn), &failure);
        }
        broken(&run)?;
        let mut again = ReadAgain { not_read: run.take_not_read(), ..ReadAgain::default() };
        again.written = patch.commit(account).map_err(cannot_write)?;
        // A bucket that is not in one of the chosen Regions is neither read nor refused.
        again.is_gone = again.written.is_empty() && (is_gone || again.not_read.is_empty());
        if again.is_gone {
            again.not_read.clear();
        }
        let stale = present.filter(|path| {
            again.is_gone
                || !again.written.is_empty() && !again.written.iter().any(|own| own == path)
        });
        if let Some(stale) = stale {
            remove(stale).map_err(cannot_write)?;
        }
        if present.is_some() || !again.written.is_empty() {
            self.note(&again.not_read, &About::Resource(arn.to_owned())).await?;
        }
        Ok(again)
    }

    /// Reads one role into the account's authorization details.
    ///
    /// # Errors
    /// Those of [`Self::read_resource`].
    pub async fn read_role(&self, account: &str, name: &str) -> Result<ReadAgain, Failure> {
        let path = self.account_folder(account).join("authorization-details.json");
        let (_patch, run) = self.run(account).await?;
        let place = Place::new(&run, self.connection.region(), None);
        let read = {
            let _files = self.files.lock().await;
            account_facts::read_role(place, path.clone(), name.to_owned()).await
        };
        broken(&run)?;
        match read {
            Ok(()) => {
                let not_read = run.take_not_read();
                let about = About::Role { account: account.to_owned(), suffix: format!("/{name}") };
                self.note(&not_read, &about).await?;
                Ok(ReadAgain { written: vec![path], is_gone: false, not_read })
            }
            // Whoever may not ask for one role may still ask for all.
            Err(failure) if failure.cause == Cause::Denied => {
                self.read_fact(account, AccountFact::AuthorizationDetails, None).await
            }
            Err(failure) => Err(failure),
        }
    }

    /// Reads what holds for an account as a whole, in one Region where it is a matter of Regions.
    ///
    /// # Errors
    /// Those of [`Self::read_resource`].
    pub async fn read_fact(
        &self,
        account: &str,
        fact: AccountFact,
        region: Option<&str>,
    ) -> Result<ReadAgain, Failure> {
        let unit = fact.unit();
        let (patch, run) = self.run(account).await?;
        let place = place(&run, unit, region);
        // What stands in the snapshot is better than half of what is there now.
        (unit.collect)(place.clone()).await?;
        broken(&run)?;
        let not_read = run.take_not_read();
        let _files = self.files.lock().await;
        let mut written = patch.commit(account).map_err(cannot_write)?;
        let facts = run.take_facts();
        if !facts.is_empty() {
            let path = self.account_folder(account).join("account.json");
            change_file(&path, |file| {
                facts.into_iter().for_each(|(name, own)| set(file, name, own))
            })
            .map_err(cannot_write)?;
            written.push(path);
        }
        Ok(ReadAgain { written, is_gone: false, not_read })
    }

    fn account_folder(&self, account: &str) -> PathBuf {
        self.request.out.join("accounts").join(account)
    }

    async fn run(&self, account: &str) -> Result<(Patch, Arc<AccountRun>), Failure> {
        let number = self.patches.fetch_add(1, Ordering::Relaxed);
        let setting = AccountSetting {
            id: account.to_owned(),
            partition: self.caller.partition.clone(),
            connection: self.connection_to(account).await?,
            limits: self.request.limits,
            progress: Arc::clone(&self.request.progress),
            regions: self.request.regions.clone(),
        };
        let (patch, staged) =
            Patch::begin(&self.request.out, account, number).map_err(cannot_write)?;
        Ok((patch, AccountRun::new(setting, staged)))
    }

    async fn connection_to(&self, account: &str) -> Result<Connection, Failure> {
        if account == self.caller.account {
            return Ok(self.connection.clone());
        }
        let mut connections = self.connections.lock().await;
        if let Some(known) = connections.get(account) {
            return Ok(known.clone());
        }
        let partition = &self.caller.partition;
        let role = format!("arn:{partition}:iam::{account}:role/{}", self.request.role_name);
        let external_id = self.request.external_id.as_deref();
        let assumed = self.connection.assuming(&role, external_id).await?;
        connections.insert(account.to_owned(), assumed.clone());
        Ok(assumed)
    }

    /// Puts entries in the place of those of `snapshot.json` that are about the same.
    async fn note(&self, entries: &[NotRead], about: &About) -> Result<(), Failure> {
        let _files = self.files.lock().await;
        let path = self.request.out.join("snapshot.json");
        let changed = change_file(&path, |manifest| {
            let Some(Value::Array(all)) = manifest.get_mut("notRead") else { return };
            let is_kept = |own: &Value| {
                let read: Option<NotRead> = serde_json::from_value(own.clone()).ok();
                read.is_none_or(|own| !about.includes(&own))
            };
            all.retain(is_kept);
            all.extend(entries.iter().map(|own| json!(own)).filter(|own| !own.is_null()));
        });
        changed.map_err(cannot_write)
    }
}

/// What entries of `notRead` are about.
enum About {
    Resource(String),
    /// A role, by what its ARN ends with.
    Role {
        account: String,
        suffix: String,
    },
}

impl About {
    fn includes(&self, entry: &NotRead) -> bool {
        let resource = entry.resource.as_deref().unwrap_or_default();
        match self {
            Self::Resource(arn) => resource == arn,
            Self::Role { account, suffix } => {
                entry.account.as_ref() == Some(account)
                    && resource.contains(":role/")
                    && resource.ends_with(suffix.as_str())
            }
        }
    }
}

fn place(run: &Arc<AccountRun>, unit: &'static Unit, region: Option<&str>) -> Place {
    let home = run.connection.region().to_owned();
    let region = match unit.reach {
        super::unit::Reach::Region => region.unwrap_or(&home),
        super::unit::Reach::Account => &home,
    };
    Place::new(run, region, unit.resource_type)
}

/// What was staged is not what is there when the disk is full or the credentials expired.
fn broken(run: &AccountRun) -> Result<(), Failure> {
    match run.take_broken() {
        None => Ok(()),
        Some(own @ Broken::Expired(_)) => {
            Err(Failure::new("", Cause::CredentialsExpired, own.to_string()))
        }
        Some(own @ Broken::Write(_)) => Err(Failure::new("", Cause::Other, own.to_string())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` is given")]
fn cannot_write(error: io::Error) -> Failure {
    Failure::new("", Cause::Other, format!("the snapshot cannot be written: {error}"))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Sets a fact of `account.json`; of a fact by Regions those that were read.
fn set(file: &mut Value, name: &str, fact: Value) {
    let Value::Object(members) = file else { return };
    if let (Some(Value::Object(present)), Value::Object(own)) = (members.get_mut(name), &fact) {
        present.extend(own.clone());
        return;
    }
    members.insert(name.to_owned(), fact);
}
