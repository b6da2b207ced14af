//! Where an expression is worked out: the module, the instance, what `for` has named.

use super::files::{File, Module};
use crate::planned::Planned;
use crate::terraform::plan::Change;

/// Expressions that lead to expressions are followed this far.
const MAX_DEPTH: usize = 64;

/// The surroundings of an expression.
#[derive(Clone)]
pub(super) struct Scope<'s> {
    pub(super) module: &'s Module,
    pub(super) file: &'s File,
    /// The address of the instance that it belongs to, with its keys: of a resource, or of the module that is called.
    pub(super) instance: &'s str,
    /// What `for` has named, the latest last.
    pub(super) variables: Vec<(String, Planned)>,
    /// How far it may lead on.
    pub(super) depth: usize,
}

impl<'s> Scope<'s> {
    /// The scope of a resource's own expressions.
    pub(super) fn of(change: &Change<'s>, module: &'s Module, file: &'s File) -> Self {
        Self { module, file, instance: change.address, variables: Vec::new(), depth: MAX_DEPTH }
    }

    /// One step further; nothing when it has led far enough.
    pub(super) fn deeper(&self) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { depth, ..self.clone() })
    }

    /// The scope of an expression elsewhere in the configuration, which sees nothing of what `for` has named here.
    pub(super) fn elsewhere(
        &self,
        module: &'s Module,
        file: &'s File,
        instance: &'s str,
    ) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { module, file, instance, variables: Vec::new(), depth })
    }

    /// The same with one more name.
    pub(super) fn with(&self, name: &str, value: Planned) -> Self {
        let mut own = self.clone();
        own.variables.push((name.to_owned(), value));
        own
    }

    /// What a name of a `for` stands for.
    pub(super) fn variable(&self, name: &str) -> Option<&Planned> {
        self.variables.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The key of the instance: its text, or its number.
    pub(super) fn key(&self) -> Option<&'s str> {
        let inner = self.instance.strip_suffix(']')?;
        let start = inner.rfind('[')?;
        let key = inner.get(start + 1..)?;
        Some(key.trim_matches('"'))
    }

    /// The address of the module's own instance, which is what its call belongs to.
    pub(super) fn outer_instance(&self) -> &'s str {
        // `module.m["a"].aws_x.y`: the last `module.` with its name and key.
        let Some(at) = self.instance.rfind("module.") else { return "" };
        let rest = self.instance.get(at..).unwrap_or_default();
        let name_end = rest.get(7..).and_then(|name| name.find(['.', '['])).map(|end| end + 7);
        let end = match name_end {
            Some(end) if rest.get(end..).is_some_and(|own| own.starts_with('[')) => {
                rest.find(']').map_or(rest.len(), |close| close + 1)
            }
            Some(end) => end,
            None => rest.len(),
        };
        self.instance.get(..at + end).unwrap_or_default()
    }
}
