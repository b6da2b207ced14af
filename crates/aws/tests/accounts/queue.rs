//! A queue is received from, and what nobody can deal with is set aside.

use std::time::Duration;

use ringfence_aws::queue::Queue;

use crate::moto::Moto;
use crate::reach::{access, block_on};

/// The receiver takes the ordinary chain of credentials, so it runs in a process that has some.
const CHILD: &str = "RINGFENCE_TEST_QUEUE";

#[test]
#[ignore = "needs the Python environment"]
fn nothing_is_lost_and_poison_is_set_aside() {
    if let Ok(given) = std::env::var(CHILD) {
        let (endpoint, url) = given.split_once(' ').unwrap();
        return block_on(receive(endpoint, url));
    }
    let moto = Moto::start();
    let url = moto.run("plant.py", &["queue"], "");
    let done = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["queue::nothing_is_lost_and_poison_is_set_aside", "--exact", "--ignored"])
        .env(CHILD, format!("{} {url}", moto.url()))
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

async fn receive(endpoint: &str, url: &str) {
    let queue = Queue::open(&access(endpoint), url).await;
    let (wait, hidden) = (Duration::from_secs(1), Duration::from_secs(60));
    let mut found = Vec::new();
    while found.len() < 3 {
        found.extend(queue.receive(wait, hidden).await.unwrap());
    }
    let mut bodies: Vec<&str> = found.iter().map(|it| it.body.as_str()).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, ["message 0", "message 1", "message 2"]);
    assert!(found.iter().all(|it| it.received == 1 && it.sent.is_some()));
    let depth = queue.depth().await.unwrap();
    assert_eq!((depth.waiting, depth.hidden, depth.most_receipts), (0, 3, Some(2)));
    assert!(depth.dead_letters.unwrap().ends_with(":findings-dead-letters"));

    // Two are dealt with; the third is given back, comes again, and again: too often.
    assert_eq!(queue.delete(&found[..2]).await.unwrap(), Vec::<String>::new());
    let poison = found[2].id.clone();
    queue.hide(&found[2], Duration::ZERO).await.unwrap();
    let again = queue.receive(wait, hidden).await.unwrap();
    assert_eq!((again[0].id.as_str(), again[0].received), (poison.as_str(), 2));
    queue.hide(&again[0], Duration::ZERO).await.unwrap();
    assert_eq!(queue.receive(wait, hidden).await.unwrap(), []);
    let dead = queue.dead_letters().await.unwrap().unwrap();
    let aside = dead.receive(wait, hidden).await.unwrap();
    assert_eq!((aside.len(), aside[0].body.as_str()), (1, found[2].body.as_str()));
}
