//! Texts of which parts are not known yet.

use std::fmt;
use std::sync::Arc;

use crate::node::Place;

/// A text in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(Vec<Part>); // INVARIANT: known parts are not empty and never adjacent.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Known(String),
    Unknown(Unknown),
}

/// Something that is not known yet.
#[derive(Clone)]
pub(crate) struct Unknown(Arc<What>);

struct What {
    /// What it is: two unknown values of the same identity will be the same.
    identity: String,
    /// The form of what it will be, with `*` and `?` for what is not known.
    form: String,
    /// Why it is not known, for a person.
    reason: String,
    place: Place,
}

impl Unknown {
    /// `identity` names what it is, `form` is what it will look like.
    pub(crate) fn new(
        identity: impl Into<String>,
        form: impl Into<String>,
        reason: impl Into<String>,
        place: &Place,
    ) -> Self {
        let (identity, form, reason) = (identity.into(), form.into(), reason.into());
        Self(Arc::new(What { identity, form, reason, place: place.clone() }))
    }

    pub(crate) fn identity(&self) -> &str {
        &self.0.identity
    }

    pub(crate) fn form(&self) -> &str {
        &self.0.form
    }

    pub(crate) fn reason(&self) -> &str {
        &self.0.reason
    }

    pub(crate) fn place(&self) -> &Place {
        &self.0.place
    }

    /// Whether it belongs to what is called `owner`.
    pub(crate) fn is_of(&self, owner: &str) -> bool {
        self.0.identity.strip_prefix(owner).is_some_and(|rest| rest.starts_with('.'))
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.0.identity == other.0.identity
    }
}

impl Eq for Unknown {}

impl fmt::Debug for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}: {}>", self.0.identity, self.0.form)
    }
}

impl Text {
    pub(crate) fn known(text: impl Into<String>) -> Self {
        let mut all = Self::default();
        all.push_known(&text.into());
        all
    }

    pub(crate) fn unknown(unknown: Unknown) -> Self {
        Self(vec![Part::Unknown(unknown)])
    }

    /// The texts one after the other.
    pub(crate) fn joined<'t>(texts: impl IntoIterator<Item = &'t Self>) -> Self {
        let mut all = Self::default();
        texts.into_iter().for_each(|text| all.push(text));
        all
    }

    pub(crate) fn push(&mut self, text: &Self) {
        for part in &text.0 {
            match part {
                Part::Known(text) => self.push_known(text),
                Part::Unknown(_) => self.0.push(part.clone()),
            }
        }
    }

    pub(crate) fn push_known(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Known(last)) => last.push_str(text),
            _ => self.0.push(Part::Known(text.to_owned())),
        }
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The text, where all of it is known.
    pub(crate) fn as_known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Known(text)] => Some(text),
            _ => None,
        }
    }

    pub(crate) fn first_unknown(&self) -> Option<&Unknown> {
        self.unknowns().next()
    }

    pub(crate) fn unknowns(&self) -> impl Iterator<Item = &Unknown> {
        self.0.iter().filter_map(|part| match part {
            Part::Known(_) => None,
            Part::Unknown(unknown) => Some(unknown),
        })
    }

    /// The same for texts that are equal, and only for those.
    pub(crate) fn key(&self) -> String {
        let mut key = String::new();
        for part in &self.0 {
            match part {
                Part::Known(text) => key.push_str(text),
                Part::Unknown(unknown) => {
                    key.push('\u{0}');
                    key.push_str(unknown.identity());
                    key.push('\u{0}');
                }
            }
        }
        key
    }

    /// The text with wildcards for what is not known.
    pub(crate) fn pattern(&self) -> String {
        self.with(Unknown::form)
    }

    /// The text with something in the place of what is not known.
    pub(crate) fn with<'u>(&'u self, instead: impl Fn(&'u Unknown) -> &'u str) -> String {
        let part = |part: &'u Part| match part {
            Part::Known(text) => text.as_str(),
            Part::Unknown(unknown) => instead(unknown),
        };
        self.0.iter().map(part).collect()
    }

    /// The pieces between the delimiters, which no unknown part is taken to hold.
    pub(crate) fn split(&self, delimiter: &str) -> Vec<Self> {
        let mut pieces = vec![Self::default()];
        for part in &self.0 {
            match part {
                Part::Unknown(_) => {
                    if let Some(last) = pieces.last_mut() {
                        last.0.push(part.clone());
                    }
                }
                Part::Known(text) => {
                    for (number, piece) in text.split(delimiter).enumerate() {
                        if number > 0 {
                            pieces.push(Self::default());
                        }
                        if let Some(last) = pieces.last_mut() {
                            last.push_known(piece);
                        }
                    }
                }
            }
        }
        pieces
    }
}

impl Text {
    /// The text in lower case; what is not known stays.
    pub(crate) fn lower(&self) -> Self {
        let part = |part: &Part| match part {
            Part::Known(text) => Part::Known(text.to_lowercase()),
            Part::Unknown(_) => part.clone(),
        };
        Self(self.0.iter().map(part).collect())
    }
}
