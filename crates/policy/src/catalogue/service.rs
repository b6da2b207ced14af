//! Services: what has a prefix such as `s3`, and the actions, resource types and condition keys behind it.

use std::fmt;
use std::sync::OnceLock;

use super::Catalogue;
use super::action::Action;
use super::condition_key::ConditionKey;
use super::name;
use super::resource_type::ResourceType;
use super::section::{Section, words};

/// A service prefix and what it stands for.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) record: &'a ServiceRecord,
}

/// A service's line of `data/catalogue/services.tsv`, and its section.
pub(super) struct ServiceRecord {
    pub(super) prefix: &'static str,
    name: &'static str,
    resource_control_policies: bool,
    text: &'static str,
    section: OnceLock<Section>,
}

impl ServiceRecord {
    /// Reads the line `prefix, name, length of the section, flags` and takes its section off `sections`.
    pub(super) fn read(line: &'static str, sections: &mut &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (prefix, name) = (fields.next()?, fields.next()?);
        let (text, rest) = sections.split_at_checked(fields.next()?.parse().ok()?)?;
        *sections = rest;
        let resource_control_policies = fields.next()?.contains('r');
        Some(Self { prefix, name, resource_control_policies, text, section: OnceLock::new() })
    }

    #[cfg(test)]
    pub(super) fn is_read(&self) -> bool {
        self.section.get().is_some()
    }
}

impl<'a> Service<'a> {
    /// The prefix of the service's actions, such as `s3`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        self.record.prefix
    }

    /// AWS's name of the service, such as `Amazon S3`; the prefix where AWS's list of names has none.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.record.name
    }

    /// The actions, in the order of their names without regard to case.
    pub fn actions(self) -> impl Iterator<Item = Action<'a>> + use<'a> {
        self.section().actions.iter().map(move |record| Action { service: self, record })
    }

    /// The action with this name, in any case, without the prefix.
    #[must_use]
    pub fn action(self, name: &str) -> Option<Action<'a>> {
        let record = name::find(&self.section().actions, name, |record| record.name)?;
        Some(Action { service: self, record })
    }

    /// The actions whose names match a pattern without prefix, such as `Get*`.
    pub(super) fn matching<'p>(
        self,
        pattern: &'p str,
    ) -> impl Iterator<Item = Action<'a>> + use<'a, 'p> {
        let start = name::literal_start(pattern);
        name::starting_with(&self.section().actions, start, |record| record.name)
            .iter()
            .filter(move |record| name::matches(pattern, record.name))
            .map(move |record| Action { service: self, record })
    }

    /// The resource types, in the order of their names without regard to case.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceType<'a>> + use<'a> {
        let records = self.section().resource_types.iter();
        records.map(move |record| ResourceType { service: self, record })
    }

    /// The resource type with this name, in any case.
    #[must_use]
    pub fn resource_type(self, name: &str) -> Option<ResourceType<'a>> {
        let record = name::find(&self.section().resource_types, name, |record| record.name)?;
        Some(ResourceType { service: self, record })
    }

    /// The condition keys that the service's actions and resource types use, those of other services and some global
    /// ones among them.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> + use<'a> {
        self.keys(self.section().condition_keys.iter().copied())
    }

    /// The actions, in the order of their names, that an operation of the service's API may be checked against:
    /// `ListObjectsV2` of `s3` needs `s3:ListBucket`. Empty where AWS's service reference names none, or does not
    /// know the operation.
    #[must_use]
    pub fn operation_actions(self, operation: &str) -> Vec<Action<'a>> {
        let known = name::find(&self.section().operations, operation, |record| record.name);
        let mut actions: Vec<Action<'a>> = match known {
            Some(record) => words(record.actions).filter_map(|word| self.named(word)).collect(),
            None => self
                .action(operation)
                .filter(|action| action.is_own_operation())
                .into_iter()
                .collect(),
        };
        actions.sort();
        actions
    }

    /// Whether resource control policies apply to the service's resources:
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>.
    #[must_use]
    pub fn supports_resource_control_policies(self) -> bool {
        self.record.resource_control_policies
    }

    pub(super) fn section(self) -> &'a Section {
        self.record.section.get_or_init(|| Section::read(self.record.text))
    }

    pub(super) fn keys(
        self,
        names: impl Iterator<Item = &'static str>,
    ) -> impl Iterator<Item = ConditionKey> {
        names.filter_map(move |name| self.catalogue.condition_key(name))
    }

    /// The action of a list of actions: `GetObject` is the service's own, `iam:PassRole` another's.
    fn named(self, word: &str) -> Option<Action<'a>> {
        match word.split_once(':') {
            Some((prefix, name)) => self.catalogue.service(prefix)?.action(name),
            None => self.action(word),
        }
    }
}

impl fmt::Debug for Service<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Service({})", self.prefix())
    }
}

impl PartialEq for Service<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.prefix() == other.prefix()
    }
}

impl Eq for Service<'_> {}
