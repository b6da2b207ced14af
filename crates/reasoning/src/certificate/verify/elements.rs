//! The elements of statements, read as sayings about one part of the request each.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{
    Comparison, Condition, Effect, IfExists, PatternElement, Polarity, Qualifier, Statement,
};

use super::atom::{Atom, Over, World};
use super::caller::{Clue, Tags};
use super::pattern::{Case, Pattern};
use super::principal;
use super::sat::Literal;
use super::values::Listed;
use crate::certificate::{Element, Reference};

/// What an element comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Always,
    Never,
    Literal(Literal),
}

/// All of these.
pub(crate) type Conjunction = Vec<Meaning>;

/// The elements of one question.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    pub(crate) world: World,
    tags: Tags,
    /// Keys that may have several values.
    many: BTreeSet<String>,
    /// Whether some condition is about `kms:CallerAccount`.
    pub(crate) mentions_kms_account: bool,
    /// What each variable says; nothing for variables that only stand for others.
    atoms: Vec<Option<Atom>>,
    known: BTreeMap<Atom, usize>,
    references: BTreeMap<Reference, Meaning>,
}

/// The keys of every service that may have several values, in lower case; other keys that start with
/// `aws:` have one:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const MANY_VALUED: [&str; 7] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
];

const KMS_CALLER_ACCOUNT: &str = "kms:calleraccount";

fn may_have_many(key: &str) -> bool {
    !key.starts_with("aws:") || MANY_VALUED.contains(&key)
}

impl Elements {
    /// Elements of statements that are all among `statements`.
    pub(crate) fn new<'s>(statements: impl Iterator<Item = &'s Statement>) -> Self {
        let mut own = Self::default();
        for statement in statements {
            own.note(statement);
        }
        if own.world.partitions.is_empty() {
            own.world.partitions.insert("aws".to_owned());
        }
        own
    }

    /// Takes down what has to be known of all statements before one of them is read.
    fn note(&mut self, statement: &Statement) {
        let named = statement.principal.iter().flat_map(|element| &element.principals);
        self.world.partitions.extend(named.filter_map(|named| principal::partition(&named.value)));
        let resources = statement.resource.iter().flat_map(|element| &element.patterns);
        let values = statement.conditions.iter().flat_map(|condition| &condition.values);
        for text in resources.chain(values).map(|pattern| pattern.value.text()) {
            let partition = text.strip_prefix("arn:").and_then(|rest| rest.split(':').next());
            let known = partition.filter(|name| ringfence_policy::Partition::new(name).is_some());
            self.world.partitions.extend(known.map(str::to_owned));
        }
        for condition in &statement.conditions {
            let key = condition.key.value.folded();
            self.mentions_kms_account |= key == KMS_CALLER_ACCOUNT;
            let comparison = condition.operator.value.comparison;
            if comparison == Comparison::Null {
                continue;
            }
            let kind = Listed::new(comparison, std::iter::empty()).kind();
            self.world.kinds.entry(key.to_owned()).or_default().insert(kind);
            if condition.operator.value.qualifier != Qualifier::None {
                self.allow_many(key);
            }
        }
    }

    /// From now on a key may have several values, where such a key can.
    pub(crate) fn allow_many(&mut self, key: &str) {
        if may_have_many(key) {
            self.many.insert(key.to_owned());
        }
    }

    /// A variable that stands for others.
    pub(crate) fn variable(&mut self) -> usize {
        self.atoms.push(None);
        self.atoms.len() - 1
    }

    pub(crate) fn literal(&mut self, atom: Atom, sign: bool) -> Meaning {
        let next = self.atoms.len();
        let variable = *self.known.entry(atom).or_insert_with_key(|atom| {
            self.atoms.push(Some(atom.clone()));
            next
        });
        Meaning::Literal(Literal::new(variable, sign))
    }

    pub(crate) fn atom(&self, variable: usize) -> Option<&Atom> {
        self.atoms.get(variable).and_then(Option::as_ref)
    }

    pub(crate) fn name(&mut self, reference: Reference, meaning: Meaning) -> Meaning {
        self.references.entry(reference).or_insert(meaning);
        meaning
    }

    pub(crate) fn meaning(&self, reference: &Reference) -> Option<Meaning> {
        self.references.get(reference).copied()
    }

    /// Whether some element has policy variables.
    pub(crate) fn has_variables(&self) -> bool {
        self.atoms.iter().flatten().any(|atom| matches!(atom, Atom::Open { .. }))
    }

    pub(crate) fn references(&self) -> impl Iterator<Item = (&Reference, Meaning)> {
        self.references.iter().map(|(reference, meaning)| (reference, *meaning))
    }

    /// What `statement`, the one numbered `number` of a document, matches.
    pub(crate) fn statement(
        &mut self,
        document: usize,
        number: usize,
        statement: &Statement,
    ) -> Conjunction {
        let reference = |element| Reference::Statement { document, statement: number, element };
        let mut all = Vec::with_capacity(3 + statement.conditions.len());
        let action = self.actions(&statement.action);
        all.push(self.name(reference(Element::Action), action));
        if let Some(element) = &statement.resource {
            let resource = self.resources(element);
            all.push(self.name(reference(Element::Resource), resource));
        }
        if let Some(element) = &statement.principal {
            let exempting =
                element.polarity == Polarity::Not && statement.effect.value == Effect::Deny;
            let own =
                if exempting { principal::exempt(element) } else { principal::named(element) };
            let named = match (own, element.polarity) {
                (None, Polarity::Plain) => Meaning::Always,
                (None, Polarity::Not) => Meaning::Never,
                (Some(clues), polarity) => {
                    self.literal(Atom::Caller(clues), polarity == Polarity::Plain)
                }
            };
            all.push(self.name(reference(Element::Principal), named));
        }
        for condition in &statement.conditions {
            let operator = condition.operator.value;
            let key = condition.key.value.as_written().to_owned();
            let meaning = self.condition(condition);
            all.push(self.name(reference(Element::Condition { operator, key }), meaning));
        }
        all
    }

    fn actions(&mut self, element: &PatternElement) -> Meaning {
        let patterns = element.patterns.iter().map(|p| Pattern::string(&p.value, Case::Folded));
        let any = element.patterns.iter().any(|pattern| pattern.value.is_any());
        self.listed(Atom::Action(patterns.collect()), any, element.polarity)
    }

    fn resources(&mut self, element: &PatternElement) -> Meaning {
        let patterns: BTreeSet<Pattern> =
            element.patterns.iter().map(|pattern| Pattern::resource(&pattern.value)).collect();
        if patterns.iter().any(Pattern::has_variables) {
            let sign = element.polarity == Polarity::Plain;
            let atom = Box::new(Atom::Resource(patterns));
            return self.literal(Atom::Open { atom, sign, resolves: true }, true);
        }
        let any = element.patterns.iter().any(|pattern| pattern.value.is_any());
        self.listed(Atom::Resource(patterns), any, element.polarity)
    }

    /// One of the patterns of `atom` matches, or with `Not` none; `any` is one that always does.
    pub(crate) fn listed(&mut self, atom: Atom, any: bool, polarity: Polarity) -> Meaning {
        let known = match (any, atom.patterns().is_empty()) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        let plain = polarity == Polarity::Plain;
        match known {
            Some(known) if known == plain => Meaning::Always,
            Some(_) => Meaning::Never,
            None => self.literal(atom, plain),
        }
    }

    fn condition(&mut self, condition: &Condition) -> Meaning {
        let operator = condition.operator.value;
        let key = condition.key.value.folded();
        let negated = operator.comparison.is_negated();
        if operator.comparison == Comparison::Null {
            return self.null(condition);
        }
        // A missing key satisfies negated operators and ForAllValues, and never ForAnyValue:
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        let when_missing = match (operator.if_exists, operator.qualifier) {
            (IfExists::Yes, _) | (IfExists::No, Qualifier::ForAllValues) => true,
            (IfExists::No, Qualifier::ForAnyValue) => false,
            (IfExists::No, Qualifier::None) => negated,
        };
        let over = match (operator.qualifier, negated) {
            _ if !self.many.contains(key) => Over::One,
            (Qualifier::None, _) | (Qualifier::ForAnyValue, false) => Over::Some,
            (Qualifier::ForAllValues, false) => Over::Every,
            // "Some value is not" is "not every value is", and the other way round.
            (Qualifier::ForAnyValue, true) => Over::Every,
            (Qualifier::ForAllValues, true) => Over::Some,
        };
        let atom = self.key(condition, over, when_missing != negated);
        let open = condition.values.iter().any(|value| value.value.variables().next().is_some());
        if open {
            let resolves = operator.if_exists == IfExists::No;
            return self
                .literal(Atom::Open { atom: Box::new(atom), sign: !negated, resolves }, true);
        }
        self.literal(atom, !negated)
    }

    /// The key has a value that `condition` lists, or is absent and `absent` is set. Whether the operator
    /// is negated does not count.
    pub(crate) fn key(&mut self, condition: &Condition, over: Over, absent: bool) -> Atom {
        let key = condition.key.value.folded();
        let values = condition.values.iter().map(|value| &value.value);
        let listed = Listed::new(condition.operator.value.comparison, values);
        let Some(field) = self.tags.field(key) else {
            return Atom::Key { key: key.to_owned(), over, listed, absent };
        };
        let Some(patterns) = listed.patterns() else {
            return Atom::Opaque(format!("{key} {listed:?} {absent}"));
        };
        let shown = patterns.iter().map(|pattern| Clue::Shows(field, pattern.clone()));
        Atom::Caller(shown.chain(absent.then_some(Clue::Lacks(field))).collect())
    }

    /// Which values of the key count for "some value is listed".
    pub(crate) fn over_some(&self, key: &str) -> Over {
        if self.many.contains(key) { Over::Some } else { Over::One }
    }

    fn null(&mut self, condition: &Condition) -> Meaning {
        let says = |text: &str| {
            condition.values.iter().any(|value| value.value.text().eq_ignore_ascii_case(text))
        };
        let missing = match (says("true"), says("false")) {
            (true, true) => return Meaning::Always,
            (false, false) => return Meaning::Never,
            (missing, _) => missing,
        };
        let key = condition.key.value.folded();
        let atom = match self.tags.field(key) {
            Some(field) => Atom::Caller(BTreeSet::from([Clue::Lacks(field)])),
            None => Atom::Missing(key.to_owned()),
        };
        self.literal(atom, missing)
    }
}
