//! Events on their way out.

use jiff::SignedDuration;
use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::finding::{ArchivedBy, StatusUpdate};
use ringfence_store::Store;
use ringfence_store::findings::UpdateTarget;
use ringfence_store::outbox::{Backlog, RetryPolicy};

use crate::sample::{act, analysis, analyzer, at};

const LEASE: SignedDuration = SignedDuration::from_secs(60);
const POLICY: RetryPolicy = RetryPolicy {
    first_wait: SignedDuration::from_secs(10),
    longest_wait: SignedDuration::from_secs(15),
    attempts: 3,
};

pub(crate) async fn in_order_until_taken(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    store.set_sinks(&["file", "queue"]).await.unwrap();
    store.apply_reconciliation(&own.arn, &[analysis("a", "x", &["1", "2"])], at(1)).await.unwrap();
    let ids = ["a/x/1".to_owned()];
    let by = ArchivedBy::Person { who: "alice".to_owned(), reason: None };
    let archived = StatusUpdate::Archived;
    store
        .update_findings(
            &own.arn,
            UpdateTarget::Ids(&ids),
            archived,
            &by,
            &act("UpdateFindings", 2),
        )
        .await
        .unwrap();
    assert_eq!(store.backlog("file").await.unwrap(), Backlog { pending: 3, dead: 0 });

    // One of each finding, the older one first; a second taker gets nothing.
    let taken = store.take_deliveries("file", at(3), LEASE, 10).await.unwrap();
    let subjects: Vec<&str> = taken.iter().map(|own| own.subject.as_str()).collect();
    assert_eq!(subjects, ["a/x/1", "a/x/2"]);
    assert_eq!(taken[0].event.detail["status"], "ACTIVE");
    assert_eq!(store.take_deliveries("file", at(4), LEASE, 10).await.unwrap(), []);
    // The lease is over: they come again.
    let again = store.take_deliveries("file", at(64), LEASE, 10).await.unwrap();
    assert_eq!(again, taken);
    store.delivered("file", &[again[1].position]).await.unwrap();

    // While the first event of a finding fails, its second waits.
    let first = again[0].position;
    let next = store.delivery_failed("file", first, "refused", &POLICY, at(70)).await.unwrap();
    assert_eq!(next, Some(at(80)));
    assert_eq!(store.take_deliveries("file", at(79), LEASE, 10).await.unwrap(), []);
    let retried = store.take_deliveries("file", at(80), LEASE, 10).await.unwrap();
    assert_eq!(retried.len(), 1);
    assert_eq!((retried[0].attempts, retried[0].error.as_deref()), (1, Some("refused")));
    let next = store.delivery_failed("file", first, "refused", &POLICY, at(80)).await.unwrap();
    assert_eq!(next, Some(at(95)));
    let next = store.delivery_failed("file", first, "gone", &POLICY, at(95)).await.unwrap();
    assert_eq!(next, None);
    assert_eq!(store.backlog("file").await.unwrap(), Backlog { pending: 1, dead: 1 });
    let dead = store.dead_letters("file", 0, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].error.as_deref()), (1, Some("gone")));
    let second = store.take_deliveries("file", at(96), LEASE, 10).await.unwrap();
    assert_eq!(second[0].event.detail["status"], "ARCHIVED");
    assert_eq!(store.replay_dead_letters("file", at(97)).await.unwrap(), 1);
    let replayed = store.take_deliveries("file", at(97), LEASE, 10).await.unwrap();
    assert_eq!((replayed[0].position, replayed[0].attempts), (first, 0));

    // The other sink has lost nothing of it, and a sink that is gone keeps nothing.
    assert_eq!(store.backlog("queue").await.unwrap(), Backlog { pending: 3, dead: 0 });
    store.set_sinks(&["queue"]).await.unwrap();
    assert_eq!(store.backlog("file").await.unwrap(), Backlog::default());
}
