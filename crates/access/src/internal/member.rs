//! The statements that take part in one principal's access to one resource, and the groups of actions
//! that none of them tells apart.

use std::collections::BTreeMap;

use ringfence_policy::evaluate::RESOURCE_CONTROL_POLICY_SERVICES;
use ringfence_policy::{Effect, PolicyDocument};

use super::actions::{AcrossAccounts, TypeActions};
use super::document::{Attached, Model, Sliced};
use super::known::Circumstances;
use super::observation::InternalAccessType;
use super::principal::{Principal, ServiceLinked};
use super::relation::{Grant, standings};
use super::settle::{Reliance, Settled};
use super::target::{Target, service};

/// Which policy a statement is of, and what follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Identity,
    Boundary,
    /// Of the resource's side, standing for the principal like this.
    Resource(Grant),
    /// An SCP of this level.
    Service(usize),
    /// An RCP of this level.
    ResourceControl(usize),
}

/// A statement that may be about requests of the principal for the resource.
pub(super) struct Member<'m> {
    pub(super) part: Part,
    pub(super) effect: Effect,
    /// What is left of it; not `Never`.
    pub(super) settled: Settled,
    /// For each action of the type whether it is about it.
    pub(super) actions: &'m [bool],
    pub(super) place: MemberPlace<'m>,
}

/// Where a member stands.
#[derive(Clone, Copy)]
pub(super) enum MemberPlace<'m> {
    /// The document and the statement's place in it.
    Attached(&'m Attached<'m>, usize),
    /// The resource's policy and the statement's place in it, by numbers.
    Target(usize, usize),
    Organization,
}

/// The control policies that bind the two sides.
#[derive(Clone, Copy)]
pub(super) struct Ceilings<'c> {
    pub(super) service: Option<&'c [Vec<std::sync::Arc<Model>>]>,
    pub(super) resource: Option<&'c [Vec<std::sync::Arc<Model>>]>,
}

impl Ceilings<'_> {
    /// Those of them that bind this principal and this resource.
    pub(super) fn binding(self, principal: &Principal<'_>, target: &Target<'_>) -> Self {
        if principal.service_linked == ServiceLinked::Yes {
            return Ceilings { service: None, resource: None };
        }
        let covered = RESOURCE_CONTROL_POLICY_SERVICES.contains(&service(target.resource))
            && !target.resource.arn.contains(":role/aws-service-role/");
        Self { service: self.service, resource: self.resource.filter(|_| covered) }
    }
}

/// Collects members.
pub(super) struct Members<'m> {
    pub(super) circumstances: &'m Circumstances<'m>,
    pub(super) target: &'m Target<'m>,
    pub(super) access: InternalAccessType,
    pub(super) actions: &'m TypeActions,
    /// The ARN patterns of what the actions act on.
    pub(super) arns: &'m [String],
    pub(super) all: Vec<Member<'m>>,
    pub(super) reliance: Reliance,
}

impl<'m> Members<'m> {
    /// The Allow statements of both sides. Nothing else matters where these give nothing.
    pub(super) fn add_grants(&mut self) {
        let principal = self.circumstances.principal;
        for attached in &principal.identity {
            self.add_attached(Part::Identity, attached, Effect::Allow);
        }
        self.add_target(Effect::Allow);
    }

    /// Whether the Allow statements could give anything together.
    pub(super) fn may_give(&self, must_allow: MustAllow) -> bool {
        let has = |wanted: fn(Part) -> bool| self.all.iter().any(|own| wanted(own.part));
        let identity = has(|part| part == Part::Identity);
        let resource = has(|part| matches!(part, Part::Resource(_)));
        let itself = has(|part| matches!(part, Part::Resource(Grant::Role | Grant::Direct)));
        match (self.access, must_allow) {
            (InternalAccessType::IntraAccount, MustAllow::No) => identity || itself,
            (InternalAccessType::IntraAccount, MustAllow::Yes) => identity && resource || itself,
            (InternalAccessType::IntraOrg, _) => identity && resource,
        }
    }

    /// All other statements.
    pub(super) fn add_limits(&mut self, ceilings: Ceilings<'m>) {
        let principal = self.circumstances.principal;
        for attached in &principal.identity {
            self.add_attached(Part::Identity, attached, Effect::Deny);
        }
        if let Some(attached) = &principal.boundary {
            self.add_attached(Part::Boundary, attached, Effect::Allow);
            self.add_attached(Part::Boundary, attached, Effect::Deny);
        }
        self.add_target(Effect::Deny);
        let levels = [
            (ceilings.service, Part::Service as fn(usize) -> Part),
            (ceilings.resource, Part::ResourceControl as fn(usize) -> Part),
        ];
        for (levels, part) in levels {
            for (level, models) in levels.into_iter().flatten().enumerate() {
                for model in models {
                    let about = model.about(self.target.resource.resource_type(), self.actions);
                    for effect in [Effect::Allow, Effect::Deny] {
                        let place = |_| MemberPlace::Organization;
                        self.add(part(level), &model.document, about, effect, &place);
                    }
                }
            }
        }
    }

    fn add_attached(&mut self, part: Part, attached: &'m Attached<'m>, effect: Effect) {
        let model = &attached.model;
        let about = model.about(self.target.resource.resource_type(), self.actions);
        let place = |statement| MemberPlace::Attached(attached, statement);
        self.add(part, &model.document, about, effect, &place);
    }

    fn add_target(&mut self, effect: Effect) {
        let target = self.target;
        for (number, policy) in target.policies.iter().enumerate() {
            if effect == Effect::Allow && !policy.audience.includes(self.access) {
                continue;
            }
            let place = |statement| MemberPlace::Target(number, statement);
            let document = &policy.origin.document;
            self.add(Part::Resource(Grant::Direct), document, &policy.sliced, effect, &place);
        }
    }

    fn add(
        &mut self,
        part: Part,
        document: &PolicyDocument,
        about: &'m [Sliced],
        effect: Effect,
        place: &dyn Fn(usize) -> MemberPlace<'m>,
    ) {
        for own in about {
            let Some(statement) = document.statements.get(own.statement) else { continue };
            if statement.effect.value != effect {
                continue;
            }
            for standing in standings(statement, self.circumstances.principal) {
                let settled = self.circumstances.settle(
                    statement,
                    standing.sessions,
                    self.arns,
                    &mut self.reliance,
                );
                if matches!(settled, Settled::Never) {
                    continue;
                }
                let part = match part {
                    Part::Resource(_) => Part::Resource(standing.grant),
                    other => other,
                };
                let place = place(own.statement);
                self.all.push(Member { part, effect, settled, actions: &own.actions, place });
            }
        }
    }
}

/// Whether nobody gets in whom the resource's policy does not let in: keys, and roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MustAllow {
    Yes,
    No,
}

/// Actions that no member tells apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Signature {
    /// The members about them, by number.
    pub(super) members: Vec<usize>,
    pub(super) resource_control: Covered,
}

/// Whether RCPs bind an action of a service that they cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Covered {
    Yes,
    No,
}

/// The actions of `list`, by what tells them apart.
pub(super) fn groups(
    actions: &TypeActions,
    list: &[usize],
    access: InternalAccessType,
    members: &[Member<'_>],
) -> BTreeMap<Signature, Vec<usize>> {
    let mut groups: BTreeMap<Signature, Vec<usize>> = BTreeMap::new();
    for index in list {
        let Some(action) = actions.actions.get(*index) else { continue };
        if access == InternalAccessType::IntraOrg && action.across_accounts == AcrossAccounts::Never
        {
            continue;
        }
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
        let resource_control = match action.name == "kms:RetireGrant" {
            true => Covered::No,
            false => Covered::Yes,
        };
        let about = members.iter().enumerate().filter(|(_, own)| {
            own.actions.get(*index) == Some(&true)
                && (resource_control == Covered::Yes
                    || !matches!(own.part, Part::ResourceControl(_)))
        });
        let members = about.map(|(number, _)| number).collect();
        groups.entry(Signature { members, resource_control }).or_default().push(*index);
    }
    groups
}
