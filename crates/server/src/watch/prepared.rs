//! Analyses of internal access that are kept ready.
//!
//! What may reach a resource are the users and roles inside the zone of trust, and making their policies ready takes far
//! longer than looking at one resource. So an analysis stays on the stack of a thread of its own, and serves until
//! accounts or the organization change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use ringfence_access::external::ZoneChoice;
use ringfence_access::internal::Analysis as Engine;
use ringfence_access::inventory::{Inventory, Resource, Resources};
use ringfence_findings::analyzer::{Analyzer, Zone};
use ringfence_policy::AccountId;
use ringfence_store::reconciliation::Analysis;
use serde_json::Value;
use tokio::sync::oneshot;

use super::ScanError;
use super::current::Environment;
use super::internal;

/// The analyses that are ready, by analyzer.
#[derive(Default)]
pub(super) struct Prepared(Mutex<BTreeMap<String, Ready>>);

struct Ready {
    surroundings: u64,
    configuration: Option<Value>,
    jobs: Sender<Job>,
}

/// What is asked of an analysis.
enum Job {
    /// What is seen of these resources.
    Look(Vec<Arc<Resource>>, oneshot::Sender<Vec<Analysis>>),
    /// Which of these resources somebody in the account may reach.
    Reached(AccountId, Vec<Arc<Resource>>, oneshot::Sender<Vec<String>>),
}

impl Prepared {
    /// What `analyzer` sees of `resources`, which are of `environment`.
    pub(super) async fn look(
        &self,
        environment: &Environment,
        analyzer: &Analyzer,
        resources: Vec<Arc<Resource>>,
    ) -> Result<Vec<Analysis>, ScanError> {
        let (answer, seen) = oneshot::channel();
        self.ask(environment, analyzer, Job::Look(resources, answer))?;
        seen.await.map_err(|_| ScanError::Ended)
    }

    /// The ARNs of those of `resources` that somebody in `account` may reach.
    pub(super) async fn reached(
        &self,
        environment: &Environment,
        analyzer: &Analyzer,
        account: AccountId,
        resources: Vec<Arc<Resource>>,
    ) -> Result<Vec<String>, ScanError> {
        let (answer, reached) = oneshot::channel();
        self.ask(environment, analyzer, Job::Reached(account, resources, answer))?;
        reached.await.map_err(|_| ScanError::Ended)
    }

    fn ask(
        &self,
        environment: &Environment,
        analyzer: &Analyzer,
        job: Job,
    ) -> Result<(), ScanError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of analyzers that are gone go with the first change of the surroundings.
        all.retain(|_, own| own.surroundings == environment.surroundings);
        if all.get(&analyzer.arn).is_some_and(|own| own.configuration != analyzer.configuration) {
            all.remove(&analyzer.arn);
        }
        let ready = all.entry(analyzer.arn.clone()).or_insert_with(|| Ready {
            surroundings: environment.surroundings,
            configuration: analyzer.configuration.clone(),
            jobs: start(&environment.inventory, analyzer.clone()),
        });
        if ready.jobs.send(job).is_err() {
            all.remove(&analyzer.arn);
            return Err(ScanError::Ended);
        }
        Ok(())
    }
}

fn start(inventory: &Inventory, analyzer: Analyzer) -> Sender<Job> {
    // The resources are handed over one by one; those of now need not be kept.
    let frame = Inventory { resources: Resources::default(), ..inventory.clone() };
    let (jobs, queue) = channel();
    std::thread::spawn(move || serve(&frame, &analyzer, &queue));
    jobs
}

fn serve(frame: &Inventory, analyzer: &Analyzer, jobs: &Receiver<Job>) {
    let own = AccountId::new(&analyzer.account);
    let (zone, owners): (_, BTreeSet<&AccountId>) = match analyzer.analyzer_type.zone() {
        Zone::Account => (ZoneChoice::Account, own.iter().collect()),
        Zone::Organization => (ZoneChoice::Organization, frame.accounts.keys().collect()),
    };
    let engine = Engine::of_accounts(frame, zone, owners, internal::inclusions(analyzer));
    while let Ok(job) = jobs.recv() {
        // Whoever asked may have gone.
        match job {
            Job::Look(resources, answer) => {
                drop(answer.send(look(&engine, &resources, analyzer)));
            }
            Job::Reached(account, resources, answer) => {
                drop(answer.send(reached(&engine, &resources, &account)));
            }
        }
    }
}

fn look<'e>(
    engine: &Engine<'e>,
    resources: &'e [Arc<Resource>],
    analyzer: &Analyzer,
) -> Vec<Analysis> {
    let resources: Vec<&Resource> = resources.iter().map(Arc::as_ref).collect();
    internal::analyses(engine, &resources, analyzer)
}

fn reached<'e>(
    engine: &Engine<'e>,
    resources: &'e [Arc<Resource>],
    account: &AccountId,
) -> Vec<String> {
    let all = resources.par_iter();
    let reached =
        all.filter(|own| engine.includes(own) && engine.may_be_reached_from(own, account));
    reached.map(|own| own.arn.clone()).collect()
}
