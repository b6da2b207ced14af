//! `--fix`: makes the repairs that come with findings, and keeps every other byte of the files.
//!
//! A repair is made when the engine proves that every request is answered as before; what changes the answers is
//! shown with a request and left alone, unless the user asks for it. Only files that are one policy are written:
//! snapshots, plans and the like are made by other programs, which would overwrite the repair.

mod destination;
mod edit;
mod effect;
mod plan;
mod tell;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use rayon::prelude::*;
use ringfence_access::inventory::{Embedding, NotAnalyzed, PolicySource};

pub(super) use destination::{Destination, check_places, conclude_diff, write_results};
pub(super) use effect::Effect;
pub(super) use plan::{Repair, Scope};
pub(super) use tell::tell;

use super::gate::Gate;
use super::subject::Subject;
use super::targets::Targets;
use crate::policy_file::is_stdin;
use plan::plan;

/// A policy that has repairs.
#[derive(Debug)]
pub(crate) struct FixedPolicy {
    /// The file's name, as it is shown.
    pub(super) file: Arc<str>,
    /// The policy as it was.
    pub(super) before: String,
    /// The policy with the repairs that are made.
    pub(super) after: String,
    /// The repairs that are made. Their places are bytes of the policy as it was.
    pub(super) made: Vec<Repair>,
    /// The repairs that are not. Their places are bytes of the policy with the repairs.
    pub(super) left: Vec<Repair>,
    path: PathBuf,
    /// Which of the subjects it is.
    subject: usize,
}

/// Repairs policies, in memory. The subjects then are the repaired ones.
///
/// # Errors
/// When standard input is to be repaired and is no policy: there is nothing that could be written.
pub(super) fn repair(
    targets: &mut Targets,
    named: &[PathBuf],
    gate: &Gate,
    scope: Scope,
) -> anyhow::Result<Vec<FixedPolicy>> {
    let subjects = targets.subjects.par_iter_mut().enumerate();
    let fixed: Vec<_> =
        subjects.filter_map(|(index, subject)| repair_one(index, subject, gate, scope)).collect();
    let has_stdin = fixed.iter().any(|own| is_stdin(&own.path));
    if named.iter().any(|path| is_stdin(path)) && !has_stdin {
        let problem = targets.unreadable.iter().find(|own| own.file.as_ref() == "<stdin>");
        match problem {
            Some(own) => bail!("{}", own.reason),
            None => bail!("`<stdin>` is no policy that can be repaired; nothing is written"),
        }
    }
    Ok(fixed)
}

fn repair_one(
    index: usize,
    subject: &mut Subject,
    gate: &Gate,
    scope: Scope,
) -> Option<FixedPolicy> {
    let path = subject.path.clone()?;
    if subject.source.embedding() != Embedding::Document {
        return None;
    }
    let before = subject.source.decoded().ok()?.into_owned();
    let wanted = |code: &str, sid: Option<&str>| gate.counts(subject, code, sid);
    let plan = plan(&before, subject.kind, scope, &wanted);
    let file = Arc::clone(subject.source.file());
    subject.source = PolicySource::whole_file(&file, &plan.text);
    let (after, made, left) = (plan.text, plan.made, plan.left);
    Some(FixedPolicy { file, before, after, made, left, path, subject: index })
}

/// Writes the repaired files. One that cannot be written stays as it was, and the targets say why.
pub(super) fn store(fixed: &mut [FixedPolicy], targets: &mut Targets) {
    let changed = fixed.iter_mut().filter(|own| own.is_changed() && !is_stdin(&own.path));
    for own in changed {
        let Err(error) = write::replace(&own.path, &own.before, &own.after) else { continue };
        let reason = format!("`{}` cannot be repaired: {error}", own.file);
        targets.unreadable.push(NotAnalyzed::new(&own.file, reason));
        if let Some(subject) = targets.subjects.get_mut(own.subject) {
            subject.source = PolicySource::whole_file(&own.file, &own.before);
        }
        own.after.clone_from(&own.before);
        own.made.clear();
    }
}

impl FixedPolicy {
    /// Whether a repair is made.
    pub(super) fn is_changed(&self) -> bool {
        self.before != self.after
    }
}

#[cfg(test)]
mod tests;
