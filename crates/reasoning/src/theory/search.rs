//! A word that matches some patterns and not others, or the proof that there is none: the product of
//! the patterns' automata, built only as far as it is walked.
//!
//! The walk is best first: towards the places from which least is missing. Constraints are brought in
//! one at a time, each because the last word broke it, so most of them never enter the product and the
//! ones that did are the reason when there is no word.

mod alternatives;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use alternatives::{find_one_by_one, many_alternatives};

use super::glob::Glob;
use super::template::{Characters, Reader, Segment, Template, Word};

/// Alternatives of which at least one must match, or none may.
#[derive(Clone, Copy)]
pub(crate) struct Constraint<'g> {
    pub(crate) globs: &'g [(Reader, Cow<'g, Glob>)],
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
    if let Some(at) = many_alternatives(constraints) {
        return find_one_by_one(template, constraints, at, budget);
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
                let holds =
                    |(own, outer): &(Reader, Cow<'_, Glob>)| own == reader && glob.is_within(outer);
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

/// The places of all automata, one after the other, each closed by [`END`].
type Places = SmallVec<[u16; 24]>;

/// No pattern has so many places.
const END: u16 = u16::MAX;

/// Where a walk stands: the part of the template, how far into it, the places.
type Standing = Rc<(u16, u16, Places)>;

struct Node {
    parent: u32,
    step: Option<char>,
    standing: Standing,
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
    seen: FxHashSet<Standing>,
    open: BinaryHeap<Reverse<(usize, usize, u32)>>,
}

fn walk(template: &Template, constraints: &[&Constraint<'_>], budget: usize) -> Walk {
    let automata = constraints.iter().enumerate().flat_map(|(constraint, c)| {
        let wanted = c.wanted;
        c.globs.iter().map(move |(reader, glob)| Automaton {
            constraint,
            wanted,
            reader: *reader,
            glob,
        })
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
    walker.start();
    walker.run(budget)
}

/// The places of each automaton.
fn parts(places: &[u16]) -> impl Iterator<Item = &[u16]> {
    places.split(|place| *place == END)
}

impl Walker<'_> {
    fn start(&mut self) {
        let places = self.automata.iter().flat_map(|_| [0, END]).collect();
        self.push(u32::MAX, None, (0, 0, places), 0);
    }

    fn run(&mut self, budget: usize) -> Walk {
        while let Some(Reverse((_, steps, index))) = self.open.pop() {
            if self.nodes.len() > budget {
                return Walk::GaveUp;
            }
            if let Some(done) = self.visit(index, steps)
                && self.accepted(&done.2)
            {
                return Walk::Word(self.word(index));
            }
        }
        Walk::Nothing
    }

    /// Takes in what follows a node; gives its standing when the template ends there.
    fn visit(&mut self, index: u32, steps: usize) -> Option<Standing> {
        let standing = Rc::clone(&self.nodes.get(index as usize)?.standing);
        let template = self.template;
        match template.segments.get(usize::from(standing.0)) {
            None => return Some(standing),
            Some(Segment::Text(texts)) => {
                let places = self.read_texts(texts, &standing.2);
                self.push(index, None, (standing.0 + 1, 0, places), steps + 1);
            }
            Some(Segment::Hole { readers, characters, min, max }) => {
                self.extend_hole(index, steps, &standing, (readers, *characters), (*min, *max));
            }
        }
        None
    }

    fn read_texts(&self, texts: &[(Reader, String)], places: &[u16]) -> Places {
        let mut next = Places::new();
        for (automaton, own) in self.automata.iter().zip(parts(places)) {
            let text = texts.iter().find(|(reader, _)| *reader == automaton.reader);
            let mut here = super::glob::Places::from_slice(own);
            for character in text.map_or("", |(_, text)| text).chars() {
                here = automaton.glob.step(&here, character);
            }
            next.extend(here);
            next.push(END);
        }
        next
    }

    fn extend_hole(
        &mut self,
        index: u32,
        steps: usize,
        standing: &Standing,
        (readers, characters): (&[Reader], Characters),
        (min, max): (u16, Option<u16>),
    ) {
        let (segment, length, places) = standing.as_ref();
        // Of a path it matters whether a name has begun: one that has must be closed by a slash.
        let is_path = characters == Characters::Path;
        let may_end = if is_path { *length == 0 } else { *length >= min };
        if may_end {
            self.push(index, None, (segment + 1, 0, places.clone()), steps + 1);
        }
        // Lengths matter only up to the bounds.
        let next_length = match max {
            Some(max) if *length >= max => return,
            Some(_) => length + 1,
            None => (length + 1).min(min),
        };
        let mut told_apart: Vec<char> = Vec::new();
        for (automaton, own) in self.automata.iter().zip(parts(places)) {
            if readers.contains(&automaton.reader) {
                automaton.glob.expected(own, |character| {
                    if !told_apart.contains(&character) {
                        told_apart.push(character);
                    }
                });
            }
        }
        let other = characters.other(&told_apart);
        told_apart.retain(|character| characters.contains(*character));
        if is_path && !told_apart.contains(&'/') {
            told_apart.push('/');
        }
        for character in told_apart.into_iter().chain(other) {
            let next_length = match character {
                '/' if is_path && *length == 0 => continue,
                '/' if is_path => 0,
                _ if is_path => 1,
                _ => next_length,
            };
            let mut next = Places::new();
            for (automaton, own) in self.automata.iter().zip(parts(places)) {
                match readers.contains(&automaton.reader) {
                    true => automaton.glob.step_into(own, character, &mut next),
                    false => next.extend_from_slice(own),
                }
                next.push(END);
            }
            self.push(index, Some(character), (*segment, next_length, next), steps + 1);
        }
    }

    /// Takes a node in, unless it was seen or a wanted constraint can no longer be met.
    fn push(
        &mut self,
        parent: u32,
        step: Option<char>,
        standing: (u16, u16, Places),
        steps: usize,
    ) {
        let Some(distance) = self.distance(&standing.2) else { return };
        let standing = Rc::new(standing);
        if self.seen.insert(Rc::clone(&standing)) {
            let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            self.nodes.push(Node { parent, step, standing });
            self.open.push(Reverse((distance + steps, steps, index)));
        }
    }

    fn distance(&self, places: &[u16]) -> Option<usize> {
        let mut sum = 0;
        for &constraint in &self.wanted {
            let own = self.automata.iter().zip(parts(places));
            let own = own.filter(|(a, _)| a.constraint == constraint);
            // Four times: going on with what is wanted beats looking around.
            sum += 4 * own.filter_map(|(a, places)| a.glob.distance(places)).min()?;
        }
        Some(sum)
    }

    fn accepted(&self, places: &[u16]) -> bool {
        let accepts = |(a, places): (&Automaton<'_>, &[u16])| a.glob.accepts(places);
        let unwanted =
            self.automata.iter().zip(parts(places)).any(|pair| !pair.0.wanted && accepts(pair));
        !unwanted
            && self.wanted.iter().all(|constraint| {
                let mut own = self.automata.iter().zip(parts(places));
                own.any(|pair| pair.0.constraint == *constraint && accepts(pair))
            })
    }

    fn word(&self, index: u32) -> Word {
        let mut steps = Vec::new();
        let mut here = index;
        while let Some(node) = self.nodes.get(here as usize) {
            // The step that led here was made in the segment of the parent.
            if let Some(parent) = self.nodes.get(node.parent as usize) {
                steps.push((parent.standing.0, node.step));
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

/// Every combination of matching and not matching that some word of `template` shows, with such a
/// word; nothing when there are more states than `budget`.
///
/// `globs` are taken one by one; the result has a flag for each.
pub(crate) fn classes(
    template: &Template,
    globs: &[(Reader, Glob)],
    budget: usize,
) -> Option<Vec<(Vec<bool>, Word)>> {
    let automata = globs.iter().map(|(reader, glob)| Automaton {
        constraint: 0,
        wanted: false,
        reader: *reader,
        glob,
    });
    let mut walker = Walker {
        template,
        automata: automata.collect(),
        wanted: Vec::new(),
        nodes: Vec::new(),
        seen: FxHashSet::default(),
        open: BinaryHeap::new(),
    };
    walker.start();
    let mut signatures: FxHashSet<Vec<bool>> = FxHashSet::default();
    let mut found = Vec::new();
    while let Some(Reverse((_, steps, index))) = walker.open.pop() {
        if walker.nodes.len() > budget {
            return None;
        }
        let Some(done) = walker.visit(index, steps) else { continue };
        let pairs = walker.automata.iter().zip(parts(&done.2));
        let signature: Vec<bool> = pairs.map(|(a, places)| a.glob.accepts(places)).collect();
        if signatures.insert(signature.clone()) {
            found.push((signature, walker.word(index)));
        }
    }
    Some(found)
}
