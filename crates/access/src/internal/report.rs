//! From one resource to its observations: principal by principal, list of actions by list of actions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::evaluate::{Decision, decide};
use ringfence_policy::{ConditionKey, ContextValue, RequestContext};

use super::actions::TypeActions;
use super::decide::{Answer, Asked, WayIn};
use super::entries::{Undecided, by_access_points, undecided, unreadable};
use super::known::Circumstances;
use super::member::{Ceilings, Covered, Member, Members, MustAllow, Signature, groups};
use super::observation::InternalAccessType;
use super::principal::Principal;
use super::settle::Reliance;
use super::stack::stack_of;
use super::target::{SourceOwner, Target, TargetObstacle};
use super::{Analysis, InternalReport};
use crate::inventory::{Resource, ResourceType};
use crate::observation::{GrantedBy, Source};

/// The report about one resource.
pub(super) fn report<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> InternalReport {
    let mut report = InternalReport::default();
    let Some(actions) = analysis.types.get(&resource.resource_type()) else { return report };
    let target = match Target::of(analysis.inventory, &analysis.canonical_users, resource, actions)
    {
        Ok(target) => target,
        Err(TargetObstacle::Policy(source)) => {
            report.not_analyzed = unreadable(analysis, resource, source);
            return report;
        }
    };
    report.not_analyzed.extend(by_access_points(resource));
    let must_allow = match resource.resource_type() {
        ResourceType::KmsKey | ResourceType::IamRole => MustAllow::Yes,
        _ => MustAllow::No,
    };
    let mut own = OfResource { analysis, resource, actions, target: &target, must_allow, report };
    let named = target.accounts_named();
    for account in analysis.inside(&resource.account) {
        let access = match *account == resource.account {
            true => InternalAccessType::IntraAccount,
            false => InternalAccessType::IntraOrg,
        };
        let may_be_named = named.as_ref().is_none_or(|named| named.contains(account));
        if access == InternalAccessType::IntraAccount || may_be_named {
            for principal in analysis.principals_of(account) {
                own.principal(principal, access);
            }
        }
    }
    let mut report = own.report;
    report.observations.sort_by(|one, other| {
        (&one.principal, &one.condition, &one.action).cmp(&(
            &other.principal,
            &other.condition,
            &other.action,
        ))
    });
    report.not_analyzed.sort();
    report.not_analyzed.dedup();
    report
}

/// The report about one resource while it is made.
pub(super) struct OfResource<'o, 'a> {
    pub(super) analysis: &'o Analysis<'a>,
    pub(super) resource: &'a Resource,
    pub(super) actions: &'o TypeActions,
    pub(super) target: &'o Target<'a>,
    pub(super) must_allow: MustAllow,
    pub(super) report: InternalReport,
}

/// What a principal can do under one set of conditions.
pub(super) struct Found {
    pub(super) actions: BTreeSet<usize>,
    pub(super) granted_by: BTreeSet<GrantedBy>,
    pub(super) sources: BTreeSet<Source>,
    pub(super) witness: RequestContext,
}

impl OfResource<'_, '_> {
    fn principal(&mut self, principal: &Principal<'_>, access: InternalAccessType) {
        let organization = self.analysis.inventory.organization.as_ref();
        let circumstances = Circumstances::new(principal, self.resource, organization);
        let mut found: BTreeMap<BTreeMap<String, String>, Found> = BTreeMap::new();
        let mut limits: BTreeSet<Undecided> = BTreeSet::new();
        for (list, arns) in self.actions.lists.iter().zip(&self.target.arns) {
            let mut members = Members {
                circumstances: &circumstances,
                target: self.target,
                access,
                actions: self.actions,
                arns,
                all: Vec::new(),
                reliance: Reliance::default(),
            };
            members.add_grants();
            if !members.may_give(self.must_allow) {
                continue;
            }
            let ceilings = self.analysis.ceilings(principal.account, &self.resource.account);
            let ceilings = ceilings.binding(principal, self.target);
            members.add_limits(ceilings);
            for (signature, chosen) in groups(self.actions, list, access, &members.all) {
                let Some(asked) = self.asked(&members, &signature, &chosen, ceilings) else {
                    continue;
                };
                match self.answer(&asked) {
                    Ok(ways) => {
                        for way in ways {
                            self.note(&mut found, &asked, way, &chosen);
                        }
                    }
                    Err(limit) => drop(limits.insert(limit)),
                }
            }
        }
        for (condition, own) in found {
            let observation = self.observation(principal, access, condition, own);
            self.report.observations.push(observation);
        }
        for limit in limits {
            self.report.not_analyzed.push(undecided(self.resource, principal, limit));
        }
    }

    fn asked<'q>(
        &'q self,
        members: &'q Members<'q>,
        signature: &Signature,
        chosen: &[usize],
        ceilings: Ceilings<'_>,
    ) -> Option<Asked<'q>> {
        let first = chosen.first().and_then(|index| self.actions.actions.get(*index))?;
        let own = signature.members.iter().filter_map(|number| members.all.get(*number));
        let levels = |levels: Option<&[Vec<_>]>| levels.map_or(0, <[Vec<_>]>::len);
        Some(Asked {
            circumstances: members.circumstances,
            access: members.access,
            must_allow: self.must_allow,
            members: own.collect(),
            service_levels: levels(ceilings.service),
            resource_levels: match signature.resource_control {
                Covered::Yes => levels(ceilings.resource),
                Covered::No => 0,
            },
            reliance: &members.reliance,
            action: &first.name,
            arns: members.arns,
            within: match members.reliance.resource {
                true => &self.target.alias_conditions,
                false => &[],
            },
        })
    }

    fn answer(&self, asked: &Asked<'_>) -> Result<Vec<WayIn>, Undecided> {
        let paths = match asked.closed_form() {
            Ok(ways) => return Ok(ways),
            Err(paths) => paths,
        };
        let key = asked.key();
        let known = self.analysis.answers.read().ok().and_then(|all| all.get(&key).cloned());
        let answer: Arc<Answer> = match known {
            Some(answer) => answer,
            None => {
                let answer = Arc::new(asked.search(&paths));
                if let Ok(mut all) = self.analysis.answers.write() {
                    all.insert(key, Arc::clone(&answer));
                }
                answer
            }
        };
        let mut ways = (*answer).clone().map_err(Undecided::Limit)?;
        for way in &mut ways {
            way.witness = way.witness.take().map(|witness| self.own_witness(asked, witness));
            // What the engine finds, the evaluator has to allow.
            if !self.is_allowed(asked, way) {
                return Err(Undecided::Disagreement);
            }
        }
        Ok(ways)
    }

    /// The witness of a question that may have been asked for others, as this principal's request for this
    /// resource.
    fn own_witness(&self, asked: &Asked<'_>, mut witness: RequestContext) -> RequestContext {
        if !asked.reliance.caller {
            witness.caller = asked.circumstances.principal.caller();
            witness.context.remove(&ConditionKey::new("aws:PrincipalArn"));
        }
        if !asked.reliance.resource {
            witness.resource.insert_str(0, &self.resource.arn);
        }
        witness
    }

    fn is_allowed(&self, asked: &Asked<'_>, way: &WayIn) -> bool {
        let stack = stack_of(self.analysis, asked.circumstances.principal, self.target);
        let witness = self.witness(asked, way.witness.clone());
        decide(&witness, &stack).decision == Decision::Allowed
    }

    /// A request of the group that gets in.
    fn witness(&self, asked: &Asked<'_>, found: Option<RequestContext>) -> RequestContext {
        let circumstances = asked.circumstances;
        let any = || {
            let resource = asked.arns.first().map_or("", String::as_str);
            let resource = match resource.strip_suffix('*') {
                Some(beginning) => format!("{beginning}x"),
                None => resource.to_owned(),
            };
            RequestContext { resource, ..circumstances.bare.clone() }
        };
        let mut witness = found.unwrap_or_else(any);
        asked.action.clone_into(&mut witness.action);
        witness.resource_account = Some(self.resource.account.clone());
        for (key, value) in &asked.reliance.shown {
            witness.context.entry(key.clone()).or_insert_with(|| value.clone());
        }
        if self.target.source_owner == SourceOwner::Asked {
            let account = ContextValue::Single(circumstances.principal.account.to_string());
            witness.context.insert(ConditionKey::new("aws:SourceOwner"), account);
        }
        witness
    }

    fn note(
        &self,
        found: &mut BTreeMap<BTreeMap<String, String>, Found>,
        asked: &Asked<'_>,
        way: WayIn,
        chosen: &[usize],
    ) {
        let granting: Vec<&Member<'_>> =
            way.granted.iter().filter_map(|number| asked.members.get(*number).copied()).collect();
        let granted_by = granting.iter().filter_map(|own| self.granted_by(own));
        let sources = granting.iter().filter_map(|own| self.source(own));
        let own = found.entry(way.condition).or_insert_with(|| Found {
            actions: BTreeSet::new(),
            granted_by: BTreeSet::new(),
            sources: BTreeSet::new(),
            witness: self.witness(asked, way.witness),
        });
        own.actions.extend(chosen);
        own.granted_by.extend(granted_by);
        own.sources.extend(sources);
    }
}
