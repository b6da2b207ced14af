//! Condition operators: `ForAllValues:StringLikeIfExists` and the like.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::fmt;

/// How an operator treats a key that may have several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifier {
    /// No set operator: the key has one value.
    None,
    /// `ForAllValues:`: every value of the request matches; true where there is none.
    ForAllValues,
    /// `ForAnyValue:`: at least one value of the request matches; false where there is none.
    ForAnyValue,
}

/// Whether a missing key satisfies the operator (`…IfExists`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IfExists {
    /// The suffix is there: a missing key satisfies it.
    Yes,
    /// The suffix is absent.
    No,
}

macro_rules! comparisons {
    ($($name:ident),* $(,)?) => {
        /// The comparison that an operator makes, without qualifier and suffix. The names are AWS's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each is AWS's operator of that name")]
        pub enum Comparison { $($name),* }

        impl Comparison {
            /// All comparisons.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// AWS's spelling.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

comparisons!(
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    Null,
);

impl Comparison {
    /// Whether it is the opposite of another comparison: with several values it means "none of them",
    /// and a missing key satisfies it.
    #[must_use]
    pub fn is_negated(self) -> bool {
        match self {
            Self::StringNotEquals
            | Self::StringNotEqualsIgnoreCase
            | Self::StringNotLike
            | Self::NumericNotEquals
            | Self::DateNotEquals
            | Self::NotIpAddress
            | Self::ArnNotEquals
            | Self::ArnNotLike => true,
            Self::StringEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringLike
            | Self::NumericEquals
            | Self::NumericLessThan
            | Self::NumericLessThanEquals
            | Self::NumericGreaterThan
            | Self::NumericGreaterThanEquals
            | Self::DateEquals
            | Self::DateLessThan
            | Self::DateLessThanEquals
            | Self::DateGreaterThan
            | Self::DateGreaterThanEquals
            | Self::Bool
            | Self::BinaryEquals
            | Self::IpAddress
            | Self::ArnEquals
            | Self::ArnLike
            | Self::Null => false,
        }
    }
}

/// A condition operator as a policy writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionOperator {
    /// `ForAllValues:` or `ForAnyValue:`, if any.
    pub qualifier: Qualifier,
    /// The comparison.
    pub comparison: Comparison,
    /// The suffix `IfExists`.
    pub if_exists: IfExists,
}

impl ConditionOperator {
    /// Reads an operator's name; upper and lower case are not told apart. Nothing for an unknown one
    /// and for `NullIfExists`, which does not exist.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (qualifier, rest) = match name.split_once(':') {
            Some((q, rest)) if q.eq_ignore_ascii_case("ForAllValues") => {
                (Qualifier::ForAllValues, rest)
            }
            Some((q, rest)) if q.eq_ignore_ascii_case("ForAnyValue") => {
                (Qualifier::ForAnyValue, rest)
            }
            Some(_) => return None,
            None => (Qualifier::None, name),
        };
        let suffix =
            rest.len().checked_sub("IfExists".len()).and_then(|at| rest.split_at_checked(at));
        let (base, if_exists) = match suffix {
            Some((base, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => {
                (base, IfExists::Yes)
            }
            _ => (rest, IfExists::No),
        };
        let named = |comparison: &&Comparison| comparison.as_str().eq_ignore_ascii_case(base);
        let comparison = *Comparison::ALL.iter().find(named)?;
        if comparison == Comparison::Null && if_exists == IfExists::Yes {
            return None;
        }
        Some(Self { qualifier, comparison, if_exists })
    }
}

impl fmt::Display for ConditionOperator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let qualifier = match self.qualifier {
            Qualifier::None => "",
            Qualifier::ForAllValues => "ForAllValues:",
            Qualifier::ForAnyValue => "ForAnyValue:",
        };
        let suffix = match self.if_exists {
            IfExists::Yes => "IfExists",
            IfExists::No => "",
        };
        write!(formatter, "{qualifier}{}{suffix}", self.comparison.as_str())
    }
}
