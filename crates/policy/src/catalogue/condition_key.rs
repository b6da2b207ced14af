//! Condition keys: their types, whether they hold one value or many, and finding one by name.

use super::federation_condition_keys;
use super::global_condition_keys::GLOBAL_CONDITION_KEYS;
use super::name;

/// The definition of a condition key. Its name in a policy has the same letters in any case; a template stands for
/// all names that fill its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionKey {
    pub(super) name: &'static str,
    pub(super) value_types: &'static [ConditionValueType],
    pub(super) values: Values,
}

/// The type of a condition key's values, as AWS's service authorization reference names it:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionValueType {
    /// Any text.
    String,
    /// An Amazon Resource Name.
    Arn,
    /// `true` or `false`.
    Bool,
    /// An integer or decimal number.
    Numeric,
    /// A date and time.
    Date,
    /// An IP address.
    IpAddress,
    /// Bytes in Base64.
    Binary,
}

/// How many values the request context can hold for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// At most one.
    Single,
    /// Any number; operators need `ForAllValues` or `ForAnyValue`.
    Multiple,
}

impl ConditionKey {
    /// The name in AWS's case: `aws:SourceIp`, or a template such as `aws:ResourceTag/${TagKey}`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The type of each value; the first one where AWS allows several.
    #[must_use]
    pub fn value_type(self) -> ConditionValueType {
        self.value_types.first().copied().unwrap_or(ConditionValueType::String)
    }

    /// Every type that a value can be compared as, `aws:EpochTime` as a date or a number. Never empty.
    #[must_use]
    pub fn value_types(self) -> &'static [ConditionValueType] {
        self.value_types
    }

    /// Whether a request can hold several values of the key:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.
    #[must_use]
    pub fn is_multi_valued(self) -> bool {
        self.values == Values::Multiple
    }

    /// Whether the name has a place to fill in.
    #[must_use]
    pub fn is_template(self) -> bool {
        name::around_placeholder(self.name).is_some()
    }

    /// Whether requests to any service can hold the key: those of AWS's page of global condition keys, most of which
    /// begin with `aws:`.
    #[must_use]
    pub fn is_global(self) -> bool {
        GLOBAL_CONDITION_KEYS.iter().any(|key| key.name.eq_ignore_ascii_case(self.name))
    }
}

impl ConditionValueType {
    /// AWS's name of the type, such as `IPAddress`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Arn => "ARN",
            Self::Bool => "Bool",
            Self::Numeric => "Numeric",
            Self::Date => "Date",
            Self::IpAddress => "IPAddress",
            Self::Binary => "Binary",
        }
    }
}

/// The condition keys of all services, from `data/catalogue/condition_keys.tsv`.
pub(super) struct ConditionKeys {
    /// In the order of [`name::compare`].
    all: Vec<ConditionKey>,
    /// The global ones first.
    templates: Vec<ConditionKey>,
}

impl ConditionKeys {
    /// Reads the lines `name, type`. A line that is not of the form is left out.
    pub(super) fn read(text: &'static str) -> Self {
        let all: Vec<ConditionKey> = text.lines().filter_map(read_line).collect();
        let known = GLOBAL_CONDITION_KEYS.iter().chain(&all);
        let templates = known.filter(|key| key.is_template()).copied().collect();
        Self { all, templates }
    }

    /// The keys of the services, each name once.
    pub(super) fn iter(&self) -> impl Iterator<Item = ConditionKey> {
        self.all.iter().copied()
    }

    /// The key that a name in a policy means. What AWS's pages say of global keys and of claims goes before what its
    /// data says, names go before templates.
    pub(super) fn find(&self, wanted: &str) -> Option<ConditionKey> {
        GLOBAL_CONDITION_KEYS
            .iter()
            .find(|key| key.name.eq_ignore_ascii_case(wanted))
            .copied()
            .or_else(|| {
                match (self.find_in_data(wanted), federation_condition_keys::find(wanted)) {
                    (Some(key), Some(claim)) => Some(ConditionKey { values: claim.values, ..key }),
                    (key, claim) => key.or(claim),
                }
            })
    }

    fn find_in_data(&self, wanted: &str) -> Option<ConditionKey> {
        name::find(&self.all, wanted, |key| key.name)
            .or_else(|| self.templates.iter().find(|key| name::fills(key.name, wanted)))
            .copied()
    }

    /// Whether some key begins with this and a colon.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        let start = format!("{prefix}:");
        !name::starting_with(&self.all, &start, |key| key.name).is_empty()
    }
}

fn read_line(line: &'static str) -> Option<ConditionKey> {
    let (name, written) = line.split_once('\t')?;
    let (values, single) = match written.strip_prefix("ArrayOf") {
        Some(single) => (Values::Multiple, single),
        None => (Values::Single, written),
    };
    Some(ConditionKey { name, value_types: value_types(single)?, values })
}

fn value_types(written: &str) -> Option<&'static [ConditionValueType]> {
    Some(match written {
        "String" => &[ConditionValueType::String],
        "ARN" => &[ConditionValueType::Arn],
        "Bool" => &[ConditionValueType::Bool],
        "Numeric" => &[ConditionValueType::Numeric],
        "Date" => &[ConditionValueType::Date],
        "IPAddress" => &[ConditionValueType::IpAddress],
        "Binary" => &[ConditionValueType::Binary],
        _ => return None,
    })
}
