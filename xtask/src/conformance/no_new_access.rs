//! Whether a policy allows what another does not, against verdicts that were found without the engine.
//!
//! A line of a set is `{"id", "existing", "new", "result"}`, `result` being `PASS` or `FAIL`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::{Answer, check_no_new_access};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Tally;

/// One pair of policies.
#[derive(Deserialize)]
pub(crate) struct Pair<'t> {
    pub(crate) id: String,
    #[serde(borrow)]
    existing: &'t RawValue,
    #[serde(borrow)]
    new: &'t RawValue,
    result: String,
}

impl<'t> Pair<'t> {
    pub(crate) fn read(line: &'t str) -> Result<Self> {
        serde_json::from_str(line).with_context(|| format!("not a pair of policies: {line}"))
    }

    /// The existing and the new policy.
    pub(crate) fn policies(&self) -> Result<(PolicyDocument, PolicyDocument)> {
        let sound = |text: &RawValue| match parse_policy(text.get()).sound() {
            Ok(policy) => Ok(policy),
            Err(problems) => bail!("{}: {problems:?}", self.id),
        };
        Ok((sound(self.existing)?, sound(self.new)?))
    }
}

/// The `.jsonl` files of a folder, in the order of their names.
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    Ok(files)
}

/// Compares every line of every `.jsonl` file of `dir`.
pub(crate) fn run(dir: &Path) -> Result<Tally> {
    let mut tally = Tally::new("no-new-access");
    let mut compared = 0;
    for file in files(dir)? {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            compare(&mut tally, &Pair::read(line)?)?;
            compared += 1;
        }
    }
    if compared == 0 {
        bail!("no `.jsonl` file of {} holds a pair of policies", dir.display());
    }
    Ok(tally)
}

fn compare(tally: &mut Tally, pair: &Pair<'_>) -> Result<()> {
    let (existing, new) = pair.policies()?;
    match (check_no_new_access(&existing, &new), pair.result.as_str()) {
        (Answer::Unknown(limit), _) => tally.unknown(&format!("{}: {limit}", pair.id)),
        (Answer::Holds, "PASS") => tally.agree(),
        (Answer::Fails(refutation), wanted) => {
            let decision = |policy| document_decision(policy, &refutation.witness);
            let is_witness =
                decision(&new) == Decision::Allowed && decision(&existing) != Decision::Allowed;
            let scenario = refutation.witness.to_scenario_json();
            match (is_witness, wanted) {
                (true, "FAIL") => tally.agree(),
                (true, _) => {
                    tally.disagree(&format!("{}: FAIL, wanted {wanted}: {scenario}", pair.id))
                }
                (false, _) => tally.disagree(&format!("{}: no witness: {scenario}", pair.id)),
            }
        }
        (Answer::Holds, wanted) => tally.disagree(&format!("{}: PASS, wanted {wanted}", pair.id)),
    }
    Ok(())
}
