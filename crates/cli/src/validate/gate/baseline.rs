//! An earlier report: what it lists is known already.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;

/// How often each fingerprint stands in an earlier report.
#[derive(Clone, Debug, Default)]
pub(super) struct Baseline {
    known: BTreeMap<String, usize>,
}

/// What is needed of a report.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Earlier {
    format_version: u64,
    policies: Vec<EarlierPolicy>,
}

#[derive(Deserialize)]
struct EarlierPolicy {
    findings: Vec<EarlierFinding>,
}

#[derive(Deserialize)]
struct EarlierFinding {
    fingerprint: String,
}

impl Baseline {
    /// Reads what `ringfence validate --format json` wrote.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the baseline `{name}` cannot be read"))?;
        let earlier: Earlier = serde_json::from_str(&text).with_context(|| {
            format!(
                "the baseline `{name}` is no report that `ringfence validate --format json` wrote"
            )
        })?;
        if earlier.format_version != 1 {
            bail!(
                "the baseline `{name}` has the format version {}; this program reads version 1",
                earlier.format_version
            );
        }
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for finding in earlier.policies.into_iter().flat_map(|policy| policy.findings) {
            *known.entry(finding.fingerprint).or_default() += 1;
        }
        Ok(Self { known })
    }

    /// Whether a finding with this fingerprint is known and not yet taken.
    pub(super) fn take(&mut self, fingerprint: &str) -> bool {
        match self.known.get_mut(fingerprint) {
            Some(count @ 1..) => {
                *count -= 1;
                true
            }
            Some(0) | None => false,
        }
    }
}
