//! `ringfence keys`: makes, shows and ends access keys. They are in the store, so that a service that runs, and every
//! process that shares a database, knows them at once.

use std::fs;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use ringfence_policy::AccountId;
use ringfence_server::config::{Config, Data};
use ringfence_server::keys::{self, NewKey};
use ringfence_store::{Act, Store};

use crate::arguments::{CreateArguments, KeysArguments, KeysCommand, RotateArguments};

/// Every action of AWS's and ours.
const FULL_ACCESS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["access-analyzer:*","ringfence:*"],"Resource":"*"}]}"#;

pub(crate) fn run(arguments: &KeysArguments, config: &Config) -> Result<()> {
    crate::runtime()?.block_on(async {
        let data = &config.data;
        let store = Store::open(&data.location()).await?;
        keys::import(&store, &data.folder, Timestamp::now()).await?;
        let done = match &arguments.command {
            KeysCommand::Create(arguments) => create(arguments, data, &store).await,
            KeysCommand::List(_) => list(&store).await,
            KeysCommand::Rotate(arguments) => rotate(arguments, data, &store).await,
            KeysCommand::Revoke(arguments) => revoke(&arguments.id, &store).await,
        };
        store.close().await;
        done
    })
}

fn act(operation: &'static str, at: Timestamp) -> Act<'static> {
    Act { who: crate::WHO, operation, at, token: None }
}

async fn create(arguments: &CreateArguments, data: &Data, store: &Store) -> Result<()> {
    let policy = match &arguments.policy {
        Some(path) => fs::read_to_string(path)
            .with_context(|| format!("the policy `{}` cannot be read", path.display()))?,
        None => FULL_ACCESS.to_owned(),
    };
    let (master, now) = (data.master_key()?, Timestamp::now());
    let new = keys::create(&arguments.name, &arguments.account, &policy, &master, now)?;
    store.create_key(&new.key, &act("ringfence:CreateKey", now)).await?;
    print(&new);
    Ok(())
}

async fn rotate(arguments: &RotateArguments, data: &Data, store: &Store) -> Result<()> {
    let old = store.key(&arguments.id).await?;
    let account =
        AccountId::new(&old.account).with_context(|| format!("`{}` is no account", old.account))?;
    let (master, now) = (data.master_key()?, Timestamp::now());
    let new = keys::create(&old.name, &account, &old.policy, &master, now)?;
    let end = now.checked_add(SignedDuration::from_hours(i64::from(arguments.keep_old)))?;
    store.rotate_key(&old.id, &new.key, end, &act("ringfence:RotateKey", now)).await?;
    print(&new);
    eprintln!("{} is accepted until {end:.0}", old.id);
    Ok(())
}

async fn revoke(id: &str, store: &Store) -> Result<()> {
    let now = Timestamp::now();
    let key = store.end_key(id, now, &act("ringfence:RevokeKey", now)).await?;
    eprintln!("{} of {} is not accepted any more", key.id, key.name);
    Ok(())
}

/// Prints a key as AWS's clients read it from the environment.
fn print(NewKey { key, secret }: &NewKey) {
    println!("AWS_ACCESS_KEY_ID={}\nAWS_SECRET_ACCESS_KEY={secret}", key.id);
}

async fn list(store: &Store) -> Result<()> {
    let now = Timestamp::now();
    for key in store.list_keys().await? {
        let state = match key.ends_at {
            _ if !key.is_usable(now) => "ended".to_owned(),
            Some(end) => format!("until {end:.0}"),
            None => "active".to_owned(),
        };
        println!("{}\t{}\t{}\t{:.0}\t{state}", key.id, key.account, key.name, key.created_at);
    }
    Ok(())
}
