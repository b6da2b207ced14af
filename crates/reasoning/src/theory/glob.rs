//! Patterns as automata: a state is the set of places in the pattern that the text read so far can
//! have led to.
//!
//! A pattern is a row of symbols, each of which takes one character; a star is a loop in front of a
//! symbol or behind the last. There is no empty move, so a step is one pass over few places.

mod within;

use ringfence_policy::{Pattern, Token};
use smallvec::SmallVec;

/// Whether upper and lower case are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Case {
    Sensitive,
    Folded,
}

/// What takes one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Char(char),
    Any,
    AnyButColon,
}

impl Symbol {
    fn takes(self, character: char) -> bool {
        match self {
            Self::Char(own) => own == character,
            Self::Any => true,
            Self::AnyButColon => character != ':',
        }
    }
}

/// A pattern. INVARIANT: `loops` has one place more than `symbols`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Glob {
    symbols: Vec<Symbol>,
    loops: Vec<Option<Symbol>>,
    case: Case,
    text: String,
    shape: Shape,
}

/// What a pattern is when it needs no automaton. Texts are folded where the pattern is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Shape {
    Literal(String),
    Prefix(String),
    General,
}

/// The places of a pattern that are reached, in rising order.
pub(crate) type Places = SmallVec<[u16; 8]>;

impl Glob {
    fn empty(case: Case, text: &str) -> Self {
        let mut loops = Vec::with_capacity(text.len() + 1);
        loops.push(None);
        let symbols = Vec::with_capacity(text.len());
        Self { symbols, loops, case, text: text.to_owned(), shape: Shape::General }
    }

    /// Works out the shape once all symbols are there.
    fn shaped(mut self) -> Self {
        let plain = self.symbols.iter().map(|symbol| match symbol {
            Symbol::Char(character) => Some(*character),
            Symbol::Any | Symbol::AnyButColon => None,
        });
        if let (Some((last, others)), Some(text)) =
            (self.loops.split_last(), plain.collect::<Option<String>>())
            && others.iter().all(Option::is_none)
        {
            match last {
                None => self.shape = Shape::Literal(text),
                Some(Symbol::Any) => self.shape = Shape::Prefix(text),
                Some(_) => {}
            }
        }
        self
    }

    fn push(&mut self, symbol: Symbol) {
        self.symbols.push(symbol);
        self.loops.push(None);
    }

    fn push_text(&mut self, text: &str) {
        for character in text.chars() {
            match self.case {
                Case::Sensitive => self.push(Symbol::Char(character)),
                Case::Folded => {
                    character.to_lowercase().for_each(|folded| self.push(Symbol::Char(folded)));
                }
            }
        }
    }

    fn push_star(&mut self, symbol: Symbol) {
        if let Some(last) = self.loops.last_mut()
            && *last != Some(Symbol::Any)
        {
            *last = Some(symbol);
        }
    }

    /// The pattern that is exactly `text`.
    pub(crate) fn literal(text: &str, case: Case) -> Self {
        let mut glob = Self::empty(case, text);
        glob.push_text(text);
        glob.shaped()
    }

    /// A pattern whose wildcards take any character: string operators and actions. Variables must have
    /// been resolved.
    pub(crate) fn string(pattern: &Pattern, case: Case) -> Self {
        let mut glob = Self::empty(case, pattern.text());
        for token in pattern.tokens() {
            match token {
                Token::Literal(text) => glob.push_text(text),
                Token::AnyOne => glob.push(Symbol::Any),
                Token::AnyMany => glob.push_star(Symbol::Any),
                Token::Variable { .. } => {}
            }
        }
        glob.shaped()
    }

    /// A pattern of a Resource element: wildcards stay inside their colon-separated field, except that
    /// a star at the end of a field may run on.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    pub(crate) fn resource(pattern: &Pattern) -> Self {
        let mut glob = Self::empty(Case::Sensitive, pattern.text());
        let tokens = pattern.tokens();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                Token::Literal(text) => glob.push_text(text),
                Token::AnyOne => glob.push(Symbol::AnyButColon),
                Token::AnyMany => {
                    let ends_field = match tokens.get(index + 1) {
                        None => true,
                        Some(Token::Literal(next)) => next.starts_with(':'),
                        Some(_) => false,
                    };
                    glob.push_star(if ends_field { Symbol::Any } else { Symbol::AnyButColon });
                }
                Token::Variable { .. } => {}
            }
        }
        glob.shaped()
    }

    /// A pattern of an ARN operator: six fields, each matched alone; the sixth may hold colons. Nothing
    /// when the pattern has fewer fields; the lone `*` is every ARN.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
    pub(crate) fn arn(pattern: &Pattern) -> Option<Self> {
        let mut glob = Self::empty(Case::Sensitive, pattern.text());
        if pattern.is_any() {
            glob.push_text("arn:");
            for _ in 0..4 {
                glob.push_star(Symbol::AnyButColon);
                glob.push_text(":");
            }
            glob.push_star(Symbol::Any);
            return Some(glob.shaped());
        }
        let mut colons = 0;
        for token in pattern.tokens() {
            let (star, one) = match colons < 5 {
                true => (Symbol::AnyButColon, Symbol::AnyButColon),
                false => (Symbol::Any, Symbol::Any),
            };
            match token {
                Token::Literal(text) => {
                    glob.push_text(text);
                    colons += text.matches(':').count();
                }
                Token::AnyOne => glob.push(one),
                Token::AnyMany => glob.push_star(star),
                Token::Variable { .. } => {}
            }
        }
        (colons >= 5).then(|| glob.starting_with_arn()).flatten().map(Self::shaped)
    }

    /// The value's first field must be `arn`, whatever the pattern's first field admits.
    fn starting_with_arn(mut self) -> Option<Self> {
        let colon = self.symbols.iter().position(|symbol| *symbol == Symbol::Char(':'))?;
        let mut places: Places = SmallVec::from_slice(&[0]);
        for character in "arn".chars() {
            places = self.step(&places, character);
        }
        if !places.contains(&u16::try_from(colon).ok()?) {
            return None;
        }
        self.symbols.splice(..colon, "arn".chars().map(Symbol::Char));
        self.loops.splice(..=colon, [None, None, None, None]);
        Some(self)
    }

    pub(crate) fn case(&self) -> Case {
        self.case
    }

    /// The one text it matches, in the policy's spelling; nothing when it has a wildcard.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match &self.shape {
            Shape::Literal(text) => Some(self.spelling(text)),
            Shape::Prefix(_) | Shape::General => None,
        }
    }

    /// The text before a star that ends the pattern, when it has no other wildcard.
    pub(crate) fn as_prefix(&self) -> Option<&str> {
        match &self.shape {
            Shape::Prefix(text) => Some(self.spelling(text)),
            Shape::Literal(_) | Shape::General => None,
        }
    }

    /// The account of the ARN that every text of this pattern is, where the pattern fixes it.
    pub(crate) fn account_of_arn(&self) -> Option<String> {
        let mut colons = 0;
        let mut account = String::new();
        for (symbol, own_loop) in self.symbols.iter().zip(&self.loops) {
            match (symbol, own_loop) {
                (Symbol::Char(':'), None) if colons == 4 => return Some(account),
                (Symbol::Char(':'), None) => colons += 1,
                (Symbol::Char(character), None) if colons == 4 => account.push(*character),
                (Symbol::Char(_), None) => {}
                (_, Some(_)) | (Symbol::Any | Symbol::AnyButColon, None) => return None,
            }
        }
        None
    }

    /// The policy's own spelling is nicer to show than the folded one.
    fn spelling<'a>(&'a self, folded: &'a str) -> &'a str {
        let written = self.text.trim_end_matches('*');
        if self.case == Case::Folded && written.eq_ignore_ascii_case(folded) {
            written
        } else {
            folded
        }
    }

    /// The places before any character is read.
    pub(crate) fn start() -> Places {
        SmallVec::from_slice(&[0])
    }

    /// The places after `character`.
    pub(crate) fn step(&self, places: &[u16], character: char) -> Places {
        let mut next = Places::new();
        self.step_into(places, character, &mut next);
        next
    }

    /// Appends the places after `character` to `next`.
    pub(crate) fn step_into<A: smallvec::Array<Item = u16>>(
        &self,
        places: &[u16],
        character: char,
        next: &mut SmallVec<A>,
    ) {
        match self.case {
            Case::Sensitive => self.step_exactly(places, character, next),
            Case::Folded => {
                let mut folded = character.to_lowercase();
                let first = folded.next().unwrap_or(character);
                let mut here = Places::new();
                self.step_exactly(places, first, &mut here);
                for character in folded {
                    let mut there = Places::new();
                    self.step_exactly(&here, character, &mut there);
                    here = there;
                }
                next.extend(here);
            }
        }
    }

    fn step_exactly<A: smallvec::Array<Item = u16>>(
        &self,
        places: &[u16],
        character: char,
        next: &mut SmallVec<A>,
    ) {
        let start = next.len();
        // Whatever an earlier place leads to, a place behind a later star that takes anything leads to.
        let mut star = start;
        for &place in places {
            let index = usize::from(place);
            let own_loop = self.loops.get(index).copied().flatten();
            if own_loop.is_some_and(|own| own.takes(character))
                && (next.len() == start || next.last() != Some(&place))
            {
                next.push(place);
            }
            if own_loop == Some(Symbol::Any) {
                star = next.len() - 1;
            }
            if self.symbols.get(index).is_some_and(|symbol| symbol.takes(character)) {
                next.push(place + 1);
                if self.loops.get(index + 1).copied().flatten() == Some(Symbol::Any) {
                    star = next.len() - 1;
                }
            }
        }
        next.drain(start..star).for_each(drop);
    }

    /// Whether the text read so far matches.
    pub(crate) fn accepts(&self, places: &[u16]) -> bool {
        places.last().is_some_and(|place| usize::from(*place) == self.symbols.len())
    }

    /// How many characters a match still needs at least; nothing when none can follow.
    pub(crate) fn distance(&self, places: &[u16]) -> Option<usize> {
        places.last().map(|place| self.symbols.len() - usize::from(*place))
    }

    /// The characters that are told apart at `places`, `:` included where a wildcard stops at it.
    pub(crate) fn expected(&self, places: &[u16], mut each: impl FnMut(char)) {
        for &place in places {
            let symbols = [
                self.symbols.get(usize::from(place)).copied(),
                self.loops.get(usize::from(place)).copied().flatten(),
            ];
            for symbol in symbols.into_iter().flatten() {
                match symbol {
                    Symbol::Char(character) => {
                        each(character);
                        if self.case == Case::Folded {
                            character.to_uppercase().for_each(&mut each);
                        }
                    }
                    Symbol::AnyButColon => each(':'),
                    Symbol::Any => {}
                }
            }
        }
    }

    /// Whether `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match (&self.shape, self.case) {
            (Shape::Literal(own), Case::Sensitive) => return own == text,
            (Shape::Prefix(own), Case::Sensitive) => return text.starts_with(own.as_str()),
            (Shape::Literal(own), Case::Folded) if text.is_ascii() => {
                return own.eq_ignore_ascii_case(text);
            }
            (Shape::Prefix(own), Case::Folded) if text.is_ascii() => {
                let head = text.get(..own.len());
                return head.is_some_and(|head| own.eq_ignore_ascii_case(head));
            }
            _ => {}
        }
        let mut places = Self::start();
        for character in text.chars() {
            places = self.step(&places, character);
            if places.is_empty() {
                return false;
            }
        }
        self.accepts(&places)
    }
}
