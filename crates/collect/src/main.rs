//! The `ringfence-collect` program: collection for `ringfence collect` and `ringfence scan --live`.
//!
//! It is a program of its own because it links the AWS SDK, which takes longer to compile than everything else together.
//! Exit codes are those of `ringfence`.

mod progress;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use ringfence_aws::Access;
use ringfence_aws::collection::{
    self, AccountChoice, CollectError, Collected, Limits, NotRead, Progress, RegionChoice, Request,
};
use ringfence_collect_arguments::{CollectOptions, Incomplete};

/// Each call of the SDK allocates some hundred small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Writes a snapshot of a live account or organization
#[derive(Debug, Parser)]
#[command(name = "ringfence-collect", version)]
struct Arguments {
    /// The snapshot folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Exit with 0 instead of 4 when something could not be read; with `absent`, only where it does not exist in the
    /// partition or Region
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    allow_incomplete: Option<Incomplete>,
    #[command(flatten)]
    options: CollectOptions,
}

/// The run failed.
const FAILED: u8 = 1;
/// Something could not be read.
const INCOMPLETE: u8 = 4;

/// How many of the things that could not be read are told. The snapshot lists all.
const TOLD: usize = 10;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let out = arguments.out.clone();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("cannot start: {error}")),
    };
    let allow_incomplete = arguments.allow_incomplete;
    match runtime.block_on(run(arguments)) {
        Ok(collected) => {
            report(&out, &collected);
            let is_unread = !collected.not_read.is_empty();
            let is_complete = !is_unread && collected.absent.is_empty();
            let is_allowed = allow_incomplete.is_some_and(|allowed| allowed.covers(is_unread));
            ExitCode::from(if is_complete || is_allowed { 0 } else { INCOMPLETE })
        }
        Err(error) => failed(&told(&error)),
    }
}

async fn run(arguments: Arguments) -> Result<Collected, CollectError> {
    let progress = Arc::new(Progress::default());
    let request = request(arguments, Arc::clone(&progress));
    let shown = progress::show(progress);
    let collected = collection::collect(&request).await;
    shown.end();
    collected
}

fn request(arguments: Arguments, progress: Arc<Progress>) -> Request {
    let options = arguments.options;
    let all = options.regions.is_empty() || options.regions.iter().any(|name| name == "all");
    let first_region = options.regions.iter().find(|name| *name != "all").cloned();
    Request {
        out: arguments.out,
        access: Access {
            profile: options.profile,
            endpoint_url: options.endpoint_url,
            region: first_region,
            call_timeout: Duration::from_secs(options.call_timeout.max(1)),
            max_attempts: options.max_attempts,
        },
        accounts: AccountChoice {
            organization: options.organization,
            accounts: options.accounts,
            units: options.units,
            exclude: options.exclude,
        },
        regions: if all { RegionChoice::Enabled } else { RegionChoice::These(options.regions) },
        role_name: options.role_name,
        external_id: options.external_id,
        limits: Limits {
            accounts: options.parallel_accounts,
            calls_per_account: options.calls_per_account,
            calls_per_service: options.calls_per_service,
        },
        progress,
        created_by: concat!("ringfence collect ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

fn report(out: &std::path::Path, collected: &Collected) {
    let resumed = match collected.resumed {
        0 => String::new(),
        resumed => format!(" ({resumed} of them by an earlier run)"),
    };
    eprintln!(
        "{}: {}{resumed}, {}",
        out.display(),
        counted(collected.accounts, "account"),
        counted(collected.resources, "resource"),
    );
    for entry in collected.not_read.iter().take(TOLD) {
        eprintln!("not read: {}", visible(&line(entry)));
    }
    for entry in &collected.absent {
        eprintln!("not there: {}", visible(&entry.reason));
    }
    match collected.not_read.len() {
        0 => {}
        all if all > TOLD => {
            eprintln!("warning: {all} things could not be read; `snapshot.json` lists them");
        }
        all => eprintln!("warning: {} could not be read", counted(all, "thing")),
    }
}

fn line(entry: &NotRead) -> String {
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(entry.account.as_deref());
    parts.extend(entry.region.as_deref());
    parts.extend(entry.resource.as_deref().or(entry.resource_type.as_deref()));
    parts.push(&entry.action);
    format!("{}: {}", parts.join(" "), entry.reason)
}

fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

fn failed(message: &str) -> ExitCode {
    eprintln!("error: {}", visible(message));
    ExitCode::from(FAILED)
}

fn told(error: &CollectError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Text of others on one line, without what a terminal would obey.
fn visible(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
