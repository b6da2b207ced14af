//! Is there a text, or several texts with common parts, that match some patterns and not others?
//!
//! Decided by walking the product of the patterns' places, letter by letter; letters that no pattern
//! tells apart are one letter. Demands are brought in one at a time, each because the last text did not
//! meet it, so those that were brought in when no text is left are the reason.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::FxHashSet;

use super::folding::Folding;
use super::pattern::{Case, Pattern, Places, fold};

/// One of the texts that are chosen together, by number.
pub(crate) type Field = u32;

/// The characters that a free part may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    Any,
    Digits,
    /// Those of names of users, roles and sessions.
    Name,
    /// Those of names, and `/`.
    Path,
}

impl Letters {
    fn contains(self, letter: char) -> bool {
        let of_names = letter.is_ascii_alphanumeric() || "+=,.@_-".contains(letter);
        match self {
            Self::Any => true,
            Self::Digits => letter.is_ascii_digit(),
            Self::Name => of_names,
            Self::Path => of_names || letter == '/',
        }
    }

    /// One that is none of `others`.
    fn besides(self, others: &BTreeSet<char>) -> Option<char> {
        let plain = ('a'..='z').rev().chain('0'..='9').chain('A'..='Z').chain("_-.".chars());
        let mut all = plain.chain('\u{4e00}'..='\u{9fff}');
        all.find(|letter| self.contains(*letter) && !others.contains(letter))
    }
}

/// A part of the texts.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// This text, for each of the fields its own.
    Fixed(Vec<(Field, String)>),
    /// Any text of `least` to `most` letters, the same in all `fields`.
    Free { fields: Vec<Field>, letters: Letters, least: usize, most: Option<usize> },
}

/// Patterns of which one must match, or none may.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub(crate) patterns: Vec<(Field, Pattern)>,
    pub(crate) wanted: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The texts by field.
    Texts(Vec<(Field, String)>),
    /// None: the demands at these places exclude each other.
    Nothing(BTreeSet<usize>),
    /// There were more than [`LIMIT`] places to look at.
    TooMany,
}

/// Steps after which the search gives up.
pub(crate) const LIMIT: usize = 200_000;

/// Looks for texts made of `parts` that meet all `demands`.
pub(crate) fn find(parts: &[Part], demands: &[Demand], folding: &Folding) -> Found {
    let mut active = BTreeSet::new();
    loop {
        let chosen: Vec<&Demand> = active.iter().filter_map(|at| demands.get(*at)).collect();
        let texts = match Walk::new(parts, &chosen, folding).run() {
            Outcome::End(texts) => texts,
            Outcome::Nothing => return Found::Nothing(active),
            Outcome::TooMany => return Found::TooMany,
        };
        let unmet = |demand: &Demand| {
            let text = |field| texts.iter().find(|(own, _)| *own == field).map_or("", |(_, t)| t);
            demand.patterns.iter().any(|(field, p)| p.matches(text(*field))) != demand.wanted
        };
        // What is wanted narrows the search, what is not wanted only cuts holes into it.
        let wanted = demands.iter().position(|demand| demand.wanted && unmet(demand));
        match wanted.or_else(|| demands.iter().position(unmet)) {
            Some(index) if active.insert(index) => {}
            // Met on the walk and not met by the text it gave: never seen; no answer is the safe one.
            Some(_) => return Found::TooMany,
            None => return Found::Texts(texts),
        }
    }
}

enum Outcome {
    End(Vec<(Field, String)>),
    Nothing,
    TooMany,
}

/// One pattern of one demand.
struct Track<'d> {
    demand: usize,
    wanted: bool,
    field: Field,
    pattern: &'d Pattern,
}

/// The tracks that can still match, by number, and their places.
type State = Vec<(u32, Places)>;

struct Node {
    parent: Option<usize>,
    letter: Option<char>,
    part: usize,
    length: usize,
    state: State,
}

/// How letters are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// No pattern folds.
    Exact,
    /// All fold: the texts are read as folded ones.
    Folded,
    Mixed,
}

struct Walk<'d> {
    parts: &'d [Part],
    tracks: Vec<Track<'d>>,
    wanted: Vec<usize>,
    reading: Reading,
    folding: &'d Folding,
    nodes: Vec<Node>,
    seen: FxHashSet<(usize, usize, State)>,
    open: BinaryHeap<Reverse<(usize, usize)>>,
}

impl<'d> Walk<'d> {
    fn new(parts: &'d [Part], demands: &[&'d Demand], folding: &'d Folding) -> Self {
        let tracks = demands.iter().enumerate().flat_map(|(number, demand)| {
            demand.patterns.iter().map(move |(field, pattern)| Track {
                demand: number,
                wanted: demand.wanted,
                field: *field,
                pattern,
            })
        });
        let tracks: Vec<Track<'d>> = tracks.collect();
        let folded = tracks.iter().filter(|track| track.pattern.case() == Case::Folded).count();
        let reading = match folded {
            0 => Reading::Exact,
            all if all == tracks.len() => Reading::Folded,
            _ => Reading::Mixed,
        };
        let wanted = demands.iter().enumerate().filter(|(_, demand)| demand.wanted);
        Self {
            parts,
            wanted: wanted.map(|(number, _)| number).collect(),
            reading,
            folding,
            tracks,
            nodes: Vec::new(),
            seen: FxHashSet::default(),
            open: BinaryHeap::new(),
        }
    }

    fn run(mut self) -> Outcome {
        let start: State = (0u32..)
            .zip(&self.tracks)
            .map(|(number, track)| (number, track.pattern.start()))
            .collect();
        self.visit(Node { parent: None, letter: None, part: 0, length: 0, state: start });
        while let Some(Reverse((_, index))) = self.open.pop() {
            if self.nodes.len() > LIMIT {
                return Outcome::TooMany;
            }
            let Some(node) = self.nodes.get(index) else { continue };
            let Some(part) = self.parts.get(node.part) else {
                if self.is_met(&node.state) {
                    return Outcome::End(self.texts(index));
                }
                continue;
            };
            for next in self.successors(index, node, part) {
                self.visit(next);
            }
        }
        Outcome::Nothing
    }

    fn successors(&self, parent: usize, node: &Node, part: &Part) -> Vec<Node> {
        let passed = |state| Node {
            parent: Some(parent),
            letter: None,
            part: node.part + 1,
            length: 0,
            state,
        };
        match part {
            Part::Fixed(texts) => {
                let read = |state: State, (field, text): &(Field, String)| {
                    let text =
                        if self.reading == Reading::Folded { fold(text) } else { text.clone() };
                    text.chars().fold(state, |state, letter| self.read(&state, &[*field], letter))
                };
                vec![passed(texts.iter().fold(node.state.clone(), read))]
            }
            Part::Free { fields, letters, least, most } => {
                let mut next = Vec::new();
                if node.length >= *least {
                    next.push(passed(node.state.clone()));
                }
                if most.is_some_and(|most| node.length >= most) {
                    return next;
                }
                // Beyond the bounds all lengths are alike.
                let length = node.length + 1;
                let length = if most.is_some() { length } else { length.min(*least) };
                let told_apart = self.told_apart(&node.state, fields, *letters);
                let other = letters.besides(&told_apart);
                next.extend(told_apart.into_iter().chain(other).map(|letter| Node {
                    parent: Some(parent),
                    letter: Some(letter),
                    part: node.part,
                    length,
                    state: self.read(&node.state, fields, letter),
                }));
                next
            }
        }
    }

    /// The letters of the next step that are not like all others.
    fn told_apart(&self, state: &State, fields: &[Field], letters: Letters) -> BTreeSet<char> {
        let mut exact = BTreeSet::new();
        let mut folded = BTreeSet::new();
        let mut folds = false;
        for (track, places) in self.live(state).filter(|(track, _)| fields.contains(&track.field)) {
            match (self.reading, track.pattern.case()) {
                (Reading::Mixed, Case::Folded) => {
                    folds = true;
                    track.pattern.told_apart(places, &mut folded);
                }
                _ => track.pattern.told_apart(places, &mut exact),
            }
        }
        if folds {
            exact.extend(self.folding.origins(&folded));
        }
        exact.retain(|letter| letters.contains(*letter));
        exact
    }

    fn live<'s>(&'s self, state: &'s State) -> impl Iterator<Item = (&'s Track<'d>, &'s Places)> {
        let track = |number: u32| self.tracks.get(number as usize);
        state.iter().filter_map(move |(number, places)| Some((track(*number)?, places)))
    }

    /// The state after `letter` in `fields`.
    fn read(&self, state: &State, fields: &[Field], letter: char) -> State {
        let mut next = State::with_capacity(state.len());
        for ((track, places), (number, _)) in self.live(state).zip(state) {
            if !fields.contains(&track.field) {
                next.push((*number, places.clone()));
                continue;
            }
            let after = match (self.reading, track.pattern.case()) {
                (Reading::Mixed, Case::Folded) => letter
                    .to_lowercase()
                    .fold(places.clone(), |here, letter| track.pattern.step(&here, letter)),
                _ => track.pattern.step(places, letter),
            };
            if !after.is_empty() {
                next.push((*number, after));
            }
        }
        next
    }

    /// Takes a node in, unless it is known or can lead to nothing.
    fn visit(&mut self, mut node: Node) {
        let mut met = Vec::new();
        for (number, places) in &mut node.state {
            let Some(track) = self.tracks.get(*number as usize) else { return };
            let Some(sink) = track.pattern.sink(places) else { continue };
            if !track.wanted {
                return;
            }
            *places = Places::from_slice(&[sink]);
            met.push((track.demand, *number));
        }
        if !met.is_empty() {
            let tracks = &self.tracks;
            node.state.retain(|(number, _)| {
                let demand = tracks.get(*number as usize).map(|track| track.demand);
                met.iter()
                    .find(|(own, _)| Some(*own) == demand)
                    .is_none_or(|(_, one)| one == number)
            });
        }
        let mut missing = 0;
        for demand in &self.wanted {
            let own = self.live(&node.state).filter(|(track, _)| track.demand == *demand);
            match own.map(|(track, places)| track.pattern.missing(places)).min() {
                Some(least) => missing += least,
                None => return,
            }
        }
        if self.seen.insert((node.part, node.length, node.state.clone())) {
            self.open.push(Reverse((missing, self.nodes.len())));
            self.nodes.push(node);
        }
    }

    fn is_met(&self, state: &State) -> bool {
        let accepts = |wanted: bool, demand: Option<usize>| {
            self.live(state).any(|(track, places)| {
                let own = demand.is_none_or(|demand| track.demand == demand);
                // What is reached of an endless pattern matches, whatever was left out of its places.
                let all = track.pattern.sink(places).is_some() || track.pattern.accepts(places);
                track.wanted == wanted && own && all
            })
        };
        !accepts(false, None) && self.wanted.iter().all(|demand| accepts(true, Some(*demand)))
    }

    fn texts(&self, end: usize) -> Vec<(Field, String)> {
        let mut steps = Vec::new();
        let mut here = self.nodes.get(end);
        while let Some(node) = here {
            here = node.parent.and_then(|parent| self.nodes.get(parent));
            if let Some(before) = here {
                steps.push((before.part, node.letter));
            }
        }
        let mut texts: Vec<(Field, String)> = Vec::new();
        let mut push =
            |field: Field, text: &str| match texts.iter_mut().find(|(own, _)| *own == field) {
                Some((_, own)) => own.push_str(text),
                None => texts.push((field, text.to_owned())),
            };
        for (part, letter) in steps.into_iter().rev() {
            match (self.parts.get(part), letter) {
                (Some(Part::Fixed(all)), _) => {
                    all.iter().for_each(|(field, text)| push(*field, text))
                }
                (Some(Part::Free { fields, .. }), Some(letter)) => {
                    fields.iter().for_each(|field| push(*field, letter.encode_utf8(&mut [0; 4])));
                }
                _ => {}
            }
        }
        texts
    }
}
