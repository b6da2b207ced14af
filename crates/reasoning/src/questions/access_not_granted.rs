//! Is none of the listed access allowed?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html>

use ringfence_policy::{Pattern, PolicyDocument, Variables, Wildcards};

use super::{Answer, ask_beside};
use crate::decide::Goal;
use crate::encode::Part;
use crate::problem::{ACTION, Conjunction, RESOURCE};
use crate::theory::glob::{Case, Glob};
use crate::variables::Beside;
use ringfence_policy::Polarity;

/// Access that must not be granted. An empty list stands for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Actions; wildcards are read as in a policy.
    pub actions: Vec<String>,
    /// Resource ARNs; wildcards are read as in a policy.
    pub resources: Vec<String>,
}

/// `Holds` when `policy` allows none of the listed actions on any of the listed resources, for each
/// element of `accesses`. With actions alone, on any resource; with resources alone, any action.
pub fn check_access_not_granted(policy: &PolicyDocument, accesses: &[Access]) -> Answer {
    let read = |text: &String| Pattern::new(text, Wildcards::Yes, Variables::No);
    let resources: Vec<Pattern> =
        accesses.iter().flat_map(|access| &access.resources).map(read).collect();
    let beside = Beside { resources: &resources, ..Beside::default() };
    Answer::of_statements(ask_beside(&[policy], beside, &|problem, built, _| {
        let Some(own) = built.first() else { return Ok(Vec::new()) };
        let mut boxes = Vec::new();
        for access in accesses {
            let mut conjunction = Conjunction::default();
            let actions: Vec<_> =
                access.actions.iter().map(|text| Glob::string(&read(text), Case::Folded)).collect();
            let resources: Vec<_> =
                access.resources.iter().map(|text| Glob::resource(&read(text))).collect();
            for (attribute, globs) in [(ACTION, actions), (RESOURCE, resources)] {
                if globs.is_empty() {
                    continue;
                }
                if let Part::Literal(literal) =
                    crate::encode::any_of(problem, attribute, globs, Polarity::Plain)
                {
                    conjunction.literals.push(literal);
                }
            }
            boxes.push(problem.add(conjunction));
        }
        let goal = |id| Goal { groups: vec![vec![id], boxes.clone()], avoid: own.deny.clone() };
        Ok(own.allow.iter().map(|(index, id)| (*index, goal(*id))).collect())
    }))
}
