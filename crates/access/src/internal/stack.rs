//! All policies about the requests of one principal for one resource, as the evaluator takes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::AccountId;
use ringfence_policy::evaluate::PolicyStack;

use super::Analysis;
use super::observation::InternalAccessType;
use super::principal::Principal;
use super::restriction::Levels;
use super::target::Target;
use crate::inventory::Resource;

/// All policies about requests of `principal` for `resource`.
pub(super) fn stack<'a>(
    analysis: &Analysis<'a>,
    principal: &Principal<'_>,
    resource: &'a Resource,
) -> Option<PolicyStack> {
    let actions = analysis.types.get(&resource.resource_type())?;
    let target =
        Target::of(analysis.inventory, &analysis.canonical_users, resource, actions).ok()?;
    Some(stack_of(analysis, principal, &target))
}

/// The same for a resource that was read.
pub(super) fn stack_of(
    analysis: &Analysis<'_>,
    principal: &Principal<'_>,
    target: &Target<'_>,
) -> PolicyStack {
    let owner = &target.resource.account;
    let access = match principal.account == owner {
        true => InternalAccessType::IntraAccount,
        false => InternalAccessType::IntraOrg,
    };
    let identity = principal.identity.iter().map(|own| Arc::clone(&own.model.document));
    let boundary = principal.boundary.iter().map(|own| Arc::clone(&own.model.document));
    let levels = |all: &BTreeMap<&AccountId, Levels>, account: &AccountId| {
        all.get(account).and_then(|own| own.documents(analysis.treatment))
    };
    PolicyStack {
        management_account: analysis
            .inventory
            .organization
            .as_ref()
            .map(|own| own.management_account.clone()),
        identity_policies: Some(identity.collect()),
        permissions_boundaries: principal.boundary.is_some().then(|| boundary.collect()),
        session_policies: None,
        resource_policy: target.merged(access),
        endpoint_policies: None,
        service_control_policies: levels(&analysis.service_control, principal.account),
        resource_control_policies: levels(&analysis.resource_control, owner),
    }
}
