//! One account on its way into the snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::absent::Absent;
use super::account_facts;
use super::limits::Limits;
use super::not_read::NotRead;
use super::place::{Content, Place};
use super::progress::Progress;
use super::regions::{self, RegionChoice};
use super::resource_types::RESOURCE_TYPES;
use super::snapshot_folder::{Done, StagedAccount};
use super::unit::{Reach, Unit};
use crate::connection::Connection;
use crate::failure::{Cause, Failure};

/// An account that is being read.
#[derive(Debug)]
pub(super) struct AccountRun {
    pub(super) id: String,
    pub(super) partition: String,
    pub(super) connection: Connection,
    pub(super) limits: Limits,
    pub(super) calls: Arc<Semaphore>,
    pub(super) progress: Arc<Progress>,
    pub(super) staged: StagedAccount,
    /// Whether the user named the regions; where one did not, buckets of all regions count.
    pub(super) chosen_regions: RegionChoice,
    facts: Mutex<BTreeMap<&'static str, Value>>,
    not_read: Mutex<BTreeSet<NotRead>>,
    absent: Mutex<BTreeSet<Absent>>,
    resources: AtomicUsize,
    /// Something that was asked about is not there.
    missing: AtomicBool,
    /// What makes it pointless to go on with this account.
    broken: Mutex<Option<Broken>>,
}

/// Why an account cannot be finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Broken {
    #[error("the credentials have expired: {0}")]
    Expired(String),
    #[error("cannot write: {0}")]
    Write(String),
}

/// What an account is read with.
pub(super) struct AccountSetting {
    pub(super) id: String,
    pub(super) partition: String,
    pub(super) connection: Connection,
    pub(super) limits: Limits,
    pub(super) progress: Arc<Progress>,
    pub(super) regions: RegionChoice,
}

impl AccountRun {
    pub(super) fn new(setting: AccountSetting, staged: StagedAccount) -> Arc<Self> {
        Arc::new(Self {
            id: setting.id,
            partition: setting.partition,
            connection: setting.connection,
            limits: setting.limits,
            calls: Arc::new(Semaphore::new(setting.limits.calls_per_account.max(1))),
            progress: setting.progress,
            staged,
            chosen_regions: setting.regions,
            facts: Mutex::default(),
            not_read: Mutex::default(),
            absent: Mutex::default(),
            resources: AtomicUsize::new(0),
            missing: AtomicBool::new(false),
            broken: Mutex::default(),
        })
    }

    /// An account that is asked without being written.
    pub(super) fn nowhere(setting: AccountSetting) -> Arc<Self> {
        Self::new(setting, StagedAccount::nowhere())
    }

    /// What could not be read so far.
    pub(super) fn take_not_read(&self) -> Vec<NotRead> {
        std::mem::take(&mut *locked(&self.not_read)).into_iter().collect()
    }

    /// Whether something that was asked about is not there.
    pub(super) fn missed_something(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }

    /// What makes it pointless to go on, if anything does.
    pub(super) fn take_broken(&self) -> Option<Broken> {
        locked(&self.broken).take()
    }

    /// The facts that were read.
    pub(super) fn take_facts(&self) -> BTreeMap<&'static str, Value> {
        std::mem::take(&mut *locked(&self.facts))
    }

    /// What does not exist so far.
    pub(super) fn take_absent(&self) -> Vec<Absent> {
        std::mem::take(&mut *locked(&self.absent)).into_iter().collect()
    }

    /// Reads the account into its staging folder.
    ///
    /// # Errors
    /// When the credentials expired or the disk is full: what is staged is not the account then.
    pub(super) async fn collect(self: &Arc<Self>) -> Result<Done, Broken> {
        let home = self.connection.region().to_owned();
        let regions = regions::of(&Place::new(self, &home, None), &self.chosen_regions).await;
        let mut tasks = JoinSet::new();
        for unit in RESOURCE_TYPES.iter().chain(account_facts::ACCOUNT_FACTS) {
            if let Some(absent) = unit.absent.filter(|own| own.lacks(&self.partition)) {
                self.absent_from_partition(absent.what, unit.resource_type);
                continue;
            }
            match unit.reach {
                Reach::Account => {
                    drop(tasks.spawn(run(unit, Place::new(self, &home, unit.resource_type))))
                }
                Reach::Region => {
                    for region in &regions {
                        let place = Place::new(self, region, unit.resource_type);
                        tasks.spawn(run(unit, place));
                    }
                }
            }
        }
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                self.break_off(Broken::Write(error.to_string()));
            }
        }
        self.fact("Regions", json!(regions));
        self.write_account_file();
        if let Some(broken) = self.take_broken() {
            return Err(broken);
        }
        Ok(Done {
            resources: self.resources.load(Ordering::Relaxed),
            not_read: locked(&self.not_read).iter().cloned().collect(),
            absent: self.take_absent(),
        })
    }

    /// A fact for `account.json`.
    pub(super) fn fact(&self, name: &'static str, value: Value) {
        locked(&self.facts).insert(name, value);
    }

    /// A fact of one region for `account.json`.
    pub(super) fn regional_fact(&self, name: &'static str, region: &str, value: Value) {
        let mut facts = locked(&self.facts);
        if let Value::Object(regions) = facts.entry(name).or_insert_with(|| json!({})) {
            regions.insert(region.to_owned(), value);
            regions.sort_keys();
        }
    }

    pub(super) fn not_read(&self, failure: &Failure, entry: NotRead) {
        if failure.cause == Cause::NotFound {
            self.missing.store(true, Ordering::Relaxed);
        }
        if failure.cause == Cause::CredentialsExpired {
            self.break_off(Broken::Expired(failure.detail.clone()));
        }
        locked(&self.not_read).insert(entry);
    }

    /// Takes note of something that does not exist.
    pub(super) fn absent(&self, absent: Absent) {
        locked(&self.absent).insert(absent);
    }

    /// The same, of something that the partition does not have.
    pub(super) fn absent_from_partition(&self, what: &str, resource_type: Option<&str>) {
        self.absent(Absent::from_partition(what, resource_type, &self.partition));
    }

    pub(super) fn write_resource(
        &self,
        region: &str,
        resource_type: &str,
        name: &str,
        arn: &str,
        content: Content,
    ) {
        let mut tags = content.tags;
        tags.sort();
        let tags: Vec<Value> =
            tags.into_iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        let file = json!({
            "resourceType": resource_type,
            "arn": arn,
            "tags": tags,
            "configuration": content.configuration,
            "attributes": without_nulls(content.attributes),
        });
        let written = self.staged.resource(region, resource_type, name, &file);
        self.resources.fetch_add(1, Ordering::Relaxed);
        self.progress.resource();
        self.check(written);
    }

    /// Takes note of a failure to write.
    pub(super) fn check(&self, written: io::Result<()>) {
        if let Err(error) = written {
            self.break_off(Broken::Write(error.to_string()));
        }
    }

    fn break_off(&self, broken: Broken) {
        locked(&self.broken).get_or_insert(broken);
    }

    fn write_account_file(&self) {
        let mut facts = locked(&self.facts);
        let mut file = serde_json::Map::new();
        file.insert("AccountId".to_owned(), json!(self.id));
        for (name, value) in std::mem::take(&mut *facts) {
            file.insert(name.to_owned(), value);
        }
        self.check(self.staged.file("account.json", &Value::Object(file)));
    }
}

async fn run(unit: &'static Unit, place: Place) {
    if let Err(failure) = (unit.collect)(place.clone()).await {
        place.not_read(None, &failure);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An absent member and `null` say the same; absent is shorter.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}
