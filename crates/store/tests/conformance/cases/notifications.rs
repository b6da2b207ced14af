//! The queue of what people are told.

use jiff::SignedDuration;
use ringfence_response::notification::{Notification, NotificationKind, sample};
use ringfence_store::notifications::{ChannelDue, Queueing};
use ringfence_store::outbox::{Backlog, RetryPolicy};
use ringfence_store::retention::Retention;
use ringfence_store::{Store, StoreError};

use crate::sample::at;

const LEASE: SignedDuration = SignedDuration::from_secs(60);
const POLICY: RetryPolicy = RetryPolicy {
    first_wait: SignedDuration::from_secs(10),
    longest_wait: SignedDuration::from_secs(15),
    attempts: 2,
};

pub(crate) async fn once_to_each_channel(store: Store) {
    let own = |number: i64| Notification {
        id: format!("n{number}"),
        ..sample(NotificationKind::Failure, at(number))
    };
    for number in 0..3 {
        assert_eq!(store.queue_notification(&own(number)).await.unwrap(), Queueing::Queued);
    }
    assert_eq!(store.queue_notification(&own(1)).await.unwrap(), Queueing::Known);
    assert_eq!(store.notification("n1").await.unwrap(), own(1));
    assert!(matches!(store.notification("n9").await, Err(StoreError::NotFound(_))));

    // The first goes nowhere, the others to a mailbox, the last to a chat later as well.
    let route = |own: &Notification| {
        let due =
            |channel: &str, seconds| ChannelDue { channel: channel.to_owned(), due: at(seconds) };
        match own.id.as_str() {
            "n0" => vec![],
            "n1" => vec![due("mail", 10)],
            _ => vec![due("mail", 10), due("chat", 100)],
        }
    };
    assert_eq!(store.route_notifications(route, 2).await.unwrap(), 2);
    assert_eq!(store.route_notifications(route, 2).await.unwrap(), 1);
    assert_eq!(store.route_notifications(route, 2).await.unwrap(), 0);
    assert_eq!(store.take_notifications("mail", at(9), LEASE, 10).await.unwrap(), []);
    let taken = store.take_notifications("mail", at(10), LEASE, 10).await.unwrap();
    let ids: Vec<&str> = taken.iter().map(|own| own.notification.id.as_str()).collect();
    assert_eq!(ids, ["n1", "n2"]);
    assert_eq!(store.take_notifications("mail", at(11), LEASE, 10).await.unwrap(), []);
    assert_eq!(store.take_notifications("mail", at(70), LEASE, 10).await.unwrap(), taken);
    store.notified("mail", &[taken[0].position]).await.unwrap();
    let failed = taken[1].position;
    let fail = |seconds| store.notification_failed("mail", failed, "down", &POLICY, at(seconds));
    assert_eq!(fail(71).await.unwrap(), Some(at(81)));
    assert_eq!(fail(81).await.unwrap(), None);
    assert_eq!(
        store.notification_backlogs().await.unwrap(),
        [
            ("chat".to_owned(), Backlog { pending: 1, dead: 0 }),
            ("mail".to_owned(), Backlog { pending: 0, dead: 1 }),
        ]
    );
    let dead = store.dead_notifications("mail", 0, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].error.as_deref()), (1, Some("down")));
    assert_eq!(store.replay_notifications("mail", at(90)).await.unwrap(), 1);
    let again = store.take_notifications("mail", at(90), LEASE, 10).await.unwrap();
    assert_eq!((again.len(), again[0].attempts), (1, 0));
    store.notified("mail", &[failed]).await.unwrap();

    // What was sent is known as long as events are kept; what still waits stays.
    let later = at(0).checked_add(SignedDuration::from_hours(24 * 15)).unwrap();
    store.delete_outdated(&Retention::default(), later).await.unwrap();
    assert!(store.notification("n1").await.is_err());
    assert_eq!(store.notification("n2").await.unwrap(), own(2));
    store.set_channels(&["mail"]).await.unwrap();
    assert_eq!(store.notification_backlogs().await.unwrap(), []);
    store.delete_outdated(&Retention::default(), later).await.unwrap();
    assert!(store.notification("n2").await.is_err());
}
