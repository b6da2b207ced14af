//! A word that matches some patterns and not others, or the proof that there is none: the product of
//! the patterns' automata, built only as far as it is walked.
//!
//! The walk is best first: towards the places from which least is missing. Constraints are brought in
//! one at a time, each because the last word broke it, so most of them never enter the product and the
//! ones that did are the reason when there is no word.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::glob::{Glob, Places};
use super::template::{Reader, Segment, Template, Word};

/// Alternatives of which at least one must match, or none may.
#[derive(Clone, Copy)]
pub(crate) struct Constraint<'g> {
    pub(crate) globs: &'g [(Reader, Glob)],
    pub(crate) wanted: bool,
}

impl Constraint<'_> {
    fn admits(&self, word: &Word) -> bool {
        self.globs.iter().any(|(reader, glob)| glob.matches(word.text(*reader))) == self.wanted
    }
}

/// What a search found.
pub(crate) enum Found {
    Word(Word),
    /// No word; the constraints at these indices exclude each other.
    Nothing(Vec<usize>),
    /// The product grew beyond the budget.
    GaveUp,
}

/// Looks for a word of `template` that all `constraints` admit, in at most `budget` states a product.
pub(crate) fn find(template: &Template, constraints: &[Constraint<'_>], budget: usize) -> Found {
    if let Some(core) = covered(constraints) {
        return Found::Nothing(core);
    }
    let mut active: Vec<usize> = Vec::new();
    loop {
        let chosen: Vec<_> = active.iter().filter_map(|index| constraints.get(*index)).collect();
        match walk(template, &chosen, budget) {
            Walk::Word(word) => {
                let broken = |c: &Constraint<'_>| !c.admits(&word);
                // Wanted patterns narrow the search, unwanted ones only cut holes into it.
                let next = constraints
                    .iter()
                    .position(|c| c.wanted && broken(c))
                    .or_else(|| constraints.iter().position(broken));
                match next {
                    Some(index) => active.push(index),
                    None => return Found::Word(word),
                }
            }
            Walk::Nothing => return Found::Nothing(active),
            Walk::GaveUp => return Found::GaveUp,
        }
    }
}

/// A wanted constraint each of whose alternatives lies within an unwanted pattern, with the constraints
/// that hold these: the commonest reason why there is no word, and seen without a walk.
fn covered(constraints: &[Constraint<'_>]) -> Option<Vec<usize>> {
    for (index, wanted) in constraints.iter().enumerate().filter(|(_, c)| c.wanted) {
        let mut core = vec![index];
        let all = wanted.globs.iter().all(|(reader, glob)| {
            let around = constraints.iter().position(|other| {
                let holds = |(own, outer): &(Reader, Glob)| own == reader && glob.is_within(outer);
                !other.wanted && other.globs.iter().any(holds)
            });
            core.extend(around);
            around.is_some()
        });
        if all {
            core.sort_unstable();
            core.dedup();
            return Some(core);
        }
    }
    None
}

enum Walk {
    Word(Word),
    Nothing,
    GaveUp,
}

struct Node {
    parent: u32,
    step: Option<char>,
    segment: u16,
    length: u16,
    places: SmallVec<[Places; 4]>,
}

struct Automaton<'g> {
    constraint: usize,
    wanted: bool,
    reader: Reader,
    glob: &'g Glob,
}

struct Walker<'g> {
    template: &'g Template,
    automata: SmallVec<[Automaton<'g>; 8]>,
    wanted: Vec<usize>,
    nodes: Vec<Node>,
    seen: FxHashSet<(u16, u16, SmallVec<[Places; 4]>)>,
    open: BinaryHeap<Reverse<(usize, usize, u32)>>,
}

fn walk(template: &Template, constraints: &[&Constraint<'_>], budget: usize) -> Walk {
    let automata = constraints.iter().enumerate().flat_map(|(constraint, c)| {
        let wanted = c.wanted;
        c.globs.iter().map(move |(reader, glob)| Automaton { constraint, wanted, reader: *reader, glob })
    });
    let mut walker = Walker {
        template,
        automata: automata.collect(),
        wanted: (0..constraints.len())
            .filter(|i| constraints.get(*i).is_some_and(|c| c.wanted))
            .collect(),
        nodes: Vec::new(),
        seen: FxHashSet::default(),
        open: BinaryHeap::new(),
    };
    let places = walker.automata.iter().map(|_| Glob::start()).collect();
    walker.push(Node { parent: u32::MAX, step: None, segment: 0, length: 0, places }, 0);
    walker.run(budget)
}

impl Walker<'_> {
    fn run(&mut self, budget: usize) -> Walk {
        while let Some(Reverse((_, steps, index))) = self.open.pop() {
            if self.nodes.len() > budget {
                return Walk::GaveUp;
            }
            let Some(node) = self.nodes.get(index as usize) else { continue };
            let segment = usize::from(node.segment);
            match self.template.segments.get(segment) {
                None => {
                    if self.accepted(&node.places) {
                        return Walk::Word(self.word(index));
                    }
                }
                Some(Segment::Text(texts)) => {
                    let places = self.read_texts(texts, &node.places);
                    let next = node_at(index, None, node.segment + 1, 0, places);
                    self.push(next, steps + 1);
                }
                Some(Segment::Hole { .. }) => self.extend_hole(index, steps),
            }
        }
        Walk::Nothing
    }

    fn read_texts(&self, texts: &[(Reader, String)], places: &[Places]) -> SmallVec<[Places; 4]> {
        let read = |(automaton, places): (&Automaton<'_>, &Places)| {
            let own = texts.iter().find(|(reader, _)| *reader == automaton.reader);
            let text = own.map_or("", |(_, text)| text.as_str());
            text.chars().fold(places.clone(), |here, c| automaton.glob.step(&here, c))
        };
        self.automata.iter().zip(places).map(read).collect()
    }

    fn extend_hole(&mut self, index: u32, steps: usize) {
        let Some(node) = self.nodes.get(index as usize) else { return };
        let Some(Segment::Hole { readers, characters, min, max }) =
            self.template.segments.get(usize::from(node.segment))
        else {
            return;
        };
        let (segment, length) = (node.segment, node.length);
        let mut successors: SmallVec<[Node; 8]> = SmallVec::new();
        if length >= *min {
            successors.push(node_at(index, None, segment + 1, 0, node.places.clone()));
        }
        if max.is_none_or(|max| length < max) {
            let mut told_apart: Vec<char> = Vec::new();
            for (automaton, places) in self.automata.iter().zip(&node.places) {
                if readers.contains(&automaton.reader) {
                    automaton.glob.expected(places, |character| {
                        if !told_apart.contains(&character) {
                            told_apart.push(character);
                        }
                    });
                }
            }
            let other = characters.other(&told_apart);
            let all = told_apart.into_iter().filter(|c| characters.contains(*c)).chain(other);
            // Lengths matter only up to the bounds.
            let next_length = match max {
                Some(_) => length + 1,
                None => (length + 1).min(*min),
            };
            for character in all {
                let step = |(automaton, places): (&Automaton<'_>, &Places)| {
                    match readers.contains(&automaton.reader) {
                        true => automaton.glob.step(places, character),
                        false => places.clone(),
                    }
                };
                let places = self.automata.iter().zip(&node.places).map(step).collect();
                successors.push(node_at(index, Some(character), segment, next_length, places));
            }
        }
        for successor in successors {
            self.push(successor, steps + 1);
        }
    }

    /// Takes a node in, unless it was seen or a wanted constraint can no longer be met.
    fn push(&mut self, node: Node, steps: usize) {
        let Some(distance) = self.distance(&node.places) else { return };
        if self.seen.insert((node.segment, node.length, node.places.clone())) {
            let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            self.nodes.push(node);
            self.open.push(Reverse((distance + steps, steps, index)));
        }
    }

    fn distance(&self, places: &[Places]) -> Option<usize> {
        let mut sum = 0;
        for &constraint in &self.wanted {
            let own = self.automata.iter().zip(places).filter(|(a, _)| a.constraint == constraint);
            // Four times: going on with what is wanted beats looking around.
            sum += 4 * own.filter_map(|(a, places)| a.glob.distance(places)).min()?;
        }
        Some(sum)
    }

    fn accepted(&self, places: &[Places]) -> bool {
        let accepts = |(a, places): (&Automaton<'_>, &Places)| a.glob.accepts(places);
        let unwanted = self.automata.iter().zip(places).any(|pair| !pair.0.wanted && accepts(pair));
        !unwanted
            && self.wanted.iter().all(|constraint| {
                let mut own = self.automata.iter().zip(places);
                own.any(|pair| pair.0.constraint == *constraint && accepts(pair))
            })
    }

    fn word(&self, index: u32) -> Word {
        let mut steps = Vec::new();
        let mut here = index;
        while let Some(node) = self.nodes.get(here as usize) {
            // The step that led here was made in the segment of the parent.
            if let Some(parent) = self.nodes.get(node.parent as usize) {
                steps.push((parent.segment, node.step));
            }
            here = node.parent;
        }
        let mut word = Word::default();
        for (segment, step) in steps.into_iter().rev() {
            match (self.template.segments.get(usize::from(segment)), step) {
                (Some(Segment::Text(texts)), _) => {
                    texts.iter().for_each(|(reader, text)| word.push(*reader, text));
                }
                (Some(Segment::Hole { readers, .. }), Some(character)) => {
                    let mut buffer = [0; 4];
                    let text = character.encode_utf8(&mut buffer);
                    readers.iter().for_each(|reader| word.push(*reader, text));
                }
                _ => {}
            }
        }
        word
    }
}

fn node_at(
    parent: u32,
    step: Option<char>,
    segment: u16,
    length: u16,
    places: SmallVec<[Places; 4]>,
) -> Node {
    Node { parent, step, segment, length, places }
}

/// Every combination of matching and not matching that some word of `template` shows, with such a
/// word; nothing when there are more states than `budget`.
///
/// `globs` are taken one by one; the result has a flag for each.
pub(crate) fn classes(
    template: &Template,
    globs: &[(Reader, Glob)],
    budget: usize,
) -> Option<Vec<(Vec<bool>, Word)>> {
    let automata = globs
        .iter()
        .map(|(reader, glob)| Automaton { constraint: 0, wanted: false, reader: *reader, glob });
    let mut walker = Walker {
        template,
        automata: automata.collect(),
        wanted: Vec::new(),
        nodes: Vec::new(),
        seen: FxHashSet::default(),
        open: BinaryHeap::new(),
    };
    let places = walker.automata.iter().map(|_| Glob::start()).collect();
    walker.push(Node { parent: u32::MAX, step: None, segment: 0, length: 0, places }, 0);
    let mut signatures: FxHashSet<Vec<bool>> = FxHashSet::default();
    let mut found = Vec::new();
    while let Some(Reverse((_, steps, index))) = walker.open.pop() {
        if walker.nodes.len() > budget {
            return None;
        }
        let Some(node) = walker.nodes.get(index as usize) else { continue };
        match template.segments.get(usize::from(node.segment)) {
            None => {
                let signature: Vec<bool> = walker
                    .automata
                    .iter()
                    .zip(&node.places)
                    .map(|(a, places)| a.glob.accepts(places))
                    .collect();
                if signatures.insert(signature.clone()) {
                    found.push((signature, walker.word(index)));
                }
            }
            Some(Segment::Text(texts)) => {
                let places = walker.read_texts(texts, &node.places);
                let next = node_at(index, None, node.segment + 1, 0, places);
                walker.push(next, steps + 1);
            }
            Some(Segment::Hole { .. }) => walker.extend_hole(index, steps),
        }
    }
    Some(found)
}
