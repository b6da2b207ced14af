//! The environment as it is known now, in memory.
//!
//! It is read once for each change, not for each analyzer. Whoever asks gets a shared copy that stays as it is; a change
//! makes a new one, which shares all the rest with it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;
use ringfence_access::inventory::Inventory;
use ringfence_aws::collection::Live;
use ringfence_sources::SnapshotReader;

use super::counters::Counters;
use super::prepared::Prepared;
use super::settings::Source;
use super::subject::Subject;

/// The environment at one time.
#[derive(Debug)]
pub(crate) struct Environment {
    /// What it consists of, and what could not be read.
    pub(crate) inventory: Arc<Inventory>,
    /// When everything was read last.
    pub(crate) read_at: Timestamp,
    /// Another number whenever accounts or the organization may differ, on which more than one resource depends.
    pub(super) surroundings: u64,
}

/// Why the source cannot be read now.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Since when.
    pub(crate) since: Timestamp,
    /// What is wrong, for a person.
    pub(crate) message: String,
}

/// What the service knows and does about its source.
#[derive(Default)]
pub(crate) struct State {
    current: RwLock<Option<Arc<Environment>>>,
    problem: RwLock<Option<Problem>>,
    reader: Mutex<Option<SnapshotReader>>,
    /// Held while the environment is replaced: each change is made to what the one before left.
    publishing: Mutex<()>,
    /// Held while an analyzer's findings are made to agree with the environment: what is written last is what was
    /// looked at last.
    pub(super) writing: tokio::sync::Mutex<()>,
    /// Held while one thing is read again, by its hash.
    pub(super) reading: Stripes,
    /// Held while everything is read.
    pub(super) reading_all: tokio::sync::Mutex<()>,
    /// What was read by itself since a reading of everything began, which may have come too early to see it.
    since: Mutex<Option<BTreeSet<Subject>>>,
    pub(super) live: tokio::sync::OnceCell<Arc<Live>>,
    pub(super) prepared: Prepared,
    pub(super) counters: Counters,
}

impl State {
    /// The environment, if it was ever read.
    pub(crate) fn current(&self) -> Option<Arc<Environment>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is wrong with the source.
    pub(crate) fn problem(&self) -> Option<Problem> {
        self.problem.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_problem(&self, message: Option<String>) {
        let mut problem = self.problem.write().unwrap_or_else(PoisonError::into_inner);
        let since = problem.as_ref().map_or_else(Timestamp::now, |before| before.since);
        *problem = message.map(|message| Problem { since, message });
    }

    /// Reads what has changed of a source in files, and makes it the environment. What one thing was read again
    /// meanwhile is the caller's to read once more: it is in the answer.
    pub(super) fn read_all(
        &self,
        source: &Source,
    ) -> Result<BTreeSet<Subject>, ringfence_sources::SourceError> {
        self.begin_all();
        let before = self.current();
        let before = before.as_deref().map(|own| own.inventory.as_ref());
        let inventory = self.read_files(source, before)?;
        // What is noted from now on is changed in what is published here.
        let _turn = locked(&self.publishing);
        let since = locked(&self.since).take().unwrap_or_default();
        self.publish(inventory, Surroundings::Other, Some(Timestamp::now()));
        Ok(since)
    }

    fn read_files(
        &self,
        source: &Source,
        before: Option<&Inventory>,
    ) -> Result<Inventory, ringfence_sources::SourceError> {
        let path = source.path();
        if path.is_file() {
            return ringfence_sources::read_target(path);
        }
        let known = locked(&self.reader).clone();
        let mut reader = known.unwrap_or_else(|| SnapshotReader::new(path));
        let inventory = reader.read(before)?;
        *locked(&self.reader) = Some(reader);
        Ok(inventory)
    }

    /// Begins to take note of what is read by itself, because everything is being read.
    pub(super) fn begin_all(&self) {
        locked(&self.since).get_or_insert_default();
    }

    /// Takes note that something is read by itself, for a reading of everything that runs.
    pub(super) fn note(&self, subject: &Subject) {
        if let Some(since) = locked(&self.since).as_mut() {
            since.insert(subject.clone());
        }
    }

    /// Puts a change upon the environment; `false` where it takes a reading of everything.
    pub(super) fn change(
        &self,
        surroundings: Surroundings,
        change: impl FnOnce(&SnapshotReader, &Inventory) -> Option<Inventory>,
    ) -> bool {
        let reader = locked(&self.reader).clone();
        let _turn = locked(&self.publishing);
        let (Some(reader), Some(before)) = (reader, self.current()) else { return false };
        match change(&reader, &before.inventory) {
            Some(inventory) => {
                self.publish(inventory, surroundings, None);
                true
            }
            None => false,
        }
    }

    fn publish(&self, inventory: Inventory, surroundings: Surroundings, at: Option<Timestamp>) {
        let before = self.current();
        let number = before.as_ref().map_or(0, |own| own.surroundings);
        let environment = Environment {
            inventory: Arc::new(inventory),
            read_at: at.or_else(|| before.map(|own| own.read_at)).unwrap_or_else(Timestamp::now),
            surroundings: match surroundings {
                Surroundings::Same => number,
                Surroundings::Other => number + 1,
            },
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(environment));
    }
}

/// Whether a change is one of accounts or the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    Same,
    Other,
}

/// Locks for things of which there are many: two of the same name have the same lock.
pub(super) struct Stripes(Vec<tokio::sync::Mutex<()>>);

impl Default for Stripes {
    fn default() -> Self {
        Self((0..64).map(|_| tokio::sync::Mutex::default()).collect())
    }
}

impl Stripes {
    pub(super) async fn lock(
        &self,
        name: &impl std::hash::Hash,
    ) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        use std::hash::{DefaultHasher, Hasher};
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let number = usize::try_from(hasher.finish() % 64).unwrap_or(0);
        match self.0.get(number) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
