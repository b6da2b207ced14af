//! `ringfence doctor`.

use std::env;
use std::process::{Command, ExitCode};

use anyhow::Result;
use jiff::Timestamp;
use ringfence_server::config::Config;
use ringfence_server::doctor::{Check, State, examine};
use serde_json::json;

use crate::arguments::Format;

/// Something was found, as everywhere in Ringfence.
const FOUND: u8 = 3;

const VERSIONS: &str = "versions";

pub(crate) fn run(format: Format, config: &Config) -> Result<ExitCode> {
    let mut checks = crate::runtime()?.block_on(examine(config, Timestamp::now()));
    checks.push(versions());
    let count = |state| checks.iter().filter(|own| own.state == state).count();
    let (warnings, problems) = (count(State::Warning), count(State::Problem));
    match format {
        Format::Json => {
            let summary =
                json!({ "ok": count(State::Ok), "warnings": warnings, "problems": problems });
            println!("{:#}", json!({ "checks": checks, "summary": summary }));
        }
        Format::Table => {
            let rows: Vec<[String; 3]> = checks
                .iter()
                .map(|own| {
                    [own.name.to_owned(), own.state.as_str().to_owned(), own.message.clone()]
                })
                .collect();
            print!("{}", crate::table::table(["WHAT", "STATE", "SAYS"], &rows));
        }
    }
    Ok(if problems == 0 { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// `ringfence` and `ringfence-server` are made together.
fn versions() -> Check {
    let own = env!("CARGO_PKG_VERSION");
    let name = format!("ringfence{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().ok().map(|own| own.with_file_name(name));
    let Some(path) = beside.filter(|path| path.is_file()) else {
        let message = format!("ringfence-server {own}; no `ringfence` beside it");
        return Check::warning(VERSIONS, message);
    };
    let said = Command::new(&path).arg("--version").output();
    let said = said.map(|own| String::from_utf8_lossy(&own.stdout).trim().to_owned());
    match said {
        Ok(said) if said.split(' ').next_back() == Some(own) => {
            Check::ok(VERSIONS, format!("{said}, ringfence-server {own}"))
        }
        Ok(said) => Check::problem(
            VERSIONS,
            format!("`{}` is {said:?}, ringfence-server {own}", path.display()),
        ),
        Err(error) => {
            Check::problem(VERSIONS, format!("`{}` cannot be run: {error}", path.display()))
        }
    }
}
