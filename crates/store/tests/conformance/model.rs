//! Random sequences of what can happen, against a reference that keeps everything in memory.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::filter::Filter;
use ringfence_findings::finding::{ArchivedBy, Finding, StatusUpdate};
use ringfence_findings::reconcile::{Change, Completeness, Observed, reconcile};
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_findings::statistics::Statistics;
use ringfence_store::findings::UpdateTarget;
use ringfence_store::list::FindingsQuery;
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::retention::Retention;
use ringfence_store::{Location, Store};

use crate::folder::Folder;
use crate::postgres::Server;
use crate::sample::{act, analysis, analyzer, arn, at, bucket, eq, rule};

const RESOURCES: [&str; 3] = ["x", "y", "z"];
const WHO: [&str; 5] = ["*", "1", "2", "3", "nobody"];
const DAY: i64 = 24 * 60 * 60;

#[derive(Clone, Debug)]
enum Step {
    Scan { resource: usize, seen: Vec<usize>, complete: bool, there: bool },
    Update { resource: usize, who: usize, archive: bool },
    UpdateResource { resource: usize, archive: bool },
    CreateRule(usize),
    DeleteRule(usize),
    Apply(usize),
    Days(i64),
    DeleteOutdated,
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let resource = 0..RESOURCES.len();
    let who = 0..WHO.len();
    let seen = prop::collection::btree_set(who.clone(), 0..5);
    let scan = (resource.clone(), seen, prop::bool::weighted(0.8), prop::bool::weighted(0.9));
    let step = prop_oneof![
        6 => scan.prop_map(|(resource, seen, complete, there)| Step::Scan {
            resource, seen: seen.into_iter().collect(), complete, there,
        }),
        2 => (resource.clone(), who.clone(), any::<bool>())
            .prop_map(|(resource, who, archive)| Step::Update { resource, who, archive }),
        1 => (resource, any::<bool>())
            .prop_map(|(resource, archive)| Step::UpdateResource { resource, archive }),
        1 => who.clone().prop_map(Step::CreateRule),
        1 => who.clone().prop_map(Step::DeleteRule),
        1 => who.prop_map(Step::Apply),
        1 => (1..100i64).prop_map(Step::Days),
        1 => Just(Step::DeleteOutdated),
        1 => Just(Step::Reopen),
    ];
    prop::collection::vec(step, 1..30)
}

/// The reference.
#[derive(Default)]
struct Model {
    findings: BTreeMap<String, Finding>,
    rules: BTreeMap<String, ArchiveRule>,
    /// What was told: ids with the status, or that it is gone.
    told: Vec<(String, String)>,
    day: i64,
}

impl Model {
    fn tell(&mut self, finding: &Finding, gone: bool) {
        let status = finding.status.as_str();
        let said = if gone { format!("{status} deleted") } else { status.to_owned() };
        self.told.push((finding.id().to_owned(), said));
    }

    fn scan(&mut self, seen: &Analysis) {
        let stored: Vec<Finding> = self
            .findings
            .values()
            .filter(|own| own.observation.resource == seen.resource)
            .cloned()
            .collect();
        let observed = match seen.presence {
            Presence::There => {
                Observed { observations: &seen.observations, completeness: seen.completeness }
            }
            Presence::Gone => Observed { observations: &[], completeness: Completeness::Complete },
        };
        let rules: Vec<ArchiveRule> = self.rules.values().cloned().collect();
        for change in reconcile(&stored, observed, &rules, at(self.day * DAY)) {
            match change {
                Change::Create(own) | Change::Status { finding: own, .. } => {
                    self.tell(&own, false);
                    self.findings.insert(own.id().to_owned(), own);
                }
                Change::Refresh(own) => _ = self.findings.insert(own.id().to_owned(), own),
                Change::Delete(own) => {
                    self.tell(&own, true);
                    self.findings.remove(own.id());
                }
            }
        }
    }

    fn change(&mut self, change: impl Fn(&Finding) -> Option<Finding>) {
        let changed: Vec<Finding> = self.findings.values().filter_map(change).collect();
        for own in changed {
            self.tell(&own, false);
            self.findings.insert(own.id().to_owned(), own);
        }
    }
}

async fn run(location: &Location, steps: &[Step]) {
    let mut store = Store::open(location).await.unwrap();
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    let mut model = Model::default();
    for step in steps {
        store = perform(store, location, &mut model, step).await;
        compare(&store, &model).await;
    }
    store.close().await;
}

async fn perform(store: Store, location: &Location, model: &mut Model, step: &Step) -> Store {
    let own = arn("a");
    let by = ArchivedBy::Person { who: "alice".to_owned(), reason: None };
    let status = |archive: bool| match archive {
        true => StatusUpdate::Archived,
        false => StatusUpdate::Active,
    };
    let now = at(model.day * DAY);
    let do_it = |operation| act(operation, model.day * DAY);
    match step {
        Step::Scan { resource, seen, complete, there } => {
            let who: Vec<&str> = seen.iter().map(|who| WHO[*who]).collect();
            let mut seen = analysis("a", RESOURCES[*resource], &who);
            if !complete {
                seen.completeness = Completeness::Incomplete;
            }
            if !there {
                seen.presence = Presence::Gone;
            }
            let analyses = std::slice::from_ref(&seen);
            store.apply_reconciliation(&own, analyses, now).await.unwrap();
            assert_eq!(store.apply_reconciliation(&own, analyses, now).await.unwrap(), []);
            model.scan(&seen);
        }
        Step::Update { resource, who, archive } => {
            let ids = [format!("a/{}/{}", RESOURCES[*resource], WHO[*who])];
            let (target, update) = (UpdateTarget::Ids(&ids), status(*archive));
            let done = store.update_findings(&own, target, update, &by, &do_it("Update")).await;
            assert_eq!(done.is_ok(), model.findings.contains_key(&ids[0]));
            model.change(|finding| {
                (finding.id() == ids[0]).then(|| finding.updated(update, by.clone(), now))?
            });
        }
        Step::UpdateResource { resource, archive } => {
            let resource = bucket(RESOURCES[*resource]);
            let (target, update) = (UpdateTarget::Resource(&resource), status(*archive));
            store.update_findings(&own, target, update, &by, &do_it("Update")).await.unwrap();
            model.change(|finding| {
                (finding.observation.resource == resource)
                    .then(|| finding.updated(update, by.clone(), now))?
            });
        }
        Step::CreateRule(who) => {
            let new = rule(&format!("rule-{who}"), &[("principal.AWS", eq(WHO[*who]))]);
            let done = store.create_archive_rule(&own, &new, &do_it("CreateArchiveRule")).await;
            let known = model.rules.contains_key(&new.rule_name);
            assert_eq!(done.is_err(), known);
            model.rules.entry(new.rule_name.clone()).or_insert(new);
        }
        Step::DeleteRule(who) => {
            let name = format!("rule-{who}");
            let done = store.delete_archive_rule(&own, &name, &do_it("DeleteArchiveRule")).await;
            assert_eq!(done.is_ok(), model.rules.remove(&name).is_some());
        }
        Step::Apply(who) => {
            let name = format!("rule-{who}");
            let done = store.apply_archive_rule(&own, &name, &do_it("ApplyArchiveRule")).await;
            match model.rules.get(&name).cloned() {
                Some(own_rule) => {
                    let before = model.told.len();
                    model.change(|finding| own_rule.applied(finding, now));
                    assert_eq!(done.unwrap(), (model.told.len() - before) as u64);
                }
                None => assert!(done.is_err()),
            }
        }
        Step::Days(days) => model.day += days,
        Step::DeleteOutdated => {
            let kept = Retention { events: jiff::SignedDuration::MAX, ..Retention::default() };
            store.delete_outdated(&kept, now).await.unwrap();
            let mut gone: Vec<Finding> =
                model.findings.values().filter(|own| own.is_outdated(now)).cloned().collect();
            gone.sort_by_key(|own| (own.updated_at, own.id().to_owned()));
            for own in gone {
                model.tell(&own, true);
                model.findings.remove(own.id());
            }
        }
        Step::Reopen => {
            store.close().await;
            return Store::open(location).await.unwrap();
        }
    }
    store
}

async fn compare(store: &Store, model: &Model) {
    let filter = Filter::default();
    let (sort, order) = (SortBy::Id, OrderBy::Asc);
    let list = FindingsQuery { filter: &filter, sort, order, after: None, most: 1000 };
    let stored = store.list_findings(&arn("a"), &list).await.unwrap().items;
    let expected: Vec<Finding> = model.findings.values().cloned().collect();
    assert_eq!(stored, expected);
    let mut statistics = Statistics::default();
    expected.iter().for_each(|own| statistics.add(own));
    assert_eq!(store.statistics(&arn("a")).await.unwrap(), statistics);
    let text = |event: &ringfence_findings::event::Event, member: &str| {
        event.detail[member].as_str().unwrap().to_owned()
    };
    let told: Vec<(String, String)> = store
        .events(0, 100_000)
        .await
        .unwrap()
        .iter()
        .map(|(_, event)| {
            let gone = event.detail["isDeleted"] == true;
            let status = text(event, "status");
            (text(event, "id"), if gone { format!("{status} deleted") } else { status })
        })
        .collect();
    assert_eq!(told, model.told);
}

fn check(cases: u32, location: impl Fn(&tokio::runtime::Runtime) -> (Location, Option<Folder>)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let (location, _folder) = location(&runtime);
        runtime.block_on(run(&location, &steps));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn sqlite_does_as_the_model() {
    check(12, |_| {
        let folder = Folder::new("model");
        (Location::Folder(folder.0.clone()), Some(folder))
    });
}

#[test]
#[ignore = "starts the PostgreSQL server of the Python environment"]
fn postgres_does_as_the_model() {
    let server = Server::start();
    let number = std::sync::atomic::AtomicU32::new(0);
    check(12, |runtime| {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let url = runtime.block_on(server.database(&format!("model{number}")));
        (Location::Url(url), None)
    });
}
