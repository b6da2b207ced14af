//! What an element says of one part of the request, and whether several such sayings can hold together.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::caller::{Callers, Clue, callers};
use super::folding::Folding;
use super::pattern::Pattern;
use super::values::{Kind, Listed, samples};
use super::words::{Demand, Field, Found, Letters, Part, find};

/// Which values of a key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Over {
    /// The key has one value.
    One,
    /// Some value.
    Some,
    /// Every value.
    Every,
}

/// What an element says, without its sign.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Atom {
    /// A pattern matches the action.
    Action(BTreeSet<Pattern>),
    /// A pattern matches the resource.
    Resource(BTreeSet<Pattern>),
    /// A clue fits the caller.
    Caller(BTreeSet<Clue>),
    /// A key has such values, or is absent and `absent` is set.
    Key { key: String, over: Over, listed: Listed, absent: bool },
    /// A key is absent.
    Missing(String),
    /// An element with policy variables. `atom` is true of everything that some value of the variables
    /// makes true; `sign` says how the element takes it, and `resolves` that the element is met only
    /// where every variable has a value.
    Open { atom: Box<Atom>, sign: bool, resolves: bool },
    /// Something that is not looked into.
    Opaque(String),
}

/// A part of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject<'a> {
    Action,
    Resource,
    Caller,
    Key(&'a str),
    /// Nothing else says anything of it.
    Alone(&'a str),
}

impl Atom {
    pub(crate) fn subject(&self) -> Subject<'_> {
        match self {
            Self::Action(_) => Subject::Action,
            Self::Resource(_) => Subject::Resource,
            Self::Caller(_) => Subject::Caller,
            Self::Key { key, .. } | Self::Missing(key) => Subject::Key(key),
            Self::Open { atom, .. } => atom.subject(),
            Self::Opaque(text) => Subject::Alone(text),
        }
    }

    /// The patterns, each with the text that it is compared with (the caller has several).
    pub(crate) fn patterns(&self) -> Vec<(Field, &Pattern)> {
        match self {
            Self::Action(patterns) | Self::Resource(patterns) => {
                patterns.iter().map(|pattern| (0, pattern)).collect()
            }
            Self::Caller(clues) => {
                let shown = clues.iter().filter_map(|clue| match clue {
                    Clue::Shows(field, pattern) => Some((*field, pattern)),
                    Clue::Has(_) | Clue::Lacks(_) => None,
                });
                shown.collect()
            }
            Self::Key { listed, .. } => {
                listed.patterns().into_iter().flatten().map(|pattern| (0, pattern)).collect()
            }
            Self::Open { atom, .. } => atom.patterns(),
            Self::Missing(_) | Self::Opaque(_) => Vec::new(),
        }
    }

    /// The same with only the patterns that `keep` admits.
    fn filtered(&self, keep: &dyn Fn(Field, &Pattern) -> bool) -> Self {
        let kept = |patterns: &BTreeSet<Pattern>| {
            patterns.iter().filter(|pattern| keep(0, pattern)).cloned().collect()
        };
        match self {
            Self::Action(patterns) => Self::Action(kept(patterns)),
            Self::Resource(patterns) => Self::Resource(kept(patterns)),
            Self::Caller(clues) => {
                let keeps = |clue: &&Clue| match clue {
                    Clue::Shows(field, pattern) => keep(*field, pattern),
                    Clue::Has(_) | Clue::Lacks(_) => true,
                };
                Self::Caller(clues.iter().filter(keeps).cloned().collect())
            }
            Self::Key { key, over, listed, absent } => {
                let listed = match listed {
                    Listed::Texts(patterns) => Listed::Texts(kept(patterns)),
                    other => other.clone(),
                };
                Self::Key { key: key.clone(), over: *over, listed, absent: *absent }
            }
            Self::Missing(_) | Self::Open { .. } | Self::Opaque(_) => self.clone(),
        }
    }

    /// Whether only one value is looked at.
    fn is_of_one_value(&self) -> bool {
        match self {
            Self::Key { over, .. } => *over == Over::One,
            Self::Action(_) | Self::Resource(_) | Self::Caller(_) => true,
            Self::Missing(_) | Self::Open { .. } | Self::Opaque(_) => false,
        }
    }
}

/// Whether sayings about one part of the request can hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// They can, for example so.
    Possible(String),
    /// They cannot; those at these places suffice.
    Impossible(BTreeSet<usize>),
    /// There is too much to look at.
    Undecided,
}

/// What has to be known of the whole question.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// The partitions that callers may be of.
    pub(crate) partitions: BTreeSet<String>,
    /// How each key, in lower case, is compared.
    pub(crate) kinds: BTreeMap<String, BTreeSet<Kind>>,
    folding: Folding,
}

/// A saying that has no variables: its place among the sayings that are judged, and its sign.
type Plain<'a> = (usize, Cow<'a, Atom>, bool);

impl World {
    /// Judges sayings about one part of the request.
    pub(crate) fn judge(&self, sayings: &[(&Atom, bool)]) -> Judgement {
        for (place, (atom, sign)) in sayings.iter().enumerate() {
            let opposite = |(other, own): &(&Atom, bool)| *other == *atom && own != sign;
            if let Some(other) = sayings.iter().position(opposite) {
                return Judgement::Impossible(BTreeSet::from([place, other]));
            }
        }
        let plain = without_variables(sayings);
        let judgement = match plain.first().map(|(_, atom, _)| atom.subject()) {
            Some(Subject::Action | Subject::Resource) => self.text(&plain),
            Some(Subject::Caller) => self.caller(&plain),
            Some(Subject::Key(key)) => self.key(key, &plain),
            Some(Subject::Alone(_)) | None => Judgement::Possible("anything".to_owned()),
        };
        let open = sayings.iter().any(|(atom, _)| matches!(atom, Atom::Open { .. }));
        match judgement {
            // Sayings with variables count for what follows from others too.
            Judgement::Impossible(_) if open => Judgement::Impossible((0..sayings.len()).collect()),
            judgement => judgement,
        }
    }

    fn caller(&self, sayings: &[Plain<'_>]) -> Judgement {
        let clues = sayings.iter().filter_map(|(_, atom, sign)| match atom.as_ref() {
            Atom::Caller(clues) => Some((clues, *sign)),
            _ => None,
        });
        let elements: Vec<(&BTreeSet<Clue>, bool)> = clues.collect();
        match callers(&self.partitions, &elements, &self.folding) {
            Callers::Some(example) => Judgement::Possible(example),
            Callers::None(core) => Judgement::Impossible(places(&core, sayings)),
            Callers::TooMany => Judgement::Undecided,
        }
    }

    fn key(&self, key: &str, sayings: &[Plain<'_>]) -> Judgement {
        let at_absence = |atom: &Atom| match atom {
            Atom::Key { absent, .. } => *absent,
            _ => true,
        };
        let against = |(_, atom, sign): &&Plain<'_>| at_absence(atom) != *sign;
        let Some((first, ..)) = sayings.iter().find(against) else {
            return Judgement::Possible(format!("a request without {key}"));
        };
        let missing =
            |(_, atom, sign): &&Plain<'_>| matches!(atom.as_ref(), Atom::Missing(_)) && *sign;
        if let Some((place, ..)) = sayings.iter().find(missing) {
            return Judgement::Impossible(BTreeSet::from([*first, *place]));
        }
        match self.present(key, sayings) {
            Judgement::Impossible(mut core) => {
                // Absence has to be ruled out as well.
                let known = sayings.iter().filter(against).any(|(place, ..)| core.contains(place));
                if !known {
                    core.insert(*first);
                }
                Judgement::Impossible(core)
            }
            other => other,
        }
    }

    /// The key is there, with one value or more.
    fn present(&self, key: &str, sayings: &[Plain<'_>]) -> Judgement {
        let mut every: Vec<(usize, &Listed, bool)> = Vec::new();
        let mut some: Vec<(usize, &Listed, bool)> = Vec::new();
        for (place, atom, sign) in sayings {
            let Atom::Key { over, listed, .. } = atom.as_ref() else { continue };
            match (over, sign) {
                (Over::One, _) | (Over::Some, false) | (Over::Every, true) => {
                    every.push((*place, listed, *sign));
                }
                (Over::Some, true) | (Over::Every, false) => some.push((*place, listed, *sign)),
            }
        }
        let mut example = Judgement::Possible(String::new());
        let wanted: Vec<Option<_>> =
            if some.is_empty() { vec![None] } else { some.into_iter().map(Some).collect() };
        for one in wanted {
            let all: Vec<_> = every.iter().copied().chain(one).collect();
            example = self.value(key, &all);
            if !matches!(example, Judgement::Possible(_)) {
                return example;
            }
        }
        example
    }

    /// One value that is listed, or is not, as the signs say.
    fn value(&self, key: &str, lists: &[(usize, &Listed, bool)]) -> Judgement {
        let kinds = self.kinds.get(key);
        let only = kinds.filter(|kinds| kinds.len() == 1).and_then(|kinds| kinds.first().copied());
        match only {
            Some(kind) if kind != Kind::Text => {
                let all: Vec<&Listed> = lists.iter().map(|(_, listed, _)| *listed).collect();
                let fits =
                    |sample: &_| lists.iter().all(|(_, list, sign)| list.has(sample) == *sign);
                match samples(kind, &all).iter().find(|sample| fits(sample)) {
                    Some(sample) => Judgement::Possible(format!("{sample:?}")),
                    None => Judgement::Impossible(lists.iter().map(|(place, ..)| *place).collect()),
                }
            }
            // Where a key is compared as text and as something else, only what is said of its text
            // counts: without the rest more is possible.
            _ => {
                let texts = lists.iter().filter_map(|(place, list, sign)| {
                    Some((*place, list.patterns()?.iter().collect(), *sign))
                });
                self.one_text(&texts.collect::<Vec<(usize, Vec<&Pattern>, bool)>>())
            }
        }
    }

    fn text(&self, sayings: &[Plain<'_>]) -> Judgement {
        let texts = sayings.iter().map(|(place, atom, sign)| {
            let patterns = atom.patterns().into_iter().map(|(_, pattern)| pattern);
            (*place, patterns.collect(), *sign)
        });
        self.one_text(&texts.collect::<Vec<(usize, Vec<&Pattern>, bool)>>())
    }

    /// One text, of any letters and length.
    fn one_text(&self, lists: &[(usize, Vec<&Pattern>, bool)]) -> Judgement {
        let any = Part::Free { fields: vec![0], letters: Letters::Any, least: 0, most: None };
        let demand = |(_, patterns, wanted): &(usize, Vec<&Pattern>, bool)| Demand {
            patterns: patterns.iter().map(|pattern| (0, (*pattern).clone())).collect(),
            wanted: *wanted,
        };
        let demands: Vec<Demand> = lists.iter().map(demand).collect();
        match find(&[any], &demands, &self.folding) {
            Found::Texts(texts) => {
                let text = texts.first().map_or("", |(_, text)| text);
                Judgement::Possible(format!("`{text}`"))
            }
            Found::Nothing(core) => {
                let place = |at: &usize| lists.get(*at).map(|(place, ..)| *place);
                Judgement::Impossible(core.iter().filter_map(place).collect())
            }
            Found::TooMany => Judgement::Undecided,
        }
    }
}

fn places(core: &BTreeSet<usize>, sayings: &[Plain<'_>]) -> BTreeSet<usize> {
    core.iter().filter_map(|at| sayings.get(*at)).map(|(place, ..)| *place).collect()
}

/// What follows from the sayings, whatever the values of their variables.
///
/// Where an element with variables is met, each has a value, so the value that is looked at is (or is
/// not, as the sign says) matched by the patterns with those values. One pattern with variables is the
/// same set of texts wherever it stands, for one request: where the value is outside of it, it is
/// outside of it in all elements.
fn without_variables<'a>(sayings: &[(&'a Atom, bool)]) -> Vec<Plain<'a>> {
    let open = || {
        sayings.iter().filter_map(|(atom, met)| match atom {
            Atom::Open { atom, sign, resolves } => Some((atom.as_ref(), *sign, *resolves, *met)),
            _ => None,
        })
    };
    let needs = |atom: &'a Atom| -> BTreeSet<&'a str> {
        atom.patterns().into_iter().flat_map(|(_, pattern)| pattern.needs()).collect()
    };
    let resolved: BTreeSet<&str> = open()
        .filter(|(_, _, resolves, met)| *resolves && *met)
        .flat_map(|(atom, ..)| needs(atom))
        .collect();
    // Met, or not met although every variable has a value.
    let decided = |atom, met| met || needs(atom).is_subset(&resolved);
    let outside = open().filter(|(atom, sign, _, met)| {
        atom.is_of_one_value() && decided(*atom, *met) && sign != met
    });
    let outside: BTreeSet<(Field, &Pattern)> = outside
        .flat_map(|(atom, ..)| atom.patterns())
        .filter(|(_, pattern)| pattern.has_variables())
        .collect();
    let mut plain = Vec::with_capacity(sayings.len());
    for (place, (atom, met)) in sayings.iter().enumerate() {
        let Atom::Open { atom, sign, .. } = atom else {
            plain.push((place, Cow::Borrowed(*atom), *met));
            continue;
        };
        if !decided(atom.as_ref(), *met) {
            continue;
        }
        let one = atom.is_of_one_value();
        let (kept, sign) = match sign == met {
            true => (atom.filtered(&|field, p| !one || !outside.contains(&(field, p))), true),
            false => (atom.filtered(&|_, p| !p.has_variables()), false),
        };
        plain.push((place, Cow::Owned(kept), sign));
    }
    plain
}
