//! A thousand accounts against an endpoint on this machine that answers at once: memory, and how fast calls are made.

mod endpoint;

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region};
use endpoint::{Endpoint, SECRETS};
use futures_util::{StreamExt, stream};

const ACCOUNTS: usize = 1_000;

/// How often speed is measured.
const TURNS: usize = 3;

/// Measurements are taken one at a time.
static MEASURING: Mutex<()> = Mutex::new(());

fn ids(accounts: usize) -> String {
    let ids: Vec<String> = (1..=accounts).map(|number| format!("{number:012}")).collect();
    ids.join(",")
}

struct Done {
    seconds: f64,
    peak_mib: f64,
}

/// Collects so many accounts, and watches how much memory that takes.
fn collect(endpoint: &Endpoint, accounts: usize) -> Done {
    let folder = scratch().join(format!("ringfence-load-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ringfence-collect"))
        .arg("--out")
        .arg(&folder)
        .args(["--endpoint-url", &endpoint.url(), "--region", "eu-west-1"])
        .args(["--accounts", &ids(accounts)])
        .envs([("AWS_ACCESS_KEY_ID", "AKIA999999999999"), ("AWS_SECRET_ACCESS_KEY", "secret")])
        .envs([("AWS_CONFIG_FILE", "/dev/null"), ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut peak_mib = 0.0;
    while child.try_wait().unwrap().is_none() {
        peak_mib = peak(&child).unwrap_or(peak_mib);
        std::thread::sleep(Duration::from_millis(20));
    }
    let seconds = start.elapsed().as_secs_f64();
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(0), "{said}");
    let all = accounts * SECRETS;
    assert!(said.contains(&format!("{accounts} accounts, {all} resources")), "{said}");
    std::fs::remove_dir_all(&folder).unwrap();
    Done { seconds, peak_mib }
}

/// In memory where the system has such a place: how fast disks make files, above all where many were removed just
/// before, is not what is measured.
fn scratch() -> PathBuf {
    let in_memory = PathBuf::from("/dev/shm");
    if in_memory.is_dir() { in_memory } else { std::env::temp_dir() }
}

/// The most memory that the process has had.
fn peak(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

#[test]
#[ignore = "slow: collects a thousand accounts"]
fn memory_does_not_grow_with_the_accounts() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let endpoint = Endpoint::start();
    let few = collect(&endpoint, ACCOUNTS / 20);
    let before = endpoint.calls();
    let all = collect(&endpoint, ACCOUNTS);
    let calls = (endpoint.calls() - before) as f64;
    println!(
        "{ACCOUNTS} accounts of {SECRETS} resources: {:.0} s, {:.0} calls/s, {:.0} MiB ({:.0} MiB for {})",
        all.seconds,
        calls / all.seconds,
        all.peak_mib,
        few.peak_mib,
        ACCOUNTS / 20,
    );
    assert!(all.peak_mib > 0.0 && all.peak_mib < 300.0, "{} MiB", all.peak_mib);
}

#[test]
#[ignore = "slow: compares with a plain loop of the SDK"]
fn calls_are_not_much_slower_than_in_a_plain_loop() {
    let _alone = MEASURING.lock().unwrap_or_else(PoisonError::into_inner);
    let endpoint = Endpoint::start();
    let accounts = 40;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut rate, mut plain) = (0.0_f64, 0.0_f64);
    // The best of some turns: what else the machine does slows either down.
    for _ in 0..TURNS {
        let before = endpoint.calls();
        let collected = collect(&endpoint, accounts);
        rate = rate.max((endpoint.calls() - before) as f64 / collected.seconds);
        let before = endpoint.calls();
        let start = Instant::now();
        runtime.block_on(plain_loop(&endpoint.url(), accounts));
        plain = plain.max((endpoint.calls() - before) as f64 / start.elapsed().as_secs_f64());
    }
    println!("collector {rate:.0} calls/s, plain loop of the SDK {plain:.0} calls/s");
    // The loop neither starts a program, writes files, assumes roles, nor makes twenty clients an account for services
    // that have nothing.
    assert!(rate > plain / 2.0, "collector {rate:.0} calls/s, plain loop {plain:.0} calls/s");
}

/// The calls that secrets take, and nothing else: as many accounts and calls at once as the collector makes.
async fn plain_loop(url: &str, accounts: usize) {
    let one = async |number: usize| {
        let key = Credentials::new(format!("AKIA{number:012}"), "secret", None, None, "test");
        let config = aws_sdk_secretsmanager::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(ringfence_aws::http_client())
            .region(Region::new("eu-west-1"))
            .endpoint_url(url)
            .credentials_provider(key)
            .build();
        let client = aws_sdk_secretsmanager::Client::from_conf(config);
        let listed = client.list_secrets().send().await.unwrap();
        stream::iter(listed.secret_list.unwrap_or_default())
            .for_each_concurrent(8, async |secret| {
                let arn = secret.arn.unwrap_or_default();
                client.get_resource_policy().secret_id(arn).send().await.unwrap();
            })
            .await;
    };
    stream::iter(1..=accounts).for_each_concurrent(8, one).await;
}
