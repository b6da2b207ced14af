//! A question in the engine's own terms: attributes, and conjunctions of literals over them.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::ConditionKey;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::encode::{IdentityKey, identity_key};
use crate::theory::attribute::{Attribute, Choice, Name, Quantifier, optional_groups};
use crate::theory::identity::{IdentityTest, Kinds};
use crate::theory::template::Reader;
use crate::theory::value::Test;

/// A signed atom of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) attribute: usize,
    pub(crate) atom: usize,
    pub(crate) sign: bool,
}

impl Literal {
    pub(crate) fn negated(self) -> Self {
        Self { sign: !self.sign, ..self }
    }
}

/// The number of a conjunction.
pub(crate) type ConjunctionId = usize;

/// All of these; a statement is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conjunction {
    pub(crate) literals: SmallVec<[Literal; 6]>,
    /// It has a part that nothing can meet.
    pub(crate) never: bool,
}

/// The attributes and conjunctions of one question.
pub(crate) struct Problem {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) conjunctions: Vec<Conjunction>,
    by_name: FxHashMap<Name, usize>,
    /// The caller's optional texts: by key in lower case the reader and the key as written.
    optional_readers: BTreeMap<ConditionKey, Reader>,
    /// The keys of the caller that the question mentions.
    identity_keys: BTreeMap<ConditionKey, IdentityKey>,
    /// The partitions that callers may be of.
    pub(crate) partitions: BTreeSet<String>,
}

/// A request, attribute by attribute.
pub(crate) type Assignment = Vec<Choice>;

/// The first three attributes, which every request has.
pub(crate) const ACTION: usize = 0;
pub(crate) const RESOURCE: usize = 1;
pub(crate) const IDENTITY: usize = 2;

impl Problem {
    pub(crate) fn new() -> Self {
        let mut problem = Self {
            attributes: Vec::new(),
            conjunctions: Vec::new(),
            by_name: FxHashMap::default(),
            optional_readers: BTreeMap::new(),
            identity_keys: BTreeMap::new(),
            partitions: BTreeSet::from(["aws".to_owned()]),
        };
        for name in [Name::Action, Name::Resource, Name::Identity] {
            problem.attribute(name);
        }
        problem
    }

    /// The number of an attribute.
    pub(crate) fn attribute(&mut self, name: Name) -> usize {
        if let Some(known) = self.by_name.get(&name) {
            return *known;
        }
        self.by_name.insert(name.clone(), self.attributes.len());
        self.attributes.push(Attribute::new(name));
        self.attributes.len() - 1
    }

    /// The number of a key's attribute.
    pub(crate) fn key(&mut self, key: &ConditionKey) -> usize {
        let attribute = self.attribute(Name::Key(key.folded().to_owned()));
        if let Some(own) = self.attributes.get_mut(attribute)
            && own.written.is_empty()
        {
            key.as_written().clone_into(&mut own.written);
        }
        attribute
    }

    /// Notes that requests may show several values for `key`, however its conditions are read.
    pub(crate) fn expect_many(&mut self, key: &ConditionKey) {
        if identity_key(self, key).is_some() {
            return;
        }
        let attribute = self.key(key);
        if let Some(own) = self.attributes.get_mut(attribute) {
            own.many = true;
        }
    }

    /// Whether there is an attribute for the key called `name` (in lower case).
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.by_name.contains_key(&Name::Key(name.to_owned()))
    }

    /// The reader of an optional text of the caller.
    pub(crate) fn optional_reader(&mut self, key: &ConditionKey) -> Reader {
        use crate::theory::identity::reader::OPTIONAL;
        let count = u8::try_from(self.optional_readers.len()).unwrap_or(u8::MAX);
        let next = OPTIONAL.saturating_add(count);
        *self.optional_readers.entry(key.clone()).or_insert(next)
    }

    /// Notes that the question mentions a key of the caller.
    pub(crate) fn mention_identity_key(&mut self, key: &ConditionKey, own: IdentityKey) {
        if !self.identity_keys.contains_key(key) {
            self.identity_keys.insert(key.clone(), own);
        }
    }

    /// The keys of the caller that the question mentions.
    pub(crate) fn identity_keys(&self) -> impl Iterator<Item = (&ConditionKey, IdentityKey)> {
        self.identity_keys.iter().map(|(key, own)| (key, *own))
    }

    /// Whether the question mentions the key of the caller called `name`.
    pub(crate) fn mentions_identity_key(&self, name: &str) -> bool {
        self.identity_keys.contains_key(&ConditionKey::new(name))
    }

    pub(crate) fn literal(
        &mut self,
        attribute: usize,
        test: Option<Test>,
        quantifier: Quantifier,
        when_absent: bool,
        sign: bool,
    ) -> Option<Literal> {
        let own = self.attributes.get_mut(attribute)?;
        Some(Literal { attribute, atom: own.atom(test, quantifier, when_absent), sign })
    }

    pub(crate) fn identity_literal(&mut self, test: IdentityTest, sign: bool) -> Option<Literal> {
        self.literal(IDENTITY, Some(Test::Identity(test)), Quantifier::Single, false, sign)
    }

    pub(crate) fn add(&mut self, conjunction: Conjunction) -> ConjunctionId {
        self.conjunctions.push(conjunction);
        self.conjunctions.len() - 1
    }

    /// Ends the building: nothing is added afterwards.
    pub(crate) fn seal(&mut self) {
        let optional: Vec<(Reader, Kinds)> = match self.attributes.get(IDENTITY) {
            Some(identity) => optional_groups(&identity.tests),
            None => Vec::new(),
        };
        for attribute in &mut self.attributes {
            attribute.seal(&optional, &self.partitions);
        }
    }

    pub(crate) fn literals(&self, id: ConjunctionId) -> &[Literal] {
        self.conjunctions.get(id).map_or(&[], |conjunction| &conjunction.literals)
    }

    pub(crate) fn is_never(&self, id: ConjunctionId) -> bool {
        self.conjunctions.get(id).is_none_or(|conjunction| conjunction.never)
    }
}
