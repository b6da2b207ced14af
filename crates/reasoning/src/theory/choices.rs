//! Every class of an attribute, for callers that need them all: a choice that shows each, and which
//! atoms a choice makes true.

use std::collections::BTreeSet;

use super::attribute::{Atom, Attribute, Choice, Name, Quantifier, SEARCH_BUDGET};
use super::candidates::all_globs;
use super::glob::Glob;
use super::identity::{FoundIdentity, Identity, IdentityTest, find_identity, globs_of};
use super::search::classes;
use super::template::{Reader, Template};
use super::value::{Test, Value};
use super::variants::Variant;
use crate::bits::Bits;
use crate::limit::Limit;

/// States of a product after which the classes of an attribute are not listed.
const CLASS_BUDGET: usize = 60_000;

impl Attribute {
    /// The atoms that a choice makes true.
    pub(crate) fn truth(&self, choice: &Choice) -> Bits {
        let holds = |atom: &Atom| match (choice, atom.test) {
            (Choice::Absent, _) => atom.when_absent,
            (Choice::Value(_) | Choice::Values(_), None) => false,
            (Choice::Value(value), Some(test)) => self.passes(test, value),
            (Choice::Values(values), Some(test)) => match atom.quantifier {
                Quantifier::Single | Quantifier::Any => {
                    values.iter().any(|value| self.passes(test, value))
                }
                Quantifier::All => values.iter().all(|value| self.passes(test, value)),
            },
        };
        let true_ones = self.atoms.iter().enumerate().filter(|(_, atom)| holds(atom));
        true_ones.map(|(index, _)| index).collect()
    }

    fn passes(&self, test: usize, value: &Value) -> bool {
        self.tests.get(test).is_some_and(|test| test.passes(value))
    }

    /// A choice of every class that the patterns of the tests cut the attribute into.
    pub(crate) fn all_choices(&self) -> Result<Vec<Choice>, Limit> {
        let values = match self.name {
            Name::Identity => self.all_identities()?,
            _ if self.complete => self.candidates.iter().map(|c| c.value.clone()).collect(),
            _ if self.mixed => return Err(Limit::MixedTypes),
            _ => {
                let globs: Vec<(Reader, Glob)> =
                    all_globs(&self.tests).into_iter().map(|glob| (0, glob)).collect();
                let classes =
                    classes(&Template::plain(), &globs, CLASS_BUDGET).ok_or(Limit::Automata)?;
                classes.into_iter().map(|(_, word)| Value::Text(word.text(0).to_owned())).collect()
            }
        };
        let mut choices = Vec::with_capacity(values.len() + 1);
        if !self.required {
            choices.push(Choice::Absent);
        }
        match self.many {
            false => choices.extend(values.into_iter().map(Choice::Value)),
            true => {
                // Sets of up to two values: the first gives the label.
                for first in &values {
                    choices.push(Choice::Values(vec![first.clone()]));
                    let others = values.iter().filter(|other| *other != first);
                    choices.extend(others.map(|o| Choice::Values(vec![first.clone(), o.clone()])));
                }
            }
        }
        Ok(choices)
    }

    /// A caller of every class, of each kind.
    fn all_identities(&self) -> Result<Vec<Value>, Limit> {
        let tests: Vec<&IdentityTest> = self
            .tests
            .iter()
            .filter_map(|test| if let Test::Identity(own) = test { Some(own) } else { None })
            .collect();
        let mut values = Vec::new();
        for variant in &self.variants {
            let lacks = |group: Reader| !variant.having.contains(&group);
            let globs: BTreeSet<(Reader, Glob)> = tests
                .iter()
                .flat_map(|test| globs_of(test, variant, &lacks, false))
                .map(|(reader, glob)| (reader, glob.into_owned()))
                .collect();
            let globs: Vec<_> = globs.into_iter().collect();
            let classes =
                classes(&variant.template, &globs, CLASS_BUDGET).ok_or(Limit::Automata)?;
            for (_, word) in classes {
                let identity =
                    Identity { kind: variant.kind, having: variant.having.clone(), word };
                values.extend(self.outside_large_sets(&tests, variant, identity)?);
            }
        }
        Ok(values)
    }

    /// A class of callers may have some inside a large set of accounts and some outside: one of each.
    fn outside_large_sets(
        &self,
        tests: &[&IdentityTest],
        variant: &Variant,
        identity: Identity,
    ) -> Result<Vec<Value>, Limit> {
        let large = |test: &&IdentityTest| test.accounts.is_some();
        let inside = tests.iter().any(|test| large(test) && test.passes(&identity));
        if !inside || tests.iter().any(|test| large(test) && test.always.contains(variant.kind)) {
            return Ok(vec![Value::Identity(identity)]);
        }
        let signed: Vec<_> =
            tests.iter().map(|test| (*test, !large(test) && test.passes(&identity))).collect();
        let found = find_identity(std::slice::from_ref(variant), &signed, SEARCH_BUDGET);
        match found {
            FoundIdentity::Identity(other) => {
                Ok(vec![Value::Identity(identity), Value::Identity(other)])
            }
            FoundIdentity::Nothing(_) => Ok(vec![Value::Identity(identity)]),
            FoundIdentity::GaveUp => Err(Limit::Automata),
        }
    }
}
