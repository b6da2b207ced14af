//! The catalogue between its sources and its files. Every map is by the name in lower case, which is the order of the
//! written tables.

use std::collections::{BTreeMap, BTreeSet};

/// Services by prefix.
pub(super) type Catalogue = BTreeMap<String, Service>;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Service {
    pub(super) prefix: String,
    pub(super) name: String,
    pub(super) resource_control_policies: bool,
    pub(super) condition_keys: BTreeMap<String, ConditionKey>,
    pub(super) resource_types: BTreeMap<String, ResourceType>,
    pub(super) actions: BTreeMap<String, Action>,
    /// The actions that each operation of the API may be checked against.
    pub(super) operations: BTreeMap<String, Operation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConditionKey {
    pub(super) name: String,
    /// AWS's name of the type, `ArrayOf...` for keys with several values.
    pub(super) value_type: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResourceType {
    pub(super) name: String,
    pub(super) arn_formats: Vec<String>,
    pub(super) condition_keys: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) levels: BTreeSet<Level>,
    /// None where AWS's service reference does not say.
    pub(super) supported_by: Option<SupportedBy>,
    pub(super) resource_types: BTreeMap<String, ActionResourceType>,
    pub(super) condition_keys: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Read,
    List,
    Write,
    Tagging,
    PermissionsManagement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SupportedBy {
    pub(super) policy_generation: bool,
    pub(super) last_accessed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ActionResourceType {
    pub(super) required: bool,
    pub(super) condition_keys: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) name: String,
    /// Prefix and name, as AWS writes them.
    pub(super) actions: BTreeSet<(String, String)>,
}

/// The form of a name in which names are compared.
pub(super) fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}
