//! The configuration from its file, the environment and the command line; `ringfence config`.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::ArgMatches;
use clap::parser::ValueSource;
use ringfence_server::config::{self, Config, FLAGS, File, Given, Loaded, PREFIX, Shown};

use crate::arguments::{ConfigCommand, DataArguments, Format};

/// The configuration of the command with these matches.
///
/// # Errors
/// Where the file cannot be read, or it, a variable or a flag says something that is not known.
pub(crate) fn load(matches: &ArgMatches) -> Result<Loaded> {
    let matches = deepest(matches);
    let path = matches.try_get_one::<PathBuf>("config").ok().flatten();
    let flags: Vec<Given> = FLAGS.iter().filter_map(|own| flag(matches, own.flag?)).collect();
    merged(path, &flags)
}

/// The configuration of a command that knows where the service keeps what outlives it, and nothing else of it.
///
/// # Errors
/// As [`load`].
pub(crate) fn of(arguments: &DataArguments) -> Result<Config> {
    Ok(merged(arguments.config.as_ref(), &arguments.given())?.config)
}

/// The configuration of a command that takes its file and nothing else of it.
///
/// # Errors
/// As [`load`].
pub(crate) fn of_file(path: Option<&PathBuf>) -> Result<Config> {
    Ok(merged(path, &[])?.config)
}

fn merged(path: Option<&PathBuf>, flags: &[Given]) -> Result<Loaded> {
    let text = path.map(|path| {
        fs::read_to_string(path)
            .with_context(|| format!("the configuration `{}` cannot be read", path.display()))
    });
    let (text, name) = (text.transpose()?, path.map(|path| path.display().to_string()));
    let file = name.as_deref().zip(text.as_deref()).map(|(name, text)| File { name, text });
    let variables: Vec<Given> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .map(|(name, value)| Given { name, value })
        .collect();
    Ok(config::load(file, &variables, flags)?)
}

/// The flag with this identifier, if it was given. What came from the environment is read there.
fn flag(matches: &ArgMatches, id: &str) -> Option<Given> {
    // Not every command has every flag.
    let value = matches.try_get_raw(id).ok()??.next_back()?.to_str()?.to_owned();
    let given = matches.value_source(id) == Some(ValueSource::CommandLine);
    given.then(|| Given { name: id.to_owned(), value })
}

/// The matches of the innermost command.
fn deepest(matches: &ArgMatches) -> &ArgMatches {
    match matches.subcommand() {
        Some((_, inner)) => deepest(inner),
        None => matches,
    }
}

pub(crate) fn run(command: &ConfigCommand, matches: &ArgMatches) -> Result<()> {
    match command {
        ConfigCommand::Schema => println!("{:#}", config::schema()),
        ConfigCommand::Show(arguments) => {
            let shown = load(matches)?.shown();
            match arguments.format {
                Format::Json => println!("{:#}", serde_json::to_value(&shown)?),
                Format::Table => print!("{}", table(&shown)),
            }
        }
    }
    Ok(())
}

fn table(shown: &[Shown]) -> String {
    let rows: Vec<[String; 3]> = shown
        .iter()
        .map(|own| {
            let value = match &own.value {
                serde_json::Value::Null => "-".to_owned(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            [own.key.clone(), value, own.origin.to_string()]
        })
        .collect();
    crate::table::table(["KEY", "VALUE", "FROM"], &rows)
}
