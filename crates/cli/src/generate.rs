//! `ringfence completions` and `ringfence man`: what the definition of the command line gives besides help.

use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::exit::UsageError;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArguments {
    /// The shell that is to complete the command
    shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArguments {
    /// The command that the page is about, such as `check no-new-access`; without it, the whole program
    command: Vec<String>,
}

/// Prints the completions of a shell.
pub(crate) fn completions(
    arguments: &CompletionsArguments,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "ringfence", &mut script);
    write(&script, output)
}

/// Prints a manual page in roff.
pub(crate) fn man(arguments: &ManArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut whole = Arguments::command();
    whole.build();
    let mut command = &whole;
    for name in &arguments.command {
        command = command.find_subcommand(name).ok_or_else(|| {
            UsageError(format!("there is no command `{}`", arguments.command.join(" ")))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    write(&page, output)
}

fn write(text: &[u8], output: &Output) -> anyhow::Result<ExitCode> {
    let mut writer = output.open_for_verdict()?;
    writer.write_all(text).and_then(|()| writer.flush()).map_err(|error| output.failed(error))?;
    Ok(ExitCode::SUCCESS)
}
