//! A process that writes under load and is killed with SIGKILL at random moments: what it acknowledged is there, no
//! finding is there twice, and each change has been told exactly once.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::finding::FindingStatus;
use ringfence_store::{Location, Store, StoreError};

use crate::folder::Folder;
use crate::postgres::Server;
use crate::sample::{act, analysis, analyzer, arn, at, bucket};

const PLACE: &str = "RINGFENCE_STORE_WRITER";
const WRITERS: usize = 4;

/// What a writer said: for each resource the highest step that was acknowledged.
pub(crate) type Acknowledged = BTreeMap<usize, usize>;

/// Runs as the process that is killed; does nothing elsewhere.
#[test]
#[ignore = "the process that other tests kill"]
fn writer() {
    let Ok(place) = std::env::var(PLACE) else { return };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let store = Store::open(&location(&place)).await.unwrap();
        let own = analyzer("a", AnalyzerType::Account);
        match store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await {
            Ok(_) | Err(StoreError::AlreadyExists(_)) => {}
            Err(error) => panic!("{error}"),
        }
        let mut tasks = Vec::new();
        for number in 0..WRITERS {
            tasks.push(tokio::spawn(write(store.clone(), number)));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Step after step, one access takes the place of the one before: a finding is made and another resolved.
async fn write(store: Store, number: usize) {
    let name = format!("resource-{number}");
    let first = store.findings_of_resource(&arn("a"), &bucket(&name)).await.unwrap().len();
    for step in first..first + 5_000 {
        let seen = analysis("a", &name, &[&format!("{step:06}")]);
        match store.apply_reconciliation(&arn("a"), &[seen], at(step as i64)).await {
            Ok(_) => println!("\nacknowledged {number} {step}"),
            Err(error) => {
                println!("\nrefused {error}: {:?}", std::error::Error::source(&error));
                return;
            }
        }
    }
}

pub(crate) fn location(place: &str) -> Location {
    match place.starts_with("postgres:") {
        true => Location::Url(place.to_owned()),
        false => Location::Folder(place.into()),
    }
}

/// Starts a writer, kills it after `life` if that is given, and gives what it said.
pub(crate) fn watch(mut writer: Command, life: Option<Duration>) -> (Acknowledged, Vec<String>) {
    let mut child = writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let (mut acknowledged, mut refused) = (Acknowledged::new(), Vec::new());
        for line in output.lines().map_while(Result::ok) {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["acknowledged", number, step] => {
                    acknowledged.insert(number.parse().unwrap(), step.parse().unwrap());
                }
                ["refused", ..] => refused.push(line.clone()),
                _ => {}
            }
        }
        (acknowledged, refused)
    });
    if let Some(life) = life {
        std::thread::sleep(life);
        child.kill().unwrap();
    }
    child.wait().unwrap();
    reader.join().unwrap()
}

/// This test binary, to run as a writer.
pub(crate) fn writer_arguments() -> Vec<String> {
    let program = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
    let arguments = ["killed::writer", "--exact", "--ignored", "--nocapture"];
    std::iter::once(program).chain(arguments.map(str::to_owned)).collect()
}

fn writer_command(place: &str) -> Command {
    let arguments = writer_arguments();
    let mut command = Command::new(&arguments[0]);
    command.args(&arguments[1..]).env(PLACE, place);
    command
}

/// The environment of a writer at `place`.
pub(crate) fn environment(place: &str) -> (&'static str, String) {
    (PLACE, place.to_owned())
}

/// What is stored has everything that was acknowledged, once, and told once.
pub(crate) async fn verify(store: &Store, acknowledged: &Acknowledged) {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, event) in store.events(0, 10_000_000).await.unwrap() {
        let text = |member: &str| event.detail[member].as_str().unwrap().to_owned();
        told.entry(text("id")).or_default().push(text("status"));
    }
    let mut all = 0;
    for number in 0..WRITERS {
        let resource = bucket(&format!("resource-{number}"));
        let stored = store.findings_of_resource(&arn("a"), &resource).await.unwrap();
        if let Some(step) = acknowledged.get(&number) {
            assert!(stored.len() > *step, "step {step} of {number} is lost: {}", stored.len());
        }
        for (step, finding) in stored.iter().enumerate() {
            assert_eq!(finding.id(), format!("a/resource-{number}/{step:06}"));
            let (status, events): (_, &[&str]) = match step + 1 == stored.len() {
                true => (FindingStatus::Active, &["ACTIVE"]),
                false => (FindingStatus::Resolved, &["ACTIVE", "RESOLVED"]),
            };
            assert_eq!(finding.status, status, "{}", finding.id());
            assert_eq!(told.get(finding.id()).unwrap(), events);
        }
        all += stored.len();
    }
    assert_eq!(told.len(), all);
    let counts = store.statistics(&arn("a")).await.unwrap().total();
    assert_eq!((counts.active() + counts.resolved) as usize, all);
}

async fn kill_again_and_again(place: &str, rounds: u32) {
    let mut acknowledged = Acknowledged::new();
    let random = std::hash::RandomState::new();
    for round in 0..rounds {
        let mut hasher = random.build_hasher();
        hasher.write_u32(round);
        let life = Duration::from_millis(50 + hasher.finish() % 400);
        let writer = writer_command(place);
        let said = tokio::task::spawn_blocking(move || watch(writer, Some(life))).await.unwrap();
        assert_eq!(said.1, Vec::<String>::new());
        acknowledged.extend(said.0);
        let store = Store::open(&location(place)).await.unwrap();
        if store.analyzer(&arn("a")).await.is_ok() {
            verify(&store, &acknowledged).await;
        }
        store.close().await;
    }
    assert!(acknowledged.values().sum::<usize>() > 50, "hardly anything was written");
    eprintln!("{rounds} kills, {acknowledged:?} acknowledged");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes half a minute"]
async fn sqlite_keeps_what_it_acknowledged() {
    let folder = Folder::new("killed");
    kill_again_and_again(folder.0.to_str().unwrap(), 25).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the PostgreSQL server of the Python environment"]
async fn postgres_keeps_what_it_acknowledged() {
    let server = Server::start();
    kill_again_and_again(&server.database("killed").await, 25).await;
}
