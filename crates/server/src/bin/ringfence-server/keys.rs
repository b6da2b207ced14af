//! `ringfence keys`: makes, shows and ends access keys.

use std::fs;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use ringfence_policy::AccountId;
use ringfence_server::keys::{AccessKey, KeyFile, MasterKey, NewKey};

use crate::arguments::{
    CreateArguments, DataArguments, KeysArguments, KeysCommand, RotateArguments,
};

const FULL_ACCESS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"access-analyzer:*","Resource":"*"}]}"#;

pub(crate) fn run(arguments: &KeysArguments) -> Result<()> {
    match &arguments.command {
        KeysCommand::Create(arguments) => create(arguments),
        KeysCommand::List(data) => list(data),
        KeysCommand::Rotate(arguments) => rotate(arguments),
        KeysCommand::Revoke(arguments) => {
            let keys = KeyFile::new(&arguments.data.data);
            let key = keys.end(&arguments.id, Timestamp::now())?;
            eprintln!("{} of {} is not accepted any more", key.id, key.name);
            Ok(())
        }
    }
}

/// The key that secrets are encrypted under.
pub(crate) fn master_key(data: &DataArguments) -> Result<MasterKey> {
    if let Some(file) = &data.encryption_key_file {
        return Ok(MasterKey::from_file(file)?);
    }
    match std::env::var("RINGFENCE_ENCRYPTION_KEY") {
        Ok(text) => MasterKey::parse(&text).context("RINGFENCE_ENCRYPTION_KEY cannot be used"),
        Err(_) => Ok(MasterKey::from_file(&data.data.join("encryption.key"))?),
    }
}

fn create(arguments: &CreateArguments) -> Result<()> {
    let policy = match &arguments.policy {
        Some(path) => fs::read_to_string(path)
            .with_context(|| format!("the policy `{}` cannot be read", path.display()))?,
        None => FULL_ACCESS.to_owned(),
    };
    let master = master_key(&arguments.data)?;
    let new =
        AccessKey::create(&arguments.name, &arguments.account, &policy, &master, Timestamp::now())?;
    add(&arguments.data, new)
}

fn rotate(arguments: &RotateArguments) -> Result<()> {
    let (keys, master) = (KeyFile::new(&arguments.data.data), master_key(&arguments.data)?);
    let old =
        keys.find(&arguments.id)?.with_context(|| format!("there is no key `{}`", arguments.id))?;
    let account =
        AccountId::new(&old.account).with_context(|| format!("`{}` is no account", old.account))?;
    let now = Timestamp::now();
    let new = AccessKey::create(&old.name, &account, &old.policy, &master, now)?;
    add(&arguments.data, new)?;
    let end = now.checked_add(SignedDuration::from_hours(i64::from(arguments.keep_old)))?;
    keys.end(&old.id, end)?;
    eprintln!("{} is accepted until {end:.0}", old.id);
    Ok(())
}

/// Keeps a key and prints it as AWS's clients read it from the environment.
fn add(data: &DataArguments, NewKey { key, secret }: NewKey) -> Result<()> {
    let id = key.id.clone();
    KeyFile::new(&data.data).add(key)?;
    println!("AWS_ACCESS_KEY_ID={id}\nAWS_SECRET_ACCESS_KEY={secret}");
    Ok(())
}

fn list(data: &DataArguments) -> Result<()> {
    let now = Timestamp::now();
    for key in KeyFile::new(&data.data).all()? {
        let state = match key.ends_at {
            _ if !key.is_usable(now) => "ended".to_owned(),
            Some(end) => format!("until {end:.0}"),
            None => "active".to_owned(),
        };
        println!("{}\t{}\t{}\t{:.0}\t{state}", key.id, key.account, key.name, key.created_at);
    }
    Ok(())
}
