//! `ringfence backup` and `ringfence restore`.

use std::path::Path;

use anyhow::Result;
use ringfence_server::config::Config;
use ringfence_store::{Store, backup, condition};

pub(crate) fn back_up(file: &Path, config: &Config) -> Result<()> {
    let location = config.data.location();
    let copied = crate::runtime()?.block_on(async {
        if condition::schema(&location).await?.is_none() {
            anyhow::bail!("there is no database to back up: `ringfence serve` makes it; see --data and --database");
        }
        let store = Store::open(&location).await?;
        let copied = store.back_up(file).await;
        store.close().await;
        anyhow::Ok(copied?)
    })?;
    eprintln!(
        "{} rows of {} tables are in `{}`; keep the encryption key as well, it is not in there",
        copied.total(),
        copied.rows.len(),
        file.display()
    );
    Ok(())
}

pub(crate) fn restore(file: &Path, config: &Config) -> Result<()> {
    let copied = crate::runtime()?.block_on(backup::restore(file, &config.data.location()))?;
    eprintln!("{} rows of {} tables were restored", copied.total(), copied.rows.len());
    Ok(())
}
