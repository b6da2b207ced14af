//! The source: whether it can be read, and how much of it.

use super::{Check, told};
use crate::config::Source;

const SOURCE: &str = "source";
/// How many reasons are named.
const NAMED: usize = 3;

pub(super) async fn check(source: &Source) -> Check {
    let Some(path) = source.path.clone() else {
        return Check::warning(SOURCE, "there is none: nothing is watched");
    };
    let name = path.display().to_string();
    let read = tokio::task::spawn_blocking(move || ringfence_sources::read_target(&path)).await;
    let inventory = match read {
        Ok(Ok(inventory)) => inventory,
        Ok(Err(error)) => return Check::problem(SOURCE, told(&error)),
        Err(error) => return Check::problem(SOURCE, told(&error)),
    };
    let there = format!("`{name}`: {} resources", inventory.resources.len());
    if inventory.not_analyzed.is_empty() {
        return Check::ok(SOURCE, format!("{there}, all of them read"));
    }
    let reasons: Vec<String> = inventory
        .not_analyzed
        .iter()
        .take(NAMED)
        .map(|own| format!("{}: {}", own.file, own.reason))
        .collect();
    let number = inventory.not_analyzed.len();
    let more = if number > NAMED { "; …" } else { "" };
    let message = format!("{there}; {number} could not be read: {}{more}", reasons.join("; "));
    Check::warning(SOURCE, message)
}
