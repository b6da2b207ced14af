//! Chooses between the actions that rules allow.

use crate::decision::{Decision, ResponseAction};

/// What the rules say about one action.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// The permits that hold and count.
    pub(super) permitted_by: Vec<String>,
    /// The forbids that hold, erred or could hold; an empty id where the rules could not be asked.
    pub(super) forbidden_by: Vec<String>,
    /// The permits that could hold if more was known.
    pub(super) undecided: Vec<String>,
    /// The permits that erred.
    pub(super) erred: Vec<String>,
    /// What has to be known about it.
    pub(super) notes: Vec<String>,
}

impl Verdict {
    /// Whether the action may be taken.
    fn permits(&self) -> bool {
        self.forbidden_by.is_empty() && !self.permitted_by.is_empty()
    }

    /// Whether it might be permitted, if more was known or a rule had not erred.
    fn might_permit(&self) -> bool {
        let all = self.undecided.iter().chain(&self.erred);
        self.forbidden_by.is_empty() && all.count() > 0
    }

    /// Cedar's answers have no order.
    pub(super) fn sort(&mut self) {
        let Self { permitted_by, forbidden_by, undecided, erred, notes: _ } = self;
        for ids in [permitted_by, forbidden_by, undecided, erred] {
            ids.sort_unstable();
            ids.dedup();
        }
        self.notes.sort_unstable();
    }
}

/// The decision, from the verdicts about each action:
///
/// 1. Archiving together with anything else that is permitted, or that might be, is a contradiction: a person is told.
/// 2. A resolution, where it might not be that the finding should be archived instead: then a person is told.
/// 3. A proposal.
/// 4. Archiving.
/// 5. Telling a person.
pub(super) fn choose(
    archive: &Verdict,
    resolve: &Verdict,
    propose: &Verdict,
    notify: &Verdict,
) -> Decision {
    use ResponseAction::{Archive, Notify, Propose, Resolve};
    let all = [(Archive, archive), (Resolve, resolve), (Propose, propose), (Notify, notify)];
    let mut notes: Vec<String> = Vec::new();
    for (action, verdict) in all {
        notes.extend(verdict.notes.iter().cloned());
        let forbids: Vec<String> = verdict
            .forbidden_by
            .iter()
            .filter(|id| !id.is_empty())
            .map(|id| format!("`{id}`"))
            .collect();
        if !forbids.is_empty() && action != Notify {
            notes.push(format!("{} is forbidden by {}", action.as_str(), forbids.join(", ")));
        }
    }
    let permitted: Vec<(ResponseAction, &Verdict)> =
        all.into_iter().filter(|(_, verdict)| verdict.permits()).collect();
    let might = |action: ResponseAction| {
        all.iter().any(|(own, verdict)| *own == action && verdict.might_permit())
    };
    let is = |action: ResponseAction| permitted.iter().any(|(own, _)| *own == action);
    let others = permitted.len() > 1 || [Resolve, Propose, Notify].into_iter().any(might);
    let action = if is(Archive) && (others || !archive.erred.is_empty()) {
        if permitted.len() > 1 {
            let names: Vec<&str> = permitted.iter().map(|(own, _)| own.as_str()).collect();
            notes.push(format!("{} contradict each other: a person decides", names.join(" and ")));
        }
        Notify
    } else if is(Resolve) {
        if might(Archive) {
            notes
                .push("it may be that the finding should be archived: a person decides".to_owned());
            Notify
        } else {
            Resolve
        }
    } else if is(Propose) {
        Propose
    } else if is(Archive) {
        Archive
    } else {
        Notify
    };
    let mut rules: Vec<String> = match action {
        Notify => all
            .iter()
            .flat_map(|(_, own)| own.permitted_by.iter().chain(&own.forbidden_by))
            .filter(|id| !id.is_empty())
            .cloned()
            .collect(),
        Archive | Propose | Resolve => permitted
            .iter()
            .filter(|(own, _)| *own == action)
            .flat_map(|(_, own)| own.permitted_by.iter().cloned())
            .collect(),
    };
    rules.sort_unstable();
    rules.dedup();
    notes.dedup();
    Decision { action, rules, notes }
}
