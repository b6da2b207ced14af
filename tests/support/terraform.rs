//! The real `terraform` with the real AWS provider, without a network: for the tests of every crate that has some.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Names a folder with plugins, before the folders where Terraform itself looks.
const PLUGINS: &str = "RINGFENCE_TERRAFORM_PLUGINS";

/// The provider in such a folder.
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// Terraform in a folder of its own.
pub(crate) struct Terraform {
    folder: PathBuf,
    configuration: PathBuf,
}

impl Terraform {
    /// Terraform in `folder`; nothing where there is none or its AWS provider lies nowhere, which is printed, so that a
    /// skip is counted.
    pub(crate) fn find(folder: &Path) -> Option<Self> {
        let skipped = |why: &str| println!("skipped 1 test: {why}");
        if Command::new("terraform").arg("-version").output().is_err() {
            skipped("there is no `terraform`");
            return None;
        }
        let Some(plugins) = folders().into_iter().find(|folder| folder.join(PROVIDER).is_dir())
        else {
            skipped(&format!("no folder holds Terraform's AWS provider; {PLUGINS} names one"));
            return None;
        };
        let configuration = folder.join("terraform.rc");
        let plugins = plugins.display();
        let mirror = format!(
            "provider_installation {{\n filesystem_mirror {{ path = \"{plugins}\" }}\n}}\n"
        );
        std::fs::write(&configuration, mirror).unwrap();
        Some(Self { folder: folder.to_owned(), configuration })
    }

    /// Runs a command of it.
    pub(crate) fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = Command::new("terraform");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("TF_CLI_CONFIG_FILE", &self.configuration)
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }

    /// The same for one that has to succeed; gives what it prints.
    pub(crate) fn done(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Vec<u8> {
        let output = self.run(arguments, environment);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "terraform {arguments:?}: {said}");
        output.stdout
    }
}

/// Where plugins may lie: <https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories>,
/// and what packages install below `/opt`.
fn folders() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::env::var_os(PLUGINS).map(PathBuf::from).into_iter().collect();
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        all.push(home.join(".terraform.d/plugins"));
        all.push(home.join(".local/share/terraform/plugins"));
    }
    all.push("/usr/local/share/terraform/plugins".into());
    all.push("/usr/share/terraform/plugins".into());
    let below_opt = std::fs::read_dir("/opt").into_iter().flatten().flatten();
    all.extend(below_opt.map(|entry| entry.path()));
    all
}
