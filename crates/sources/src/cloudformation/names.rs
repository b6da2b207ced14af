//! Names of resources: those that a template gives, and the form of those that CloudFormation chooses.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html>

use super::stack::Stack;
use crate::error::SourceError;
use crate::node::{Node, Place};
use crate::planned::{Planned, Text, Unknown};

/// What CloudFormation puts behind the names it makes.
const SUFFIX: usize = 13;

/// The names of one resource.
pub(super) struct Names<'n> {
    pub(super) stack: &'n Stack,
    pub(super) logical_id: &'n str,
    pub(super) properties: Option<&'n Node>,
    pub(super) place: &'n Place,
}

impl Names<'_> {
    /// The text of a property.
    pub(super) fn property(&self, name: &str) -> Result<Option<Text>, SourceError> {
        let Some(node) = self.properties.and_then(|own| own.get(name)) else { return Ok(None) };
        let value = self.stack.value(node)?;
        Ok(value.as_ref().and_then(Planned::as_text).filter(|text| *text != Text::default()))
    }

    /// The name that a property gives, or the one that is made of the names of stack and resource.
    pub(super) fn name(&self, property: &str, longest: usize) -> Result<Text, SourceError> {
        if let Some(name) = self.property(property)? {
            return Ok(name);
        }
        let stack = &self.stack.environment.stack_name;
        let whole = format!("{stack}-{}-", self.logical_id);
        // Long names are cut in a way that is not documented.
        let start = match whole.len() + SUFFIX <= longest {
            true => whole,
            false => String::new(),
        };
        let rest = self.chosen("Name", "*", "the name");
        Ok(Text::joined([&Text::known(start), &rest]))
    }

    /// Secrets are named by the resource alone.
    pub(super) fn secret_name(&self) -> Result<Text, SourceError> {
        if let Some(name) = self.property("Name")? {
            return Ok(name);
        }
        let rest = self.chosen("Name", "*", "the name");
        Ok(Text::joined([&Text::known(format!("{}-", self.logical_id)), &rest]))
    }

    /// Something that AWS chooses at deployment. `what` says what it is, for a person.
    pub(super) fn chosen(&self, attribute: &str, form: &str, what: &str) -> Text {
        let Self { stack, logical_id, place, .. } = self;
        let reason = format!("{what} of `{logical_id}` is chosen at deployment");
        let identity = format!("{}{logical_id}.{attribute}", stack.environment.path);
        let place = stack.resource(logical_id).map_or(*place, |own| &own.place);
        Text::unknown(Unknown::new(identity, form, reason, place))
    }

    /// An ARN with Region and account.
    pub(super) fn regional(&self, service: &str, prefix: &str, name: &Text) -> Text {
        let place = &self.stack.environment.whereabouts;
        let region = place.region.to_string();
        self.arn(service, &region, place.account.as_str(), prefix, name)
    }

    /// An ARN with an account and no Region.
    pub(super) fn of_account(&self, service: &str, prefix: &str, name: &Text) -> Text {
        let account = self.stack.environment.whereabouts.account.to_string();
        self.arn(service, "", &account, prefix, name)
    }

    /// An ARN with neither.
    pub(super) fn global(&self, service: &str, prefix: &str, name: &Text, account: &str) -> Text {
        self.arn(service, "", account, prefix, name)
    }

    fn arn(&self, service: &str, region: &str, account: &str, prefix: &str, name: &Text) -> Text {
        let partition = self.stack.environment.whereabouts.partition.as_str();
        let start = format!("arn:{partition}:{service}:{region}:{account}:{prefix}");
        Text::joined([&Text::known(start), name])
    }
}
