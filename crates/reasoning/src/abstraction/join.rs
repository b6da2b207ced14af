//! The join of the classes of all reported attributes.
//!
//! A request's description needs only which statements are still met after each attribute, so the walk
//! goes attribute by attribute and remembers the descriptions that each remaining set of statements
//! leads to. What the attributes that are not reported add is asked of the search at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ringfence_policy::{ConditionKey, Principal, RequestContext};
use rustc_hash::FxHashMap;

use super::classes::{Above, Class, classes};
use super::labels::{Labels, Word, tests};
use super::{Description, Parts, rest};
use crate::bits::Bits;
use crate::decide::{Goal, Outcome, decide};
use crate::encode::Variables;
use crate::limit::Limit;
use crate::problem::{Assignment, ConjunctionId, IDENTITY, Literal, Problem};
use crate::theory::attribute::Name;
use crate::witness;

/// A description: a label a component, counted from 1; 0 is "anything".
type Tuple = Vec<u16>;

/// Which labels contain which, by component of the description.
type Order = Vec<Above>;

/// What is known of a description.
#[derive(Clone)]
struct Way {
    is_public: bool,
    granted_by: Vec<(usize, usize)>,
    witness: RequestContext,
}

/// The descriptions found so far.
#[derive(Default)]
pub(super) struct Ways {
    ways: BTreeMap<Tuple, Way>,
    order: Order,
}

/// What the walk finds below a set of statements: descriptions of the attributes that follow, each with
/// the sets that lead there and the classes on the way.
type Below = Rc<BTreeMap<Tuple, Vec<(Bits, Vec<usize>)>>>;

/// Different sets of statements that are kept for one description.
const KEPT: usize = 6;

struct Dimension {
    attribute: usize,
    /// The components of the description that it fills.
    components: Vec<usize>,
    classes: Vec<(Bits, Class)>,
}

struct Walk<'w> {
    dimensions: &'w [Dimension],
    known: FxHashMap<(usize, Bits), Below>,
    /// Members of the sets: which are Allow statements.
    allow: Bits,
}

/// Adds the ways in of one reading of the variables to `ways`.
pub(super) fn join(
    problem: &mut Problem,
    parts: &Parts,
    labels: &Labels,
    variables: &Variables,
    ways: &mut Ways,
) -> Result<(), Limit> {
    let (dimensions, order) = dimensions(problem, parts, labels, variables)?;
    let members = members(parts);
    let start: Bits = (0..members.len())
        .filter(|m| members.get(*m).is_some_and(|id| !problem.is_never(*id)))
        .collect();
    let allow = (0..parts.allow.len()).collect();
    let mut walk = Walk { dimensions: &dimensions, known: FxHashMap::default(), allow };
    let below = walk.below(0, &start);
    let reported: Vec<usize> = dimensions.iter().map(|d| d.attribute).collect();
    let mut leaves = Leaves::new(problem, parts, &reported);
    for (tuple, paths) in below.iter() {
        for (alive, path) in paths {
            leaves.collect(tuple, alive, path, &dimensions, labels.components.len(), ways)?;
        }
    }
    if ways.order.is_empty() {
        ways.order = order;
    }
    Ok(())
}

/// The conjunctions that the sets of the walk are about: Allow statements, Deny statements, the
/// conjunction of untrusted requests, then what is given.
fn members(parts: &Parts) -> Vec<ConjunctionId> {
    let allow = parts.allow.iter().map(|(.., id)| *id);
    let rest = parts.deny.iter().chain([&parts.untrusted]).chain(&parts.given).copied();
    allow.chain(rest).collect()
}

fn dimensions(
    problem: &mut Problem,
    parts: &Parts,
    labels: &Labels,
    variables: &Variables,
) -> Result<(Vec<Dimension>, Order), Limit> {
    let mut of_attribute: BTreeMap<usize, Vec<usize>> = BTreeMap::from([(IDENTITY, vec![0])]);
    for (component, own) in labels.components.iter().enumerate() {
        let Some(key) = &own.key else { continue };
        let attribute = match crate::encode::identity_key(problem, key) {
            Some(_) => IDENTITY,
            None => problem.attribute(Name::Key(key.folded().to_owned())),
        };
        of_attribute.entry(attribute).or_default().push(component);
    }
    of_attribute.values_mut().for_each(|components| {
        components.sort_unstable();
        components.dedup();
    });
    let members = members(parts);
    let mut order: Order = labels.components.iter().map(|_| Vec::new()).collect();
    let mut dimensions = Vec::new();
    for (attribute, components) in of_attribute {
        let tests: Vec<_> = components
            .iter()
            .filter_map(|component| labels.components.get(*component))
            .map(|component| tests(component, variables, &problem.partitions))
            .collect();
        let Some(own) = problem.attributes.get_mut(attribute) else { continue };
        let (classes, above) = classes(own, &tests)?;
        for (component, above) in components.iter().zip(above) {
            if let Some(place) = order.get_mut(*component) {
                *place = above;
            }
        }
        let with_masks = classes.into_iter().map(|class| {
            let met = members.iter().enumerate().filter(|(_, id)| {
                let mut own = problem.literals(**id).iter().filter(|l| l.attribute == attribute);
                own.all(|literal: &Literal| class.truth.contains(literal.atom) == literal.sign)
            });
            (met.map(|(member, _)| member).collect::<Bits>(), class)
        });
        // Whoever does not meet what is given does not come into question.
        let first_given = members.len() - parts.given.len();
        let given: Bits = (first_given..members.len()).collect();
        let classes = with_masks.filter(|(mask, _)| given.is_subset(mask)).collect();
        dimensions.push(Dimension { attribute, components, classes });
    }
    dimensions.sort_by_key(|dimension| dimension.classes.len());
    Ok((dimensions, order))
}

impl Walk<'_> {
    fn below(&mut self, index: usize, alive: &Bits) -> Below {
        if let Some(known) = self.known.get(&(index, alive.clone())) {
            return Rc::clone(known);
        }
        let mut found: BTreeMap<Tuple, Vec<(Bits, Vec<usize>)>> = BTreeMap::new();
        if alive.is_disjoint(&self.allow) {
            // No statement is left that allows.
        } else if let Some(dimension) = self.dimensions.get(index) {
            for (number, (mask, class)) in dimension.classes.iter().enumerate() {
                let next = alive.intersection(mask);
                let below = self.below(index + 1, &next);
                for choice in product(&class.smallest) {
                    for (tuple, paths) in below.iter() {
                        let whole: Tuple = choice.iter().chain(tuple).copied().collect();
                        let own = found.entry(whole).or_default();
                        for (leaf, path) in paths {
                            if own.len() < KEPT && !own.iter().any(|(known, _)| known == leaf) {
                                let path = std::iter::once(number).chain(path.iter().copied());
                                own.push((leaf.clone(), path.collect()));
                            }
                        }
                    }
                }
            }
        } else {
            found.insert(Tuple::new(), vec![(alive.clone(), Vec::new())]);
        }
        let found = Rc::new(found);
        self.known.insert((index, alive.clone()), Rc::clone(&found));
        found
    }
}

/// All ways to take one label a component, counted from 1; 0 where there is none.
fn product(smallest: &[Vec<u16>]) -> Vec<Tuple> {
    let mut all = vec![Tuple::new()];
    for labels in smallest {
        let own: Vec<u16> = match labels.is_empty() {
            true => vec![0],
            false => labels.iter().map(|label| label + 1).collect(),
        };
        all = all
            .iter()
            .flat_map(|tuple| {
                own.iter().map(|label| tuple.iter().copied().chain([*label]).collect())
            })
            .collect();
    }
    all
}

/// Decides what the attributes that are not reported add, once for each set of statements.
struct Leaves<'l> {
    problem: &'l mut Problem,
    parts: &'l Parts,
    /// What of each member is about other attributes.
    rests: Vec<ConjunctionId>,
    decided: FxHashMap<(Bits, Vec<usize>), Option<Rc<Assignment>>>,
}

impl<'l> Leaves<'l> {
    fn new(problem: &'l mut Problem, parts: &'l Parts, reported: &[usize]) -> Self {
        let rests = members(parts).into_iter().map(|id| rest(problem, id, reported)).collect();
        Self { problem, parts, rests, decided: FxHashMap::default() }
    }

    /// A request of the other attributes that meets an Allow statement of each layer (the one that is
    /// `fixed`, in its layer) and the `wanted` member, and none of the Deny statements that are alive.
    fn possible(
        &mut self,
        alive: &Bits,
        fixed: Option<usize>,
        wanted: Option<usize>,
    ) -> Result<Option<Rc<Assignment>>, Limit> {
        // A statement of a layer can be fixed; of the others each layer needs one that is alive.
        let key: Vec<usize> = fixed.into_iter().chain(wanted).collect();
        if let Some(known) = self.decided.get(&(alive.clone(), key.clone())) {
            return Ok(known.clone());
        }
        let rest = |member: usize| self.rests.get(member).copied();
        let allows = self.parts.allow.len();
        let untrusted = allows + self.parts.deny.len();
        let denies = (allows..untrusted).filter(|member| alive.contains(*member));
        let mut goal = Goal { groups: Vec::new(), avoid: denies.filter_map(rest).collect() };
        for layer in &self.parts.layers {
            let living = layer.iter().copied().filter(|member| alive.contains(*member));
            let own: Vec<usize> = match fixed.filter(|member| layer.contains(member)) {
                Some(member) => vec![member],
                None => living.collect(),
            };
            goal.groups.push(own.into_iter().filter_map(rest).collect());
        }
        let given = untrusted + 1..self.rests.len();
        goal.groups.extend(given.chain(wanted).filter_map(rest).map(|id| vec![id]));
        let outcome = match decide(self.problem, &goal) {
            Outcome::Found(assignment) => Some(Rc::new(assignment)),
            Outcome::Nothing => None,
            Outcome::Unknown(limit) => return Err(limit),
        };
        self.decided.insert((alive.clone(), key), outcome.clone());
        Ok(outcome)
    }

    fn collect(
        &mut self,
        tuple: &Tuple,
        alive: &Bits,
        path: &[usize],
        dimensions: &[Dimension],
        components: usize,
        ways: &mut Ways,
    ) -> Result<(), Limit> {
        let allows = self.parts.allow.len();
        let allow: Vec<usize> = alive.iter().filter(|member| *member < allows).collect();
        let Some(assignment) = self.possible(alive, None, None)? else { return Ok(()) };
        let untrusted = allows + self.parts.deny.len();
        let public = match alive.contains(untrusted) {
            true => self.possible(alive, None, Some(untrusted))?,
            false => None,
        };
        let mut granted_by = Vec::new();
        for member in &allow {
            if self.possible(alive, Some(*member), None)?.is_some()
                && let Some((document, statement, _)) = self.parts.allow.get(*member)
            {
                granted_by.push((*document, *statement));
            }
        }
        let is_public = public.is_some();
        let mut assignment = public.unwrap_or(assignment).as_ref().clone();
        for (dimension, number) in dimensions.iter().zip(path) {
            if let (Some(place), Some((_, class))) =
                (assignment.get_mut(dimension.attribute), dimension.classes.get(*number))
            {
                *place = class.choice.clone();
            }
        }
        let witness = witness::request(self.problem, &assignment);
        ways.add(in_order(tuple, dimensions, components), Way { is_public, granted_by, witness });
        Ok(())
    }
}

/// A description in the order of the components.
fn in_order(tuple: &Tuple, dimensions: &[Dimension], components: usize) -> Tuple {
    let mut ordered = vec![0; components];
    let filled = dimensions.iter().flat_map(|dimension| &dimension.components);
    for (component, label) in filled.zip(tuple) {
        if let Some(place) = ordered.get_mut(*component) {
            *place = *label;
        }
    }
    ordered
}

impl Ways {
    fn add(&mut self, tuple: Tuple, way: Way) {
        match self.ways.get_mut(&tuple) {
            None => {
                self.ways.insert(tuple, way);
            }
            Some(known) => {
                known.granted_by.extend(way.granted_by);
                known.granted_by.sort_unstable();
                known.granted_by.dedup();
                if way.is_public && !known.is_public {
                    known.is_public = true;
                    known.witness = way.witness;
                }
            }
        }
    }

    fn is_below(&self, low: &Tuple, high: &Tuple) -> bool {
        low.iter().zip(high).zip(&self.order).all(|((low, high), above)| {
            *high == 0 || low == high || {
                let own = low.checked_sub(1).and_then(|label| above.get(usize::from(label)));
                own.is_some_and(|above| above.contains(usize::from(*high) - 1))
            }
        })
    }

    /// How many labels lie above those of a description: what is more general has fewer.
    fn height(&self, tuple: &Tuple) -> usize {
        let above = |(label, above): (&u16, &Above)| {
            let own = label.checked_sub(1).and_then(|label| above.get(usize::from(label)));
            own.map_or(0, |above| above.iter().count() + 1)
        };
        tuple.iter().zip(&self.order).map(above).sum()
    }

    /// The most general descriptions.
    pub(super) fn descriptions(&self, labels: &Labels) -> Vec<Description> {
        let mut tuples: Vec<(usize, &Tuple)> =
            self.ways.keys().map(|tuple| (self.height(tuple), tuple)).collect();
        tuples.sort_unstable();
        let mut general: BTreeSet<&Tuple> = BTreeSet::new();
        for (_, tuple) in tuples {
            if !general.iter().any(|known| self.is_below(tuple, known)) {
                general.insert(tuple);
            }
        }
        let kept = self.ways.iter().filter(|(tuple, _)| general.contains(tuple));
        kept.map(|(tuple, way)| description(tuple, way, labels)).collect()
    }
}

fn description(tuple: &Tuple, way: &Way, labels: &Labels) -> Description {
    let mut principal = Principal::Everyone;
    let mut conditions: BTreeMap<ConditionKey, String> = BTreeMap::new();
    for (component, number) in labels.components.iter().zip(tuple) {
        let label = number.checked_sub(1).and_then(|n| component.labels.get(usize::from(n)));
        let Some(label) = label else { continue };
        match (&label.word, &component.key) {
            (Word::Principal(own), _) => principal = own.clone(),
            (Word::Value(_), Some(key)) => {
                conditions.insert(key.clone(), label.text.clone());
            }
            (Word::Value(_), None) => {}
        }
    }
    Description {
        principal,
        conditions,
        is_public: way.is_public,
        granted_by: way.granted_by.clone(),
        witness: way.witness.clone(),
    }
}
