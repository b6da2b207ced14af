//! The process is killed with SIGKILL before and after every call of the world, in every state of the workflow; another
//! process goes on with what it finds.

use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use ringfence_response::workflow::ResolutionState as State;
use ringfence_response::workflow::resolution::{Start, Wish};
use ringfence_response::workflow::transition::Happening;
use ringfence_store::resolutions::{Circumstances, Moved};

use super::world::{At, OPEN, POLICY, World, settle, store};

const FOLDER: &str = "RINGFENCE_RESPONSE_VICTIM";
const KILL_AT: &str = "RINGFENCE_RESPONSE_KILL_AT";

/// Runs as the process that is killed; does nothing elsewhere.
#[test]
#[ignore = "the process that other tests kill"]
fn victim() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let at: usize = std::env::var(KILL_AT).unwrap().parse().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = store(Path::new(&folder), None).await;
        let world = World::new(Path::new(&folder), At::Kill(at));
        settle(&store, &world).await;
        println!("\nended");
    });
}

/// Lets a process go on with the folder until it is killed; gives whether it was.
fn kill(folder: &Path, at: usize) -> bool {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["response::tests::killed::victim", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(KILL_AT, at.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    !String::from_utf8_lossy(&output.stdout).contains("\nended")
}

/// The way of a resolution: applied, or applied and undone in one of two ways.
#[derive(Clone, Copy, Debug)]
enum Way {
    Apply,
    Rollback,
    Intended,
}

#[tokio::test]
#[ignore = "kills some two hundred processes"]
async fn killed_at_every_call() {
    let mut kills = 0;
    for way in [Way::Apply, Way::Rollback, Way::Intended] {
        for first in 0.. {
            let mut was_killed = false;
            // Once, and then again soon after the new start.
            for second in [None, Some(0), Some(1), Some(2), Some(3), Some(4)] {
                let folder = tempfile::tempdir().unwrap();
                prepare(folder.path(), way).await;
                let before = World::new(folder.path(), At::Nothing).writes().len();
                was_killed = kill(folder.path(), first);
                kills += usize::from(was_killed);
                if !was_killed {
                    break;
                }
                if let Some(second) = second {
                    kills += usize::from(kill(folder.path(), second));
                }
                let told = format!("{way:?}, killed at {first} and {second:?}");
                end(folder.path(), way, before, &told).await;
            }
            if !was_killed {
                break;
            }
        }
    }
    eprintln!("{kills} kills");
    assert!(kills >= 200, "{kills} kills");
}

async fn prepare(folder: &Path, way: Way) {
    let store = store(folder, Some(Start::Automatic)).await;
    let who = "alice".to_owned();
    let wish = match way {
        Way::Apply => None,
        Way::Rollback => Some(Wish::Rollback { who }),
        Way::Intended => Some(Wish::Intended { who, rule_name: "intended".to_owned() }),
    };
    if let Some(wish) = wish {
        let world = World::new(folder, At::Nothing);
        assert_eq!(settle(&store, &world).await.state, State::Verified);
        let asked = Happening::Ask(wish);
        let who = Circumstances::of("alice");
        let moved = store.move_resolution("r1", &asked, &who, Timestamp::now()).await.unwrap();
        assert!(matches!(moved, Moved::To(_)));
    }
    store.close().await;
}

/// Another process goes on, and everything is as if nobody had been killed.
async fn end(folder: &Path, way: Way, before: usize, told: &str) {
    let store = store(folder, None).await;
    let world = World::new(folder, At::Nothing);
    let own = settle(&store, &world).await;
    let slots = world.slots();
    match way {
        Way::Apply => {
            assert_eq!(own.state, State::Verified, "{told}: {:?}", own.reason);
            assert_eq!(world.denies(), 1, "{told}");
        }
        Way::Rollback | Way::Intended => {
            assert_eq!(own.state, State::RolledBack, "{told}: {:?}", own.reason);
            assert_eq!(
                (slots["policy"].as_str(), slots["block"].as_str()),
                (POLICY, OPEN),
                "{told}"
            );
        }
    }
    // Each slot was changed once, however often somebody began.
    assert_eq!(world.writes().len() - before, 2, "{told}: {:?}", world.writes());
    store.close().await;
}
