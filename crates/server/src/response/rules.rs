//! The folder of rules and the file of partners, read again when they change. What cannot be used leaves the last good
//! rules in force, and says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ringfence_response::partners::Partners;
use ringfence_response::rules::RuleSet;

use super::settings::ResponseSettings;

/// The rules and partners in force.
#[derive(Clone, Default)]
pub(crate) struct InForce {
    pub(crate) rules: Option<Arc<RuleSet>>,
    pub(crate) partners: Option<Arc<Partners>>,
    stamp: Stamp,
}

/// The files and when each was written.
type Stamp = BTreeMap<PathBuf, Option<SystemTime>>;

impl InForce {
    /// Reads what has changed since.
    pub(crate) fn renew(&mut self, settings: &ResponseSettings) {
        let files = settings.rules.as_deref().map(rule_files).unwrap_or_default();
        let all = files.iter().chain(&settings.partners);
        let stamp: Stamp = all.map(|path| (path.clone(), written(path))).collect();
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        if settings.rules.is_some() {
            self.renew_rules(&files, settings);
        }
        if let Some(path) = &settings.partners {
            self.renew_partners(path);
        }
    }

    fn renew_rules(&mut self, files: &[PathBuf], settings: &ResponseSettings) {
        let mut texts = Vec::new();
        for path in files {
            match std::fs::read_to_string(path) {
                Ok(text) => texts.push((path.display().to_string(), text)),
                Err(error) => {
                    tracing::error!(file = %path.display(), %error, "rules cannot be read; the last good ones stay");
                    return;
                }
            }
        }
        match RuleSet::load(&texts) {
            Ok(rules) => {
                tracing::info!(rules = rules.rules().len(), "rules are in force");
                for warning in rules.warnings(&settings.safety()) {
                    tracing::warn!(?warning, "a rule");
                }
                self.rules = Some(Arc::new(rules));
            }
            Err(problems) => {
                for problem in problems {
                    tracing::error!(%problem, "rules are refused; the last good ones stay");
                }
            }
        }
    }

    fn renew_partners(&mut self, path: &Path) {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                tracing::error!(file = name, %error, "partners cannot be read; the last good ones stay");
                return;
            }
        };
        match Partners::read(&name, &text) {
            Ok(partners) => self.partners = Some(Arc::new(partners)),
            Err(problems) => {
                for problem in problems {
                    tracing::error!(%problem, "partners are refused; the last good ones stay");
                }
            }
        }
    }
}

/// The files of a folder that hold rules, in order.
fn rule_files(folder: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = listed
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|own| own == "cedar"))
        .collect();
    files.sort();
    files
}

fn written(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|found| found.modified()).ok()
}
