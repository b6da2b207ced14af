//! The README's service and what a second terminal does with it.
//!
//! A block `sh service` starts one with its last line. The block `sh client` after it is a script that runs while the
//! service does, with the same variables; the `text` block after that is what it prints.

use std::fs;

use anyhow::{Context, Result, bail};
use ringfence_page_test::Fence;

use crate::process::program;
use crate::workspace;

/// A service and its client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// Where its block begins.
    pub(super) line: usize,
    before: String,
    command: String,
    client: String,
    output: Vec<String>,
}

/// Those of a page.
pub(super) fn services(fences: &[Fence<'_>]) -> Result<Vec<Service>> {
    let mut services = Vec::new();
    for (index, fence) in fences.iter().enumerate() {
        if (fence.language, fence.info) != ("sh", "service") {
            continue;
        }
        let rest = fences.get(index + 1..).unwrap_or_default();
        let [client, output, ..] = rest else { bail!("README.md:{}: no client", fence.line) };
        if (client.language, client.info, output.language) != ("sh", "client", "text") {
            bail!("README.md:{}: `sh service` goes before `sh client` and `text`", fence.line);
        }
        let content = fence.content.trim_end();
        let (before, command) = content.rsplit_once('\n').unwrap_or(("", content));
        services.push(Service {
            line: fence.line,
            before: before.to_owned(),
            command: command.to_owned(),
            client: client.content.to_owned(),
            output: output.content.lines().map(|line| line.trim_end().to_owned()).collect(),
        });
    }
    Ok(services)
}

impl Service {
    /// What the last line starts.
    pub(super) fn command(&self) -> &str {
        &self.command
    }

    /// What is wrong with what the client prints, which finds programs in `path`.
    pub(super) fn problem(&self, path: &str) -> Result<Option<String>> {
        let data = std::env::temp_dir().join(format!("ringfence-readme-{}", std::process::id()));
        fs::create_dir_all(&data).context("cannot make a folder for the service")?;
        let mut shell = program("bash", &["-c", &self.script()]);
        shell.current_dir(workspace::root()).env("PATH", path).env("RINGFENCE_DATA", &data);
        let done = shell.output().context("cannot run `bash`");
        let log = fs::read_to_string(data.join("log")).unwrap_or_default();
        fs::remove_dir_all(&data).context("cannot remove the folder of the service")?;
        let done = done?;
        let output = String::from_utf8_lossy(&done.stdout);
        let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
        if done.status.success() && lines == self.output {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Ok(Some(format!(
            "{}: prints something else than the README says:\n{output}{said}{log}",
            done.status
        )))
    }

    fn script(&self) -> String {
        let Self { before, command, client, .. } = self;
        format!(
            "set -e\n{before}\n{command} >$RINGFENCE_DATA/log 2>&1 &\nservice=$!\n\
             trap 'kill $service; wait $service || true' EXIT\n\
             for _ in $(seq 300); do grep -q http $RINGFENCE_DATA/log && break; sleep 0.1; done\n\
             {client}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> String {
        std::env::var("PATH").unwrap()
    }

    #[test]
    fn a_client_talks_to_what_runs() {
        let page = |client: &str, output: &str| {
            format!(
                "```sh service\nexport A=1\nsh -c 'echo http; exec sleep 60'\n```\nthen\n```sh client\n{client}\n```\n\
                 ```text\n{output}\n```\n"
            )
        };
        let service = |text: &str| {
            services(&ringfence_page_test::fences(text).unwrap()).map(|mut own| own.remove(0))
        };
        let right = service(&page("kill -0 $service && echo $A", "1")).unwrap();
        assert_eq!(right.command(), "sh -c 'echo http; exec sleep 60'");
        assert_eq!(right.problem(&path()).unwrap(), None);
        assert!(service(&page("echo 2", "1")).unwrap().problem(&path()).unwrap().is_some());
        assert!(service(&page("echo 1; exit 1", "1")).unwrap().problem(&path()).unwrap().is_some());
        assert!(service("```sh service\na\n```\n```text\nb\n```\n").is_err());
    }
}
