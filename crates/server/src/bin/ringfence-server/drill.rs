//! `ringfence drill`: plants a harmless finding, follows it to the end, and cleans up.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use ringfence_server::response::Drill;
use ringfence_store::Store;

use crate::arguments::DataArguments;
use crate::configuration;

/// Plants a harmless finding in an account, follows it to the end, and cleans up
#[derive(Debug, Args)]
pub(crate) struct DrillArguments {
    /// The account in which a role is made that nobody can assume and that may do nothing
    #[arg(long, value_name = "ID")]
    account: String,
    /// Seconds that each step may take
    #[arg(long, value_name = "N", default_value_t = 900)]
    patience: u64,
    #[command(flatten)]
    data: DataArguments,
}

pub(crate) fn run(arguments: &DrillArguments) -> Result<()> {
    let config = configuration::of(&arguments.data)?;
    let location = config.data.location();
    let settings = config.response.unwrap_or_default();
    let accounts =
        settings.accounts.context("`[response.accounts]` says how accounts are reached")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&location).await.context("the store cannot be opened")?;
        let drill = Drill {
            accounts: &accounts,
            account: &arguments.account,
            patience: Duration::from_secs(arguments.patience),
        };
        drill.run(&store, &mut |seconds, text| println!("{seconds:8.2} s  {text}")).await?;
        Ok(())
    })
}
