//! Every call of the world fails once in every way.

use jiff::Timestamp;
use ringfence_response::record::RecordEvent;
use ringfence_response::workflow::ResolutionState as State;
use ringfence_response::workflow::resolution::{Resolution, Start, Trace, Wish};
use ringfence_response::workflow::transition::Happening;
use ringfence_store::Store;
use ringfence_store::resolutions::{Circumstances, Moved};

use super::world::{At, OPEN, POLICY, World, settle, store};
use crate::response::live::Trouble;

/// The calls of a resolution from its start to its end, and of its undoing: more than there are.
const CALLS: usize = 24;

/// What is true however it ended: the account is as one of the two policies says, nothing was written twice, and what
/// is written is in the record.
async fn check(store: &Store, world: &World, own: &Resolution, told: &str) {
    let record: Vec<RecordEvent> = store
        .record_of(own.finding.id())
        .await
        .unwrap()
        .iter()
        .filter_map(|own| own.event())
        .collect();
    let applying = record.iter().any(|own| matches!(own, RecordEvent::Applying { .. }));
    assert!(applying || world.writes().is_empty(), "{told}: written without a record");
    let denies = world.denies();
    assert!(denies <= 1, "{told}: written twice");
    let is_shut = world.slots()["block"] != OPEN;
    match own.state {
        State::Verified | State::Applied => {
            assert!(denies == 1 && is_shut, "{told}: {:?} and not written", own.state);
        }
        State::RolledBack | State::Proposed | State::Expired => {
            assert!(denies == 0 && !is_shut, "{told}: {:?} and written", own.state);
        }
        State::Failed if own.trace == Trace::Nothing => {
            assert!(denies == 0 && !is_shut, "{told}: failed, half done, and nobody knows");
            assert!(own.reason.is_some(), "{told}: no reason");
        }
        State::Failed => assert!(own.reason.is_some(), "{told}: no reason"),
        State::Approved | State::Applying | State::RollingBack | State::Rejected => {
            panic!("{told}: it stands still in {:?}: {:?}", own.state, own.reason);
        }
    }
}

async fn ask(store: &Store, wish: Wish) {
    let who = Circumstances::of("alice");
    let asked = store.move_resolution("r1", &Happening::Ask(wish), &who, Timestamp::now()).await;
    assert!(matches!(asked.unwrap(), Moved::To(_)));
}

#[tokio::test]
#[ignore = "makes some hundred and forty stores"]
async fn every_call_fails_in_every_way() {
    let busy = Trouble::Busy("slow down".to_owned());
    let refused = Trouble::Refused("not allowed".to_owned());
    let mut faults = 0;
    for call in 0..CALLS {
        let trouble =
            |trouble: &Trouble, times| At::Trouble { call, trouble: trouble.clone(), times };
        for at in [
            trouble(&busy, 1),
            trouble(&busy, 3),
            trouble(&busy, 1000),
            trouble(&refused, 1),
            trouble(&Trouble::Changed, 1),
            At::Theirs(call),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let store = store(folder.path(), Some(Start::Automatic)).await;
            let told = format!("{at:?}");
            let world = World::new(folder.path(), at);
            let own = settle(&store, &world).await;
            check(&store, &world, &own, &told).await;
            if matches!(own.state, State::Verified) {
                ask(&store, Wish::Rollback { who: "alice".to_owned() }).await;
                let own = settle(&store, &world).await;
                if own.wish.is_none() {
                    check(&store, &world, &own, &told).await;
                }
            }
            faults += 1;
            store.close().await;
        }
    }
    eprintln!("{faults} faults");
}

#[tokio::test]
async fn what_others_wrote_stays_when_ours_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), Some(Start::Automatic)).await;
    let world = World::new(folder.path(), At::Nothing);
    assert_eq!(settle(&store, &world).await.state, State::Verified);
    let theirs = world.slots()["policy"].replacen("\"Sid\":\"In\"", "\"Sid\":\"Theirs\"", 1);
    world.set("policy", &theirs);
    ask(&store, Wish::Intended { who: "alice".to_owned(), rule_name: "intended".to_owned() }).await;
    let own = settle(&store, &world).await;
    assert_eq!(own.state, State::RolledBack, "{:?}", own.reason);
    assert_eq!(world.slots()["policy"], POLICY.replace("\"Sid\":\"In\"", "\"Sid\":\"Theirs\""));
    assert_eq!(std::fs::read_to_string(folder.path().join("rule")).unwrap(), "intended");
}

#[tokio::test]
async fn what_its_keeper_resolves_while_a_person_is_waited_for_is_not_applied() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), Some(Start::Proposed)).await;
    let world = World::new(folder.path(), At::Nothing);
    assert_eq!(settle(&store, &world).await.state, State::Proposed);
    // No event comes: it is asked.
    std::fs::write(folder.path().join("resolved"), "").unwrap();
    let own = settle(&store, &world).await;
    assert_eq!(own.state, State::Expired);
    assert_eq!(own.reason.as_deref(), Some("the finding is not active any more"));
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), Some(Start::Automatic)).await;
    let world = World::new(folder.path(), At::Nothing);
    world.set("policy", "{\"Statement\":");
    let own = settle(&store, &world).await;
    assert_eq!((own.state, own.trace), (State::Failed, Trace::Nothing));
    assert_eq!(world.writes(), Vec::<String>::new());
}
