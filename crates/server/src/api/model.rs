//! The form of the generated tables: operations and the shapes of their members.

/// An operation of the API.
pub(crate) struct OperationModel {
    /// AWS's name.
    pub(crate) name: &'static str,
    /// The method of HTTP.
    pub(crate) method: &'static str,
    /// The path, with labels such as `{analyzerName}`.
    pub(crate) uri: &'static str,
    /// The status of an answer.
    pub(crate) status: u16,
    /// What it takes: a structure.
    pub(crate) input: &'static Shape,
    /// What it answers: a structure; nothing where it answers nothing.
    pub(crate) output: Option<&'static Shape>,
    /// The exceptions that it may answer with.
    #[cfg_attr(not(test), expect(dead_code, reason = "answers are checked against it in tests"))]
    pub(crate) errors: &'static [&'static str],
}

/// What a value may be.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Members by name.
    Structure(&'static [MemberModel]),
    /// Exactly one of the members.
    Union(&'static [MemberModel]),
    /// Values one after the other.
    List {
        /// What each is.
        member: &'static Shape,
        /// How many there may be.
        length: Length,
    },
    /// Values by a text.
    Map {
        /// What the texts are.
        key: &'static Shape,
        /// What each is.
        value: &'static Shape,
    },
    /// A text.
    Text {
        /// How many characters it may have.
        length: Length,
        /// The regular expression that the whole text fulfils.
        pattern: Option<&'static str>,
        /// The texts it may be; empty where it may be any.
        values: &'static [&'static str],
    },
    /// A 32-bit integer between two bounds.
    Integer(Length),
    /// `true` or `false`.
    Boolean,
    /// A moment in ISO 8601.
    Timestamp,
}

/// Bounds, both inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct MemberModel {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// Where it stands.
    pub(crate) location: Location,
    /// Whether it has to be there.
    pub(crate) presence: Presence,
    /// What it is.
    pub(crate) shape: &'static Shape,
}

/// Whether a member has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// Where a member of an input stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// In the JSON of the body.
    Body,
    /// A label of the path.
    Label,
    /// A parameter of the query.
    Query,
}

impl MemberModel {
    pub(crate) const fn required(
        name: &'static str,
        location: Location,
        shape: &'static Shape,
    ) -> Self {
        Self { name, location, presence: Presence::Required, shape }
    }

    pub(crate) const fn optional(
        name: &'static str,
        location: Location,
        shape: &'static Shape,
    ) -> Self {
        Self { name, location, presence: Presence::Optional, shape }
    }
}

impl OperationModel {
    /// The members of the input.
    pub(crate) fn members(&self) -> &'static [MemberModel] {
        match self.input {
            Shape::Structure(members) | Shape::Union(members) => members,
            _ => &[],
        }
    }
}

impl Length {
    /// Whether `count` is within the bounds.
    pub(crate) fn admits(self, count: i64) -> bool {
        self.min.is_none_or(|min| min <= count) && self.max.is_none_or(|max| count <= max)
    }

    /// The bounds for a person, such as `between 1 and 255`.
    pub(crate) fn text(self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("between {min} and {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => "any number".to_owned(),
        }
    }
}
