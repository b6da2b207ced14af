//! The life of findings.

use std::collections::BTreeSet;

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::finding::{ArchivedBy, FindingStatus, StatusUpdate};
use ringfence_findings::reconcile::{Change, Completeness};
use ringfence_findings::statistics::Counts;
use ringfence_store::findings::UpdateTarget;
use ringfence_store::reconciliation::Analysis;
use ringfence_store::retention::Retention;
use ringfence_store::{Item, Store, StoreError};

use crate::sample::{act, analysis, analyzer, at, eq, rule};

async fn start(store: &Store) -> String {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap()
}

fn person() -> ArchivedBy {
    ArchivedBy::Person { who: "alice".to_owned(), reason: Some("a partner".to_owned()) }
}

pub(crate) async fn findings_live(store: Store) {
    let own = start(&store).await;
    let seen = [analysis("a", "x", &["*", "1", "nobody"])];
    let changes = store.apply_reconciliation(&own, &seen, at(1)).await.unwrap();
    assert!(changes.iter().all(|own| matches!(own, Change::Create(_))) && changes.len() == 3);
    let again = store.apply_reconciliation(&own, &seen, at(1)).await.unwrap();
    assert_eq!(again, []);
    let later = store.apply_reconciliation(&own, &seen, at(2)).await.unwrap();
    assert!(later.iter().all(|own| matches!(own, Change::Refresh(_))));
    let counts = store.statistics(&own).await.unwrap().total();
    let all =
        Counts { active_public: 1, active_not_public: 1, active_errors: 1, ..Counts::default() };
    assert_eq!(counts, all);

    let ids = ["a/x/1".to_owned(), "a/x/1".to_owned()];
    let update = act("UpdateFindings", 3);
    let changed = store
        .update_findings(&own, UpdateTarget::Ids(&ids), StatusUpdate::Archived, &person(), &update)
        .await
        .unwrap();
    assert_eq!(changed.len(), 1);
    let finding = store.finding(&own, "a/x/1").await.unwrap();
    assert_eq!(
        (finding.status, finding.archived_by.clone()),
        (FindingStatus::Archived, Some(person()))
    );
    assert_eq!((finding.created_at, finding.updated_at), (at(1), at(3)));
    let ids = ["a/x/*".to_owned(), "none".to_owned()];
    let missing = store
        .update_findings(&own, UpdateTarget::Ids(&ids), StatusUpdate::Archived, &person(), &update)
        .await;
    assert!(matches!(missing, Err(StoreError::NotFound(Item::Finding(_)))), "{missing:?}");
    assert_eq!(store.finding(&own, "a/x/*").await.unwrap().status, FindingStatus::Active);

    // What is not seen is resolved, but only where everything was looked at; a mended error goes.
    let part = Analysis { completeness: Completeness::Incomplete, ..analysis("a", "x", &[]) };
    store.apply_reconciliation(&own, &[part], at(4)).await.unwrap();
    assert_eq!(store.finding(&own, "a/x/*").await.unwrap().status, FindingStatus::Active);
    assert!(store.finding(&own, "a/x/nobody").await.is_err());
    store.apply_reconciliation(&own, &[analysis("a", "x", &[])], at(5)).await.unwrap();
    let counts = store.statistics(&own).await.unwrap().total();
    assert_eq!(counts, Counts { resolved: 2, ..Counts::default() });
    let events = store.events(0, 100).await.unwrap();
    let told: Vec<(&str, &str)> = events
        .iter()
        .map(|(_, own)| {
            (own.detail["id"].as_str().unwrap(), own.detail["status"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        told[3..],
        [
            ("a/x/1", "ARCHIVED"),
            ("a/x/nobody", "ACTIVE"),
            ("a/x/*", "RESOLVED"),
            ("a/x/1", "RESOLVED"),
        ]
    );
    let all = store.findings_of_resource(&own, "arn:aws:s3:::x").await.unwrap();
    assert_eq!(all.len(), 2);
}

pub(crate) async fn archive_rules(store: Store) {
    let own = start(&store).await;
    let partner =
        rule("partner", &[("principal.AWS", eq("1")), ("condition.AWS:sourcevpc", eq("vpc-1"))]);
    store.apply_reconciliation(&own, &[analysis("a", "x", &["1", "2"])], at(1)).await.unwrap();
    store.create_archive_rule(&own, &partner, &act("CreateArchiveRule", 2)).await.unwrap();
    let twice = store.create_archive_rule(&own, &partner, &act("CreateArchiveRule", 2)).await;
    assert!(matches!(twice, Err(StoreError::AlreadyExists(Item::ArchiveRule(_)))), "{twice:?}");
    store.apply_reconciliation(&own, &[analysis("a", "y", &["1", "2"])], at(3)).await.unwrap();
    let by_rule = Some(ArchivedBy::Rule { rule_name: "partner".to_owned() });
    assert_eq!(store.finding(&own, "a/y/1").await.unwrap().archived_by, by_rule);
    assert_eq!(store.finding(&own, "a/x/1").await.unwrap().status, FindingStatus::Active);
    let applied = store.apply_archive_rule(&own, "partner", &act("ApplyArchiveRule", 4)).await;
    assert_eq!(applied.unwrap(), 1);
    let finding = store.finding(&own, "a/x/1").await.unwrap();
    assert_eq!((finding.archived_by, finding.updated_at), (by_rule, at(4)));
    let applied = store.apply_archive_rule(&own, "partner", &act("ApplyArchiveRule", 5)).await;
    assert_eq!(applied.unwrap(), 0);
    let wider = rule("partner", &[("isPublic", eq("false"))]).filter;
    store.update_archive_rule(&own, "partner", &wider, &act("UpdateArchiveRule", 6)).await.unwrap();
    let stored = store.archive_rule(&own, "partner").await.unwrap();
    assert_eq!((stored.filter, stored.created_at, stored.updated_at), (wider, at(0), at(6)));
    store.delete_archive_rule(&own, "partner", &act("DeleteArchiveRule", 7)).await.unwrap();
    assert!(matches!(
        store.archive_rule(&own, "partner").await,
        Err(StoreError::NotFound(Item::ArchiveRule(_)))
    ));
    for number in 0..100 {
        let own_rule = rule(&format!("r{number}"), &[("isPublic", eq("true"))]);
        store.create_archive_rule(&own, &own_rule, &act("CreateArchiveRule", 8)).await.unwrap();
    }
    let more = store.create_archive_rule(&own, &partner, &act("CreateArchiveRule", 9)).await;
    assert!(matches!(more, Err(StoreError::QuotaExceeded { limit: 100, .. })), "{more:?}");
}

/// Analyses of one resource at the same time: each change happens once and is told once.
pub(crate) async fn same_resource_at_once(store: Store) {
    let own = start(&store).await;
    for round in 0..4 {
        let who: &[&str] = if round % 2 == 0 { &["*", "1", "2"] } else { &["*"] };
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let (store, own, seen) = (store.clone(), own.clone(), analysis("a", "x", who));
            tasks.push(tokio::spawn(async move {
                store.apply_reconciliation(&own, &[seen], at(round)).await.unwrap().len()
            }));
        }
        let mut changes = 0;
        for task in tasks {
            changes += task.await.unwrap();
        }
        // Three are new, then two go (and the third is looked at again), then they come back, and go.
        assert_eq!(changes, 3, "round {round}");
    }
    assert_eq!(store.events(0, 100).await.unwrap().len(), 3 + 2 + 2 + 2);
    let counts = store.statistics(&own).await.unwrap().total();
    assert_eq!(counts, Counts { active_public: 1, resolved: 2, ..Counts::default() });
}

pub(crate) async fn retention(store: Store) {
    const DAY: i64 = 24 * 60 * 60;
    let own = start(&store).await;
    let who: Vec<String> = (0..1200).map(|number| number.to_string()).collect();
    let who: Vec<&str> = who.iter().map(String::as_str).collect();
    store.apply_reconciliation(&own, &[analysis("a", "x", &who)], at(0)).await.unwrap();
    store.apply_reconciliation(&own, &[analysis("a", "x", &["0"])], at(DAY)).await.unwrap();
    let kept = store.delete_outdated(&Retention::default(), at(91 * DAY - 1)).await.unwrap();
    assert_eq!(kept.findings, 0);
    let gone = store.delete_outdated(&Retention::default(), at(91 * DAY)).await.unwrap();
    assert_eq!(gone.findings, 1199);
    let left = store.findings_of_resource(&own, "arn:aws:s3:::x").await.unwrap();
    let left: BTreeSet<&str> = left.iter().map(|own| own.id()).collect();
    assert_eq!(left, BTreeSet::from(["a/x/0"]));
    let events = store.events(0, 10_000).await.unwrap();
    assert_eq!(events.len(), 1199, "old events are gone, each deletion has told");
    assert!(events.iter().all(|(_, own)| own.detail["isDeleted"] == true));
}
