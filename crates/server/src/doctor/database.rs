//! The database: reachable, its schema, its clock; keys, sinks and archive rules in it.

use jiff::Timestamp;
use ringfence_store::Store;
use ringfence_store::condition::{self, Schema};

use super::{Check, rules, told};
use crate::config::Config;
use crate::keys;

const DATABASE: &str = "database";
const CLOCK: &str = "clock";
const KEYS: &str = "access keys";
const SINKS: &str = "events";

/// Clocks that differ by more are a warning, by ten times as much a problem.
const SKEW_MILLISECONDS: i64 = 2_000;
/// More events waiting for a sink are a warning.
const BACKLOG: u64 = 10_000;

pub(super) async fn checks(config: &Config, now: Timestamp) -> Vec<Check> {
    let location = config.data.location();
    match condition::schema(&location).await {
        Err(error) => vec![Check::problem(DATABASE, told(&error))],
        Ok(None) => {
            vec![Check::warning(DATABASE, "it is not there yet; `ringfence serve` makes it")]
        }
        Ok(Some(Schema { found, known })) if found > known => {
            let message = format!(
                "its schema is {found}, written by a newer version; this one knows {known}: install the newer one"
            );
            vec![Check::problem(DATABASE, message)]
        }
        Ok(Some(Schema { found, known })) if found < known => {
            let message = format!(
                "its schema is {found}; the next start of the service makes it {known}, and then more can be said"
            );
            vec![Check::warning(DATABASE, message)]
        }
        Ok(Some(Schema { found, .. })) => match Store::open(&location).await {
            Err(error) => vec![Check::problem(DATABASE, told(&error))],
            Ok(store) => {
                let place = match store.backend() {
                    ringfence_store::database::Backend::Sqlite => "SQLite",
                    ringfence_store::database::Backend::Postgres => "PostgreSQL",
                };
                let mut checks =
                    vec![Check::ok(DATABASE, format!("{place} answers; schema {found}"))];
                checks.extend(clock_check(&store).await);
                checks.push(keys_check(&store, config, now).await);
                checks.push(sinks_check(&store).await);
                checks.push(rules::check(&store, config.archive_rules.broad).await);
                store.close().await;
                checks
            }
        },
    }
}

async fn clock_check(store: &Store) -> Option<Check> {
    let before = Timestamp::now();
    let there = match store.clock().await {
        Ok(there) => there?,
        Err(error) => return Some(Check::problem(CLOCK, told(&error))),
    };
    let after = Timestamp::now();
    let (early, late) = (before.as_millisecond(), after.as_millisecond());
    let own = there.as_millisecond();
    // Anywhere between asking and hearing is the same time.
    let skew = if own < early { early - own } else { (own - late).max(0) };
    let message = format!("this machine's and the database's differ by {skew} ms");
    Some(match skew {
        own if own > SKEW_MILLISECONDS * 10 => Check::problem(CLOCK, message),
        own if own > SKEW_MILLISECONDS => Check::warning(CLOCK, message),
        _ => Check::ok(CLOCK, message),
    })
}

async fn keys_check(store: &Store, config: &Config, now: Timestamp) -> Check {
    let all = match store.list_keys().await {
        Ok(all) => all,
        Err(error) => return Check::problem(KEYS, told(&error)),
    };
    let usable: Vec<_> = all.iter().filter(|own| own.is_usable(now)).collect();
    if usable.is_empty() {
        return Check::warning(KEYS, "nobody can call: `ringfence keys create` makes a key");
    }
    // The file is not made for this: without it no secret can be read.
    if config.data.key_file().is_some_and(|file| !file.exists()) {
        return Check::problem(KEYS, "the encryption key is not there: no secret can be read");
    }
    let master = match config.data.master_key() {
        Ok(master) => master,
        Err(error) => return Check::problem(KEYS, told(&error)),
    };
    let unreadable: Vec<&str> = usable
        .iter()
        .filter(|own| keys::secret(own, &master).is_err())
        .map(|own| own.id.as_str())
        .collect();
    match unreadable.as_slice() {
        [] => Check::ok(KEYS, format!("{} of {} are accepted", usable.len(), all.len())),
        ids => Check::problem(
            KEYS,
            format!("the secrets of {} were encrypted under another key", ids.join(", ")),
        ),
    }
}

async fn sinks_check(store: &Store) -> Check {
    let backlogs = match store.backlogs().await {
        Ok(backlogs) => backlogs,
        Err(error) => return Check::problem(SINKS, told(&error)),
    };
    if backlogs.is_empty() {
        return Check::ok(SINKS, "there is no sink");
    }
    let (pending, dead) = backlogs
        .iter()
        .fold((0, 0), |(pending, dead), (_, own)| (pending + own.pending, dead + own.dead));
    let each: Vec<String> = backlogs
        .iter()
        .map(|(name, own)| format!("`{name}` {} waiting, {} given up", own.pending, own.dead))
        .collect();
    match (dead, pending) {
        (0, 0..=BACKLOG) => Check::ok(SINKS, each.join("; ")),
        (0, _) => Check::warning(SINKS, each.join("; ")),
        _ => Check::problem(
            SINKS,
            format!("{}: what was given up waits to be replayed", each.join("; ")),
        ),
    }
}
