//! One attribute of a question: the tests on it, the literals that statements make of them, and which
//! of those can hold together.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::candidates::{Candidates, candidates};
use super::glob::Glob;
use super::identity::{
    FoundIdentity, Identity, IdentityTest, Kinds, find_identity, group, may_have,
};
use super::search::{Constraint, Found, find};
use super::template::{Reader, Template};
use super::value::{Family, Test, Value};
use super::variants::{Looks, Variant, variants};
use crate::bits::Bits;
use crate::limit::Limit;

/// What an attribute is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Name {
    Action,
    Resource,
    Identity,
    /// A context key: its name in lower case.
    Key(String),
    /// Something that may hold or not, by its text.
    Opaque(String),
}

/// How a literal looks at the values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Quantifier {
    /// The one value.
    Single,
    /// Some value.
    Any,
    /// Every value.
    All,
}

/// What a statement says of an attribute, without its sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Atom {
    /// The test; none for "the key is absent".
    pub(crate) test: Option<usize>,
    pub(crate) quantifier: Quantifier,
    /// Whether it is true when the key is absent.
    pub(crate) when_absent: bool,
}

/// What a request has for an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Choice {
    Absent,
    Value(Value),
    Values(Vec<Value>),
}

/// Whether literals can hold together.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    Possible(Choice),
    Impossible,
    Unknown(Limit),
}

pub(super) struct Candidate {
    pub(super) value: Value,
    /// The tests it passes.
    passes: Bits,
}

/// The patterns of a test, each with the text it reads.
type Patterns<'t> = Vec<(Reader, Cow<'t, Glob>)>;

/// One attribute.
pub(crate) struct Attribute {
    pub(crate) name: Name,
    /// A key's name as it is written first.
    pub(crate) written: String,
    pub(crate) tests: Vec<Test>,
    pub(crate) atoms: Vec<Atom>,
    pub(super) required: bool,
    /// Whether there may be several values.
    pub(crate) many: bool,
    pub(super) candidates: Vec<Candidate>,
    pub(super) complete: bool,
    pub(super) mixed: bool,
    pub(super) variants: Vec<Variant>,
    impossible: Vec<(Bits, Bits)>,
    memo: FxHashMap<(Bits, Bits), Verdict>,
    /// Sets of signed atoms that turned out to exclude each other.
    pub(crate) conflicts: Vec<(Bits, Bits)>,
    test_index: FxHashMap<Test, usize>,
    atom_index: FxHashMap<Atom, usize>,
}

/// States of a product after which a search gives up.
pub(super) const SEARCH_BUDGET: usize = 60_000;

impl Attribute {
    pub(crate) fn new(name: Name) -> Self {
        let required = !matches!(name, Name::Key(_));
        Self {
            name,
            written: String::new(),
            tests: Vec::new(),
            atoms: Vec::new(),
            required,
            many: false,
            candidates: Vec::new(),
            complete: false,
            mixed: false,
            variants: Vec::new(),
            impossible: Vec::new(),
            memo: FxHashMap::default(),
            conflicts: Vec::new(),
            test_index: FxHashMap::default(),
            atom_index: FxHashMap::default(),
        }
    }

    /// The number of an atom; equal atoms have one number.
    pub(crate) fn atom(
        &mut self,
        test: Option<Test>,
        quantifier: Quantifier,
        when_absent: bool,
    ) -> usize {
        let test = test.map(|test| {
            let next = self.tests.len();
            *self.test_index.entry(test).or_insert_with_key(|test| {
                self.tests.push(test.clone());
                next
            })
        });
        self.many |= quantifier != Quantifier::Single;
        let atom = Atom { test, quantifier, when_absent };
        let next = self.atoms.len();
        *self.atom_index.entry(atom).or_insert_with_key(|atom| {
            self.atoms.push(atom.clone());
            next
        })
    }

    /// Works out the candidates once all tests are known. `optional` are the caller's optional texts.
    pub(crate) fn seal(&mut self, optional: &[(Reader, Kinds)], partitions: &BTreeSet<String>) {
        if self.name == Name::Identity {
            if self.tests.is_empty() {
                let partition = partitions.first().map_or("aws", String::as_str);
                self.add_candidate(Value::Identity(Identity::anyone(partition)));
                self.complete = true;
            } else {
                let readers = readers(&self.tests);
                self.variants = variants(&Looks { optional, readers: &readers, partitions });
            }
            return;
        }
        let Candidates { values, complete } = candidates(&self.tests);
        self.complete = complete;
        let mut families: Vec<Family> = self.tests.iter().map(Test::family).collect();
        families.dedup();
        self.mixed = families.iter().any(|family| Some(family) != families.first());
        for value in values {
            self.add_candidate(value);
        }
        // A nicer value in the place of the first, where no test tells them apart.
        let nicer = match self.name {
            Name::Action => "example:Action",
            Name::Resource => "*",
            Name::Identity | Name::Key(_) | Name::Opaque(_) => return,
        };
        let passes = self.add_candidate(Value::Text(nicer.to_owned()));
        if self.candidates.first().is_some_and(|first| first.passes == passes) {
            self.candidates.swap_remove(0);
        } else {
            self.candidates.pop();
        }
    }

    fn add_candidate(&mut self, value: Value) -> Bits {
        let passing = self.tests.iter().enumerate().filter(|(_, test)| test.passes(&value));
        let passes: Bits = passing.map(|(index, _)| index).collect();
        self.candidates.push(Candidate { value, passes: passes.clone() });
        passes
    }

    /// Whether all atoms of `yes` can be true while all of `no` are false.
    pub(crate) fn check(&mut self, yes: &Bits, no: &Bits) -> Verdict {
        if let Some(known) = self.memo.get(&(yes.clone(), no.clone())) {
            return known.clone();
        }
        let verdict = self.check_anew(yes, no);
        if let Verdict::Impossible = verdict {
            self.conflicts.push((yes.clone(), no.clone()));
        }
        self.memo.insert((yes.clone(), no.clone()), verdict.clone());
        verdict
    }

    fn check_anew(&mut self, yes: &Bits, no: &Bits) -> Verdict {
        if !yes.is_disjoint(no) {
            return Verdict::Impossible;
        }
        let absent = |index| self.atoms.get(index).is_some_and(|atom: &Atom| atom.when_absent);
        if !self.required && yes.iter().all(absent) && !no.iter().any(absent) {
            return Verdict::Possible(Choice::Absent);
        }
        // What every value must pass or fail, and what some value must.
        let mut every = (Bits::new(), Bits::new());
        let mut some: Vec<(usize, bool)> = Vec::new();
        let signed = yes.iter().map(|i| (i, true)).chain(no.iter().map(|i| (i, false)));
        for (index, sign) in signed {
            let Some(atom) = self.atoms.get(index) else { continue };
            let Some(test) = atom.test else {
                if sign {
                    return Verdict::Impossible; // Present, and to be absent.
                }
                continue;
            };
            match (atom.quantifier, sign) {
                (Quantifier::Single, _) if !self.many => {
                    if sign {
                        every.0.insert(test)
                    } else {
                        every.1.insert(test)
                    }
                }
                (Quantifier::Single | Quantifier::Any, true) => some.push((test, true)),
                (Quantifier::Single | Quantifier::Any, false) => every.1.insert(test),
                (Quantifier::All, true) => every.0.insert(test),
                (Quantifier::All, false) => some.push((test, false)),
            }
        }
        if !self.many {
            return match self.value(&every.0, &every.1) {
                Ok(Some(value)) => Verdict::Possible(Choice::Value(value)),
                Ok(None) => Verdict::Impossible,
                Err(limit) => Verdict::Unknown(limit),
            };
        }
        self.values(&every, &some)
    }

    /// A set of values, one for each of `some`, all within `every`.
    fn values(&mut self, every: &(Bits, Bits), some: &[(usize, bool)]) -> Verdict {
        let mut values = Vec::new();
        let mut wanted = vec![every.clone()];
        if !some.is_empty() {
            wanted.clear();
            for (test, sign) in some {
                let mut own = every.clone();
                if *sign {
                    own.0.insert(*test)
                } else {
                    own.1.insert(*test)
                }
                wanted.push(own);
            }
        }
        for (yes, no) in wanted {
            match self.value(&yes, &no) {
                Ok(Some(value)) if values.contains(&value) => {}
                Ok(Some(value)) => values.push(value),
                Ok(None) => return Verdict::Impossible,
                Err(limit) => return Verdict::Unknown(limit),
            }
        }
        Verdict::Possible(Choice::Values(values))
    }

    /// A value that passes the tests `yes` and fails the tests `no`.
    fn value(&mut self, yes: &Bits, no: &Bits) -> Result<Option<Value>, Limit> {
        let fits = |c: &&Candidate| yes.is_subset(&c.passes) && no.is_disjoint(&c.passes);
        if let Some(candidate) = self.candidates.iter().find(fits) {
            return Ok(Some(candidate.value.clone()));
        }
        let excluded = |(y, n): &(Bits, Bits)| y.is_subset(yes) && n.is_subset(no);
        if self.complete || !yes.is_disjoint(no) || self.impossible.iter().any(excluded) {
            return Ok(None);
        }
        let found = match self.name {
            Name::Identity => self.search_identity(yes, no),
            _ => self.search_text(yes, no),
        };
        match found? {
            Ok(value) => {
                self.add_candidate(value.clone());
                Ok(Some(value))
            }
            Err(core) => {
                self.impossible.push(core);
                Ok(None)
            }
        }
    }

    fn search_identity(&self, yes: &Bits, no: &Bits) -> Result<Result<Value, (Bits, Bits)>, Limit> {
        let signed = yes.iter().map(|i| (i, true)).chain(no.iter().map(|i| (i, false)));
        let asked: Vec<(usize, &IdentityTest, bool)> = signed
            .filter_map(|(index, sign)| match self.tests.get(index) {
                Some(Test::Identity(test)) => Some((index, test, sign)),
                _ => None,
            })
            .collect();
        let tests: Vec<_> = asked.iter().map(|(_, test, sign)| (*test, *sign)).collect();
        match find_identity(&self.variants, &tests, SEARCH_BUDGET) {
            FoundIdentity::Identity(identity) => Ok(Ok(Value::Identity(identity))),
            FoundIdentity::GaveUp => Err(Limit::Automata),
            FoundIdentity::Nothing(core) => {
                let part = |wanted: bool| {
                    let own = core.iter().filter_map(|at| asked.get(*at));
                    own.filter(|(_, _, sign)| *sign == wanted).map(|(index, ..)| *index).collect()
                };
                Ok(Err((part(true), part(false))))
            }
        }
    }

    fn search_text(&self, yes: &Bits, no: &Bits) -> Result<Result<Value, (Bits, Bits)>, Limit> {
        let signed = yes.iter().map(|i| (i, true)).chain(no.iter().map(|i| (i, false)));
        let mut asked: Vec<(usize, Patterns<'_>, bool)> = Vec::new();
        let mut other_families = false;
        for (index, sign) in signed {
            match self.tests.get(index) {
                Some(test @ (Test::Text(_) | Test::Bool(_))) => {
                    let globs = test.globs().iter().map(|glob| (0, Cow::Borrowed(glob))).collect();
                    asked.push((index, globs, sign));
                }
                _ => other_families = true,
            }
        }
        let constraints: Vec<_> =
            asked.iter().map(|(_, globs, wanted)| Constraint { globs, wanted: *wanted }).collect();
        match find(&Template::plain(), &constraints, SEARCH_BUDGET) {
            Found::GaveUp => Err(Limit::Automata),
            // A text of the right form need not be one as address, number or date too.
            Found::Word(_) if other_families => Err(Limit::MixedTypes),
            Found::Word(word) => Ok(Ok(Value::Text(word.text(0).to_owned()))),
            Found::Nothing(core) => {
                let part = |wanted: bool| {
                    let own = core.iter().filter_map(|at| asked.get(*at));
                    own.filter(|(_, _, sign)| *sign == wanted).map(|(index, ..)| *index).collect()
                };
                Ok(Err((part(true), part(false))))
            }
        }
    }
}

impl Choice {
    /// The caller, when the choice is one.
    pub(crate) fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Value(Value::Identity(identity)) => Some(identity),
            Self::Value(_) | Self::Values(_) | Self::Absent => None,
        }
    }
}

/// The optional texts that `tests` read, with the kinds that may have them.
pub(crate) fn optional_groups(tests: &[Test]) -> Vec<(Reader, Kinds)> {
    let mut groups: Vec<(Reader, Kinds)> = Vec::new();
    let mut add = |reader: Reader, kinds: Kinds| {
        let Some(own) = group(reader) else { return };
        match groups.iter_mut().find(|(known, _)| *known == own) {
            Some((_, known)) => *known = known.union(kinds),
            None => groups.push((own, kinds)),
        }
    };
    for test in tests {
        let Test::Identity(test) = test else { continue };
        for (kinds, reader, _) in &test.globs {
            add(*reader, *kinds);
        }
        for reader in test.when_lacking.iter().chain(&test.when_having) {
            add(*reader, may_have(*reader));
        }
    }
    groups
}

/// The texts of the caller that `tests` read.
fn readers(tests: &[Test]) -> BTreeSet<Reader> {
    let globs = tests.iter().flat_map(|test| match test {
        Test::Identity(test) => test.globs.as_slice(),
        _ => &[],
    });
    globs.map(|(_, reader, _)| *reader).collect()
}
