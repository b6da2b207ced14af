//! Patterns of texts, read as rows of symbols.
//!
//! A policy variable is read as "any text here": the pattern then matches at least what it matches for
//! any value of the variable.

use std::collections::BTreeSet;

use ringfence_policy::{Pattern as Written, Token};
use smallvec::SmallVec;

/// How far a wildcard reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Any character.
    Everything,
    /// Any character but the colon that ends a field.
    Field,
}

impl Reach {
    fn takes(self, letter: char) -> bool {
        match self {
            Self::Everything => true,
            Self::Field => letter != ':',
        }
    }
}

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Letter(char),
    One(Reach),
    Many(Reach),
}

/// Whether upper and lower case are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    Exact,
    Folded,
}

/// The places in a row of symbols that what was read so far can have led to, in rising order.
pub(crate) type Places = SmallVec<[u32; 4]>;

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pattern {
    symbols: Vec<Symbol>,
    case: Case,
    /// The tokens of a pattern with variables; empty for all others. They tell apart patterns that read
    /// the same once the variables are gone.
    tokens: Vec<Token>,
    fields: Fields,
}

/// Whether the fields of an ARN are matched each by its own pattern. It counts only where variables hide
/// what the fields are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fields {
    Together,
    Apart,
}

impl Pattern {
    fn of(symbols: Vec<Symbol>, case: Case, written: &Written) -> Self {
        let variable = written.variables().next().is_some();
        let tokens = if variable { written.tokens().to_vec() } else { Vec::new() };
        Self { symbols, case, tokens, fields: Fields::Together }
    }

    /// Exactly `text`.
    pub(crate) fn text(text: &str, case: Case) -> Self {
        let symbols = letters(text, case).collect();
        Self { symbols, case, tokens: Vec::new(), fields: Fields::Together }
    }

    /// A pattern whose wildcards take any character: actions and the values of string operators.
    pub(crate) fn string(written: &Written, case: Case) -> Self {
        let symbols =
            written.tokens().iter().flat_map(|token| symbols(token, case, Reach::Everything));
        Self::of(symbols.collect(), case, written)
    }

    /// A pattern of a Resource element. A wildcard stays in its field, which a colon ends; a star that
    /// is the last character of its field may run on.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    pub(crate) fn resource(written: &Written) -> Self {
        let tokens = written.tokens();
        let followers = tokens.iter().skip(1).map(Some).chain([None]);
        let symbols = tokens.iter().zip(followers).flat_map(|(token, next)| {
            let last_of_field = match next {
                None => true,
                Some(Token::Literal(text)) => text.starts_with(':'),
                Some(_) => false,
            };
            let runs_on = matches!(token, Token::AnyMany) && last_of_field;
            symbols(token, Case::Exact, if runs_on { Reach::Everything } else { Reach::Field })
        });
        Self::of(symbols.collect(), Case::Exact, written)
    }

    /// A pattern of an ARN operator: six fields, each matched by its own pattern. Nothing when no ARN
    /// matches.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
    pub(crate) fn arn(written: &Written) -> Option<Self> {
        // A variable may hold colons, so it is not known which fields the rest belongs to.
        if written.variables().next().is_some() {
            return Some(Self { fields: Fields::Apart, ..Self::string(written, Case::Exact) });
        }
        let star = Symbol::Many(Reach::Everything);
        let all: Vec<Symbol> = match written.is_any() {
            true => {
                let every = [star, Symbol::Letter(':')].into_iter().cycle();
                every.take(11).collect()
            }
            false => {
                let tokens = written.tokens().iter();
                tokens.flat_map(|token| symbols(token, Case::Exact, Reach::Everything)).collect()
            }
        };
        let fields: Vec<&[Symbol]> =
            all.splitn(6, |symbol| *symbol == Symbol::Letter(':')).collect();
        let [scheme, rest @ ..] = fields.as_slice() else { return None };
        let mut row = Self::text("arn", Case::Exact);
        let scheme = Self { symbols: scheme.to_vec(), ..row.clone() };
        if rest.len() != 5 || !scheme.matches("arn") {
            return None;
        }
        for (number, field) in rest.iter().enumerate() {
            let reach = if number < 4 { Reach::Field } else { Reach::Everything };
            row.symbols.push(Symbol::Letter(':'));
            row.symbols.extend(field.iter().map(|symbol| match symbol {
                Symbol::Letter(letter) => Symbol::Letter(*letter),
                Symbol::One(_) => Symbol::One(reach),
                Symbol::Many(_) => Symbol::Many(reach),
            }));
        }
        Some(row)
    }

    pub(crate) fn case(&self) -> Case {
        self.case
    }

    /// Whether a policy variable was read as any text.
    pub(crate) fn has_variables(&self) -> bool {
        !self.tokens.is_empty()
    }

    /// The variables that need a value for the pattern to mean anything.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Variable { key, default: None } => Some(key.as_str()),
            Token::Variable { .. } | Token::Literal(_) | Token::AnyOne | Token::AnyMany => None,
        })
    }

    /// The places before anything is read.
    pub(crate) fn start(&self) -> Places {
        self.settled([0].into_iter())
    }

    /// The places behind `letter`, which is folded already where the pattern is.
    pub(crate) fn step(&self, places: &[u32], letter: char) -> Places {
        self.settled(places.iter().filter_map(|&place| match self.symbols.get(place as usize)? {
            Symbol::Letter(own) => (*own == letter).then_some(place + 1),
            Symbol::One(reach) => reach.takes(letter).then_some(place + 1),
            Symbol::Many(reach) => reach.takes(letter).then_some(place),
        }))
    }

    /// Adds the places behind stars, which may take nothing.
    fn settled(&self, reached: impl Iterator<Item = u32>) -> Places {
        let mut places = Places::new();
        for mut place in reached {
            places.push(place);
            while let Some(Symbol::Many(_)) = self.symbols.get(place as usize) {
                place += 1;
                places.push(place);
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether what was read matches.
    pub(crate) fn accepts(&self, places: &[u32]) -> bool {
        places.last().is_some_and(|place| *place as usize == self.symbols.len())
    }

    /// The place from which everything that may follow matches, when it is reached.
    pub(crate) fn sink(&self, places: &[u32]) -> Option<u32> {
        let last = u32::try_from(self.symbols.len().checked_sub(1)?).ok()?;
        let endless = self.symbols.last() == Some(&Symbol::Many(Reach::Everything));
        (endless && places.contains(&last)).then_some(last)
    }

    /// How many characters are still missing at least.
    pub(crate) fn missing(&self, places: &[u32]) -> usize {
        let behind = |place: &u32| self.symbols.get(*place as usize..).unwrap_or(&[]);
        let letters = |row: &[Symbol]| row.iter().filter(|s| !matches!(s, Symbol::Many(_))).count();
        places.iter().map(|place| letters(behind(place))).min().unwrap_or(0)
    }

    /// The letters that lead to other places than the rest does.
    pub(crate) fn told_apart(&self, places: &[u32], letters: &mut BTreeSet<char>) {
        for place in places {
            match self.symbols.get(*place as usize) {
                Some(Symbol::Letter(letter)) => drop(letters.insert(*letter)),
                Some(Symbol::One(Reach::Field) | Symbol::Many(Reach::Field)) => {
                    letters.insert(':');
                }
                Some(Symbol::One(Reach::Everything) | Symbol::Many(Reach::Everything)) | None => {}
            }
        }
    }

    /// Whether `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let folded: String;
        let text = match self.case {
            Case::Exact => text,
            Case::Folded => {
                folded = fold(text);
                &folded
            }
        };
        let end = text.chars().fold(self.start(), |places, letter| self.step(&places, letter));
        self.accepts(&end)
    }
}

/// `text` without the difference between upper and lower case.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn letters(text: &str, case: Case) -> impl Iterator<Item = Symbol> {
    let text = match case {
        Case::Exact => text.to_owned(),
        Case::Folded => fold(text),
    };
    text.chars().map(Symbol::Letter).collect::<Vec<_>>().into_iter()
}

fn symbols(token: &Token, case: Case, reach: Reach) -> Vec<Symbol> {
    match token {
        Token::Literal(text) => letters(text, case).collect(),
        Token::AnyOne => vec![Symbol::One(reach)],
        Token::AnyMany => vec![Symbol::Many(reach)],
        Token::Variable { .. } => vec![Symbol::Many(Reach::Everything)],
    }
}
