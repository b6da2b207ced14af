//! The service with many findings, over HTTP and signed, on SQLite and on PostgreSQL: how many findings a second are
//! read one by one, how long the first page of a list takes, how much memory the process holds. The load is that of
//! `wrk`, on the same machine. Run by `cargo xtask bench serve`.

#[path = "../../../store/tests/conformance/folder.rs"]
mod folder;
#[path = "../../../store/benches/many/mod.rs"]
mod many;
#[path = "../../../store/tests/conformance/postgres.rs"]
mod postgres;
mod requests;
#[path = "../../tests/service/running.rs"]
#[expect(dead_code, reason = "shared with the tests, which do more with a service")]
mod running;
mod wrk;

use std::time::{Duration, Instant};

use many::{ACCOUNT, REGION, lists, load};
use requests::{get_finding, health, list_findings};
use ringfence_store::{Location, Store};
use running::{Folder, Key, Running, create_key};
use wrk::{Load, Measured};

/// What the service is to reach with a million findings, on two cores.
const READS_PER_SECOND: f64 = 3000.0;
const FIRST_PAGE: Duration = Duration::from_millis(20);
const MEMORY_MIB: u64 = 500;

/// So many different findings are asked for.
const READ: usize = 20_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|own| own != "--bench");
    let findings = arguments.next().and_then(|own| own.parse().ok()).unwrap_or(1_000_000);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!("SQLite");
    let folder = Folder::new();
    runtime.block_on(fill(&Location::Folder(folder.path().to_owned()), findings));
    measure(&folder, &[], findings);
    drop(folder);
    println!("PostgreSQL");
    let (server, folder) = (postgres::Server::start(), Folder::new());
    let url = runtime.block_on(server.database("bench"));
    runtime.block_on(fill(&Location::Url(url.clone()), findings));
    measure(&folder, &["--database", &url], findings);
}

async fn fill(location: &Location, findings: usize) {
    let store = Store::open(location).await.unwrap();
    let start = Instant::now();
    load(&store, findings).await;
    println!("  {findings} findings written in {:.0} s", start.elapsed().as_secs_f64());
    store.close().await;
}

fn measure(folder: &Folder, database: &[&str], findings: usize) {
    let key = create_key(folder, &[&["--account", ACCOUNT, "--full-access"], database].concat());
    let serve = ["--region", REGION, "--requests-per-second", "1000000"];
    let service = Running::start(folder, &[&serve, database].concat());
    let (host, scratch) = (service.address(), folder.path());
    let limit = wrk::run(&service.url, scratch, &[health(host)], Load::Throughput);
    println!("  the same server without a signature or a store: {:.0} a second", limit.per_second);
    reads(&service, folder, &key, findings, &limit);
    let mut slowest = Duration::ZERO;
    for (name, filter, sort) in lists() {
        let request = list_findings(host, &key, &filter, sort);
        let page = wrk::run(&service.url, scratch, &[request], Load::OneByOne);
        println!("  first page, {name}: median {:.2?}, 99% {:.2?}", page.median, page.p99);
        slowest = slowest.max(page.p99);
    }
    println!("    the slowest at 99%: {slowest:.2?}; {}", aim(slowest < FIRST_PAGE));
    let [now, most] = memory_mib(&service);
    println!("  memory: {now} MiB, at most {most} MiB; {}", aim(most < MEMORY_MIB));
}

fn reads(service: &Running, folder: &Folder, key: &Key, findings: usize, limit: &Measured) {
    let step = (findings / READ).max(1);
    let ids = (0..findings).step_by(step).map(many::nth_id);
    let requests: Vec<String> = ids.map(|id| get_finding(service.address(), key, &id)).collect();
    let before = processor_time(service);
    let read = wrk::run(&service.url, folder.path(), &requests, Load::Throughput);
    let took = processor_time(service) - before;
    println!(
        "  GetFinding, {} different: {:.0} a second, {:.0}% of that; {:.0} µs of processor time each; median {:.2?}, 99% {:.2?}; {}",
        requests.len(),
        read.per_second,
        100.0 * read.per_second / limit.per_second,
        took.as_secs_f64() * 1e6 / read.requests,
        read.median,
        read.p99,
        aim(read.per_second > READS_PER_SECOND)
    );
}

/// What the service holds in memory, now and at most.
fn memory_mib(service: &Running) -> [u64; 2] {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    })
}

/// What the service has used of the processors, in user and kernel mode.
fn processor_time(service: &Running) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", service.child.id())).unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).map(|own| own.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

fn aim(is_met: bool) -> &'static str {
    if is_met { "aim met" } else { "aim MISSED" }
}
