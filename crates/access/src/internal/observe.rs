//! From what a principal can do to an observation: names, places, sources, restrictions, the id.

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::AccountId;
use ringfence_policy::evaluate::RESOURCE_CONTROL_POLICY_SERVICES;
use uuid::Uuid;

use super::member::{Member, MemberPlace};
use super::observation::{InternalAccessType, InternalObservation, Restriction};
use super::principal::{Principal, ServiceLinked};
use super::report::{Found, OfResource};
use super::restriction::Levels;
use super::target::service;
use crate::external::access_levels;
use crate::observation::{GrantedBy, Source};
use crate::risk::internal_risk;

impl OfResource<'_, '_> {
    pub(super) fn granted_by(&self, member: &Member<'_>) -> Option<GrantedBy> {
        match member.place {
            MemberPlace::Attached(attached, statement) => {
                let own = attached.model.document.statements.get(statement)?;
                let place = attached.source.position(own.span.start);
                let mut granted = GrantedBy::place(attached.source.file(), place);
                granted.statement_index = Some(own.index);
                granted.sid = own.sid().map(str::to_owned);
                Some(granted)
            }
            MemberPlace::Target(policy, statement) => {
                let origin = &self.target.policies.get(policy)?.origin;
                origin.granted_by(origin.document.statements.get(statement)?.index)
            }
            MemberPlace::Organization => None,
        }
    }

    pub(super) fn source(&self, member: &Member<'_>) -> Option<Source> {
        match member.place {
            MemberPlace::Target(policy, _) => self.target.policies.get(policy)?.source.clone(),
            MemberPlace::Attached(..) | MemberPlace::Organization => None,
        }
    }

    pub(super) fn observation(
        &self,
        principal: &Principal<'_>,
        access_type: InternalAccessType,
        condition: BTreeMap<String, String>,
        found: Found,
    ) -> InternalObservation {
        let (analysis, resource) = (self.analysis, self.resource);
        let resource_type = resource.resource_type();
        let chosen: Vec<usize> = found.actions.into_iter().collect();
        let names = chosen.iter().filter_map(|index| self.actions.actions.get(*index));
        let action: Vec<String> = names.map(|own| own.name.clone()).collect();
        let restriction = |all: &BTreeMap<&AccountId, Levels>, account| {
            let none = Restriction::NotApplicable;
            let on =
                |own: &Levels| own.on(analysis.treatment, resource_type, self.actions, &chosen);
            all.get(account).map_or(none, on)
        };
        let service_control = restriction(&analysis.service_control, principal.account);
        let resource_control = match RESOURCE_CONTROL_POLICY_SERVICES.contains(&service(resource)) {
            true => restriction(&analysis.resource_control, &resource.account),
            false => Restriction::NotApplicable,
        };
        // Neither binds them.
        let (service_control, resource_control) = match principal.service_linked {
            ServiceLinked::Yes => (Restriction::NotApplicable, Restriction::NotApplicable),
            ServiceLinked::No => (service_control, resource_control),
        };
        let sources: Vec<Source> = found.sources.into_iter().collect();
        let access_levels = access_levels(&action);
        let arn = principal.arn.to_string();
        let organization = analysis.organization.map(|own| own.id.as_str());
        let name = serde_json::json!([
            "InternalAccess",
            organization,
            resource.arn,
            resource.account.as_str(),
            resource_type.as_str(),
            arn,
            action,
            condition,
            sources.iter().map(|source| format!("{source:?}")).collect::<Vec<_>>(),
            resource_control.as_rcp_str(),
            service_control.as_scp_str(),
        ]);
        InternalObservation {
            id: Uuid::new_v5(&analysis.analyzer(&resource.account), name.to_string().as_bytes())
                .to_string(),
            resource: resource.arn.clone(),
            resource_type,
            resource_owner_account: resource.account.clone(),
            region: Arc::clone(&resource.region),
            principal: arn,
            principal_owner_account: principal.account.clone(),
            principal_type: principal.kind,
            access_type,
            risk: internal_risk(access_type, principal.kind, &access_levels, condition.len()),
            action,
            condition,
            sources,
            resource_control_policy_restriction: resource_control,
            service_control_policy_restriction: service_control,
            access_levels,
            witness: found.witness,
            granted_by: found.granted_by.into_iter().collect(),
        }
    }
}
