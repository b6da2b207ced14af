//! Generates `data/serverless-policy-templates.json` from the pinned package `aws-sam-translator`: the policy templates
//! of AWS SAM, and the paths of those AWS managed policies that have one.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{python, workspace};

const SCRIPT: &str = r#"
import importlib.metadata, json, pathlib, sys
import samtranslator
package = pathlib.Path(samtranslator.__file__).parent
templates = json.loads((package / "policy_templates_data/policy_templates.json").read_text("utf-8"))["Templates"]
managed = json.loads((package / "internal/data/aws_managed_policies.json").read_text("utf-8"))["aws"]
paths = {}
for name, arn in managed.items():
    path = arn.split(":policy/")[1]
    if path != name:
        paths[name] = path[:-len(name)]
version = importlib.metadata.version("aws-sam-translator")
json.dump({
    "Source": f"aws-sam-translator {version} (Apache-2.0)",
    "Templates": {
        name: {"Parameters": {own: {} for own in template.get("Parameters", {})}, "Definition": template["Definition"]}
        for name, template in sorted(templates.items())
    },
    "ManagedPolicyPaths": dict(sorted(paths.items())),
}, sys.stdout, indent=1)
sys.stdout.write("\n")
"#;

/// Writes the data.
pub(crate) fn run() -> Result<ExitCode> {
    let python = python::programs()?.join("python");
    let output = Command::new(&python).arg("-c").arg(SCRIPT).output();
    let output = output.with_context(|| format!("cannot run `{}`", python.display()))?;
    if !output.status.success() {
        bail!("the package cannot be read: {}", String::from_utf8_lossy(&output.stderr));
    }
    let path = workspace::root().join("data/serverless-policy-templates.json");
    fs::write(&path, &output.stdout)
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    println!("{}: {} bytes", path.display(), output.stdout.len());
    Ok(ExitCode::SUCCESS)
}
