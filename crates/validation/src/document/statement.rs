//! Statements and their principals.

use ringfence_policy::Effect;
use ringfence_policy::json::{Member, Value};
use ringfence_policy::location::ByteSpan;

use super::action::ActionPattern;
use super::condition::{Condition, OperatorBlock};
use super::element::{Element, Text, one_or_many};
use super::resource::ResourcePattern;

/// A statement. Where an element stands twice the first one counts.
#[derive(Debug)]
pub(crate) struct Statement<'d> {
    /// The object.
    pub(crate) value: &'d Value<'d>,
    pub(crate) sid: Option<&'d Member<'d>>,
    pub(crate) effect: Option<&'d Member<'d>>,
    pub(crate) principal: Option<Principals<'d>>,
    pub(crate) not_principal: Option<Principals<'d>>,
    pub(crate) action: Option<Element<'d, ActionPattern<'d>>>,
    pub(crate) not_action: Option<Element<'d, ActionPattern<'d>>>,
    pub(crate) resource: Option<Element<'d, ResourcePattern<'d>>>,
    pub(crate) not_resource: Option<Element<'d, ResourcePattern<'d>>>,
    pub(crate) condition: Option<&'d Member<'d>>,
    /// The members of Condition.
    pub(crate) operators: Vec<OperatorBlock<'d>>,
    /// The members of all operators.
    pub(crate) conditions: Vec<Condition<'d>>,
}

/// Principal or NotPrincipal.
#[derive(Debug)]
pub(crate) struct Principals<'d> {
    /// The name.
    pub(crate) key: Text<'d>,
    pub(crate) value: &'d Value<'d>,
    /// The members of the object form.
    pub(crate) groups: Vec<PrincipalGroup<'d>>,
}

/// One member of Principal: `"AWS": […]`.
#[derive(Debug)]
pub(crate) struct PrincipalGroup<'d> {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`, or something else.
    pub(crate) kind: Text<'d>,
    pub(crate) value: &'d Value<'d>,
    pub(crate) names: Vec<Text<'d>>,
}

impl<'d> Statement<'d> {
    pub(super) fn read(value: &'d Value<'d>) -> Self {
        let mut statement = Self::empty(value);
        for member in value.members().iter().rev() {
            statement.read_member(member);
        }
        statement
    }

    fn empty(value: &'d Value<'d>) -> Self {
        Self {
            value,
            sid: None,
            effect: None,
            principal: None,
            not_principal: None,
            action: None,
            not_action: None,
            resource: None,
            not_resource: None,
            condition: None,
            operators: Vec::new(),
            conditions: Vec::new(),
        }
    }

    fn read_member(&mut self, member: &'d Member<'d>) {
        match member.key.value.as_ref() {
            "Sid" => self.sid = Some(member),
            "Effect" => self.effect = Some(member),
            "Principal" => self.principal = Some(Principals::read(member)),
            "NotPrincipal" => self.not_principal = Some(Principals::read(member)),
            "Action" => self.action = Some(Element::read(member, ActionPattern::new)),
            "NotAction" => self.not_action = Some(Element::read(member, ActionPattern::new)),
            "Resource" => self.resource = Some(Element::read(member, ResourcePattern::new)),
            "NotResource" => self.not_resource = Some(Element::read(member, ResourcePattern::new)),
            "Condition" => {
                self.condition = Some(member);
                self.operators = OperatorBlock::read_all(&member.value);
                self.conditions =
                    self.operators.iter().flat_map(OperatorBlock::conditions).collect();
            }
            _ => {}
        }
    }

    /// The whole statement.
    pub(crate) fn span(&self) -> ByteSpan {
        self.value.span
    }

    /// The effect, when it is one.
    pub(crate) fn effect(&self) -> Option<Effect> {
        match self.effect?.value.as_str()? {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            _ => None,
        }
    }

    pub(crate) fn is_allow(&self) -> bool {
        self.effect() == Some(Effect::Allow)
    }

    pub(crate) fn is_deny(&self) -> bool {
        self.effect() == Some(Effect::Deny)
    }

    /// The name, when it is a string.
    pub(crate) fn sid(&self) -> Option<Text<'d>> {
        Text::of(&self.sid?.value)
    }

    /// The patterns of Action.
    pub(crate) fn actions(&self) -> &[ActionPattern<'d>] {
        self.action.as_ref().map_or(&[], |element| &element.patterns)
    }

    /// The patterns of Resource.
    pub(crate) fn resources(&self) -> &[ResourcePattern<'d>] {
        self.resource.as_ref().map_or(&[], |element| &element.patterns)
    }

    /// Action and NotAction, those of the two that are there.
    pub(crate) fn action_elements(&self) -> impl Iterator<Item = &Element<'d, ActionPattern<'d>>> {
        self.action.iter().chain(&self.not_action)
    }

    /// Resource and NotResource, those of the two that are there.
    pub(crate) fn resource_elements(
        &self,
    ) -> impl Iterator<Item = &Element<'d, ResourcePattern<'d>>> {
        self.resource.iter().chain(&self.not_resource)
    }

    /// The patterns of Action and NotAction.
    pub(crate) fn action_patterns(&self) -> impl Iterator<Item = &ActionPattern<'d>> {
        self.action_elements().flat_map(|element| &element.patterns)
    }

    /// The patterns of Resource and NotResource.
    pub(crate) fn resource_patterns(&self) -> impl Iterator<Item = &ResourcePattern<'d>> {
        self.resource_elements().flat_map(|element| &element.patterns)
    }

    /// Principal and NotPrincipal, those of the two that are there.
    pub(crate) fn principal_elements(&self) -> impl Iterator<Item = &Principals<'d>> {
        self.principal.iter().chain(&self.not_principal)
    }

    /// The names under one type of principal, `Service` for example, in Principal.
    pub(crate) fn principals_of(&self, kind: &str) -> impl Iterator<Item = Text<'d>> {
        let groups = self.principal.iter().flat_map(|principals| &principals.groups);
        groups
            .filter(move |group| group.kind.value == kind)
            .flat_map(|group| group.names.iter().copied())
    }

    /// Whether a condition of the statement is about this key, in any case.
    pub(crate) fn has_condition_key(&self, key: &str) -> bool {
        self.conditions.iter().any(|condition| condition.is_key(key))
    }
}

impl<'d> Principals<'d> {
    fn read(member: &'d Member<'d>) -> Self {
        let groups = member.value.members().iter().map(PrincipalGroup::read).collect();
        Self { key: Text::of_key(member), value: &member.value, groups }
    }

    /// Every name, whatever its type; not the `*` of the short form.
    pub(crate) fn names(&self) -> impl Iterator<Item = Text<'d>> {
        self.groups.iter().flat_map(|group| group.names.iter().copied())
    }
}

impl<'d> PrincipalGroup<'d> {
    fn read(member: &'d Member<'d>) -> Self {
        let names = one_or_many(&member.value).iter().filter_map(Text::of).collect();
        Self { kind: Text::of_key(member), value: &member.value, names }
    }
}
