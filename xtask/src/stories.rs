//! The stories of `docs/resolution.md`, for somebody who wants to see them: what the service does about findings in
//! accounts of moto's server, with a mail server, from the creation of a role to the undo.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::process::{cargo, program, require};
use crate::{python, workspace};

const STORIES: &str = "crates/server/tests/service/stories.py";

/// Runs them and prints what happens when.
pub(crate) fn run() -> Result<ExitCode> {
    // What the README's service is built by, so that nothing is built twice.
    let build = ["build", "--release", "--quiet", "-p", "ringfence", "-p", "ringfence-server"];
    require(&mut cargo(&build))?;
    let data = std::env::temp_dir().join(format!("ringfence-stories-{}", std::process::id()));
    fs::create_dir_all(&data).context("cannot make a folder for the service")?;
    let told = tell(&data);
    fs::remove_dir_all(&data).context("cannot remove the folder of the service")?;
    told?;
    Ok(ExitCode::SUCCESS)
}

fn tell(data: &Path) -> Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let server = workspace::root().join(target).join("release/ringfence-server");
    let mut keys = program(
        &server,
        &["keys", "create", "--account", "123456789012", "--full-access", "--data"],
    );
    let made = keys.arg(data).output().context("cannot make an access key")?;
    let made = String::from_utf8_lossy(&made.stdout);
    let values: Vec<&str> = made.lines().filter_map(|line| Some(line.split_once('=')?.1)).collect();
    let [id, secret] = values.as_slice() else { bail!("cannot make an access key: {made}") };
    let mut stories: Command = program(python::programs()?.join("python"), &[STORIES]);
    stories.arg(&server).arg(data).args([id, secret]);
    // Nothing of the caller's own accounts.
    stories.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_CONFIG_FILE", "/dev/null");
    stories.env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    stories.env_remove("AWS_SESSION_TOKEN").env_remove("AWS_PROFILE");
    require(&mut stories)
}
