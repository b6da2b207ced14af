//! Commands that are programs of their own, because they need much that the rest does not: the `ringfence` command
//! stays quick to build.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use ringfence_collect_arguments::{BUILD_COMMAND, PROGRAM};

/// A program of the workspace beside this one.
pub(crate) struct Program {
    /// The name of its file.
    pub(crate) name: &'static str,
    /// How it is built.
    pub(crate) build: &'static str,
}

/// The service.
pub(crate) const SERVER: Program =
    Program { name: "ringfence-server", build: "cargo build --release -p ringfence-server" };

/// The collection of live accounts.
pub(crate) const COLLECTOR: Program = Program { name: PROGRAM, build: BUILD_COMMAND };

/// What stands behind the name of the command: it is handed on.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Forwarded {
    /// What `--help` of the command lists
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    pub(crate) arguments: Vec<OsString>,
}

impl Program {
    /// Runs the program in the place of this one: it gets the terminal, the signals and the process id.
    ///
    /// # Errors
    /// When it is not there, with the command that builds it, or cannot be started.
    pub(crate) fn run(&self, command: &str, arguments: &Forwarded) -> anyhow::Result<ExitCode> {
        let path = self.find()?;
        let mut program = Command::new(&path);
        program.arg(command).args(&arguments.arguments);
        start(program).with_context(|| format!("`{}` cannot be run", path.display()))
    }

    /// Beside this program, else on PATH.
    ///
    /// # Errors
    /// When it is not there, with the command that builds it.
    pub(crate) fn find(&self) -> anyhow::Result<PathBuf> {
        let name = format!("{}{}", self.name, env::consts::EXE_SUFFIX);
        let beside = env::current_exe().ok().map(|own| own.with_file_name(&name));
        let paths = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&paths).map(|folder| folder.join(&name));
        match beside.into_iter().chain(on_path).find(|path| path.is_file()) {
            Some(path) => Ok(path),
            None => bail!(
                "the program `{name}` is neither beside this one nor on PATH; `{}` builds it",
                self.build
            ),
        }
    }
}

#[cfg(unix)]
fn start(mut program: Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    // Gives an error only: where it succeeds, this program is the other one.
    Err(program.exec().into())
}

#[cfg(not(unix))]
fn start(mut program: Command) -> anyhow::Result<ExitCode> {
    let status = program.status()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
