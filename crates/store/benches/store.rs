//! A store with many findings: how long the first page of a list takes, how many findings a second are read, how much
//! memory it needs. Run by `cargo xtask bench store`.

#[path = "../tests/conformance/folder.rs"]
mod folder;
mod many;
#[path = "../tests/conformance/postgres.rs"]
mod postgres;

use std::time::{Duration, Instant};

use folder::Folder;
use many::{ANALYZER, lists, load, nth_id};
use ringfence_findings::filter::Filter;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Location, Store};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|own| own != "--bench");
    let findings = arguments.next().and_then(|own| own.parse().ok()).unwrap_or(1_000_000);
    match arguments.next().as_deref() {
        Some("postgres") => {
            let server = postgres::Server::start();
            println!("PostgreSQL");
            measure(&Location::Url(server.database("bench").await), findings).await;
        }
        _ => {
            let folder = Folder::new("bench");
            println!("SQLite");
            measure(&Location::Folder(folder.0.clone()), findings).await;
        }
    }
}

async fn measure(location: &Location, findings: usize) {
    let store = Store::open(location).await.unwrap();
    let start = Instant::now();
    load(&store, findings).await;
    println!("  {findings} findings written in {:.0} s", start.elapsed().as_secs_f64());
    store.close().await;
    let store = Store::open(location).await.unwrap();
    for (name, filter, sort) in lists() {
        first_page(&store, name, &filter, sort).await;
    }
    get(&store, findings).await;
    println!("  most memory of the process: {} MiB", most_memory() / 1024);
    store.close().await;
}

async fn first_page(store: &Store, name: &str, filter: &Filter, sort: SortBy) {
    let list = FindingsQuery { filter, sort, order: OrderBy::Desc, after: None, most: 100 };
    let (mut times, mut items) = (Vec::new(), 0);
    for _ in 0..30 {
        let start = Instant::now();
        items = store.list_findings(ANALYZER, &list).await.unwrap().items.len();
        times.push(start.elapsed());
    }
    let first = times[0];
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "  first page, {name}: {items} findings, median {:.2} ms, slowest {:.2} ms, cold {:.2} ms",
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1]),
        ms(first),
    );
}

/// Eight readers for some seconds.
async fn get(store: &Store, findings: usize) {
    let (start, time) = (Instant::now(), Duration::from_secs(5));
    let mut tasks = Vec::new();
    for reader in 0..8usize {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let (mut number, mut done) = (reader * 7919, 0u64);
            while start.elapsed() < time {
                number = (number + 104_729) % findings;
                store.finding(ANALYZER, &nth_id(number)).await.unwrap();
                done += 1;
            }
            done
        }));
    }
    let mut done = 0;
    for task in tasks {
        done += task.await.unwrap();
    }
    println!("  findings read one by one: {:.0} a second", done as f64 / time.as_secs_f64());
}

/// In KiB, since the process began.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
