//! The `ringfence` command. It reads the environment, files and standard input, asks the other crates,
//! and writes data to standard output and everything else to standard error. The exit code is part of
//! the answer: see [`exit`].

mod arguments;
mod batch;
mod check;
mod checks_list;
mod collect;
mod exit;
mod explain;
mod generate;
mod lsp;
mod output;
mod page;
mod policy_file;
mod program;
mod prove;
mod request;
mod scan;
mod simulate;
mod style;
mod text;
mod validate;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser;
use output::Output;

/// A third of a scan is allocation of small objects, which this allocator does in half the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let Arguments { output, command } = Arguments::parse();
    match run(command, &Output::new(output)) {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}

fn run(command: Command, output: &Output) -> anyhow::Result<ExitCode> {
    let writes_reports = match &command {
        Command::Validate(_) => true,
        Command::Check(arguments) => arguments.writes_reports(),
        _ => false,
    };
    if !writes_reports {
        output.require_common_format()?;
    }
    match command {
        Command::Scan(arguments) => scan::run(&arguments, output),
        Command::Simulate(arguments) => simulate::run(arguments, output),
        Command::Check(arguments) => check::run(&arguments, output),
        Command::Checks(arguments) => checks_list::run(&arguments, output),
        Command::Explain(arguments) => explain::run(&arguments, output),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments, output),
        Command::Validate(arguments) => validate::run(&arguments, output),
        Command::Completions(arguments) => generate::completions(&arguments, output),
        Command::Man(arguments) => generate::man(&arguments, output),
        Command::Collect(arguments) => collect::run(&arguments),
        Command::Serve(arguments) => program::SERVER.run("serve", &arguments),
        Command::Keys(arguments) => program::SERVER.run("keys", &arguments),
        Command::Rules(arguments) => program::SERVER.run("rules", &arguments),
        Command::Audit(arguments) => program::SERVER.run("audit", &arguments),
        Command::Events(arguments) => program::SERVER.run("events", &arguments),
        Command::Notify(arguments) => program::SERVER.run("notify", &arguments),
        Command::Drill(arguments) => program::SERVER.run("drill", &arguments),
        Command::Resolution(arguments) => program::SERVER.run("resolution", &arguments),
        Command::Config(arguments) => program::SERVER.run("config", &arguments),
        Command::Doctor(arguments) => program::SERVER.run("doctor", &arguments),
        Command::Backup(arguments) => program::SERVER.run("backup", &arguments),
        Command::Restore(arguments) => program::SERVER.run("restore", &arguments),
        Command::ArchiveRules(arguments) => program::SERVER.run("archive-rules", &arguments),
    }
}
