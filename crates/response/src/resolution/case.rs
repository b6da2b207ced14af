//! One finding on its resource as it is now: which access of the live slots it is, and what else there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use ringfence_access::external::{Analysis, ResourceReport, ZoneChoice};
use ringfence_access::inventory::Resource;
use ringfence_access::observation::{Observation, ObservedPrincipal};
use ringfence_findings::observation::{Details, ExternalAccess};
use ringfence_reasoning::ZoneOfTrust;

use super::slots::{Place, place_of, with_slots};
use super::{NotClosable, Situation, sid};
use crate::slot::{Slot, Slots};

/// A finding and its live resource.
pub(super) struct Case<'c> {
    pub(super) situation: Situation<'c>,
    analysis: Analysis<'c>,
    /// The resource with the live slots.
    pub(super) resource: Resource,
    /// The access that the finding is about; at least one, all of one principal and one condition.
    pub(super) access: Vec<Observation>,
    /// Everything else that lets somebody from outside in.
    pub(super) others: Vec<Observation>,
    /// How much could not be judged.
    pub(super) undecided: usize,
    /// What lets the finding's principal in.
    pub(super) places: Vec<Place>,
    /// The Sid that statements for the finding have.
    pub(super) sid: String,
    pub(super) zone: ZoneOfTrust,
}

impl<'c> Case<'c> {
    /// Looks for the finding's access in the live slots.
    pub(super) fn open(situation: &Situation<'c>) -> Result<Self, NotClosable> {
        let Details::External(wanted) = &situation.finding.observation.details else {
            return Err(NotClosable::NotExternal);
        };
        let id = situation.finding.id();
        let sid = sid::encode(id).ok_or_else(|| {
            NotClosable::NoStrategy(vec![format!("the finding's id `{id}` is no UUID")])
        })?;
        let (inventory, account) = (situation.inventory, &situation.resource.account);
        let is_known = inventory.accounts.contains_key(account)
            || inventory.resources.iter().any(|own| own.account == *account);
        if !is_known {
            return Err(NotClosable::UnknownAccount(account.to_string()));
        }
        let resource = with_slots(situation.resource, situation.slots)
            .map_err(|error| NotClosable::NotAnalyzed(error.to_string()))?;
        let analysis = Analysis::new(inventory, situation.zone);
        let report = analysis.resource(&resource);
        if report.observations.is_empty()
            && let Some(entry) = report.not_analyzed.first()
        {
            return Err(NotClosable::NotAnalyzed(entry.reason.clone()));
        }
        let undecided = report.not_analyzed.len();
        let all = report.observations.into_iter();
        let (access, others): (Vec<_>, Vec<_>) = all.partition(|own| is_about(own, wanted));
        if access.is_empty() {
            return Err(NotClosable::NotThere);
        }
        let granted = access.iter().flat_map(|own| &own.granted_by);
        let places: BTreeSet<Place> =
            granted.filter_map(|own| place_of(own, situation.slots)).collect();
        Ok(Self {
            situation: *situation,
            analysis,
            resource,
            access,
            others,
            undecided,
            places: places.into_iter().collect(),
            sid,
            zone: zone(situation),
        })
    }

    /// What there is with other texts in the slots.
    pub(super) fn analyze(&self, slots: &Slots) -> Result<ResourceReport, String> {
        let resource =
            with_slots(self.situation.resource, slots).map_err(|error| error.to_string())?;
        Ok(self.analysis.resource(&resource))
    }

    /// Who gets in.
    pub(super) fn principal(&self) -> &ObservedPrincipal {
        static NOBODY: ObservedPrincipal = ObservedPrincipal::Aws(String::new());
        self.access.first().map_or(&NOBODY, |own| &own.principal)
    }

    /// What they can do, in order.
    pub(super) fn actions(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.access.iter().flat_map(|own| &own.action).collect();
        all.into_iter().cloned().collect()
    }

    /// The text of a slot; nothing where the slot holds nothing or was not read.
    pub(super) fn text(&self, slot: &Slot) -> Option<&'c str> {
        self.situation.slots.get(slot)?.as_deref()
    }

    /// Whether the slot was read.
    pub(super) fn was_read(&self, slot: &Slot) -> bool {
        self.situation.slots.contains_key(slot)
    }

    /// The account that owns the resource.
    pub(super) fn account(&self) -> &str {
        self.resource.account.as_str()
    }

    /// The resource's ARN.
    pub(super) fn arn(&self) -> &str {
        &self.resource.arn
    }
}

/// Who is trusted, as the analysis has it.
fn zone(situation: &Situation<'_>) -> ZoneOfTrust {
    let (inventory, account) = (situation.inventory, &situation.resource.account);
    let (accounts, organization) = match (&inventory.organization, situation.zone) {
        (Some(own), ZoneChoice::Organization) if own.accounts.contains_key(account) => {
            (own.accounts.keys().cloned().collect(), Some(own.id.clone()))
        }
        _ => (vec![account.clone()], None),
    };
    let known = accounts.iter().filter_map(|id| inventory.accounts.get(id));
    ZoneOfTrust {
        canonical_users: known.filter_map(|own| own.canonical_user_id.clone()).collect(),
        accounts: Arc::new(accounts.iter().map(ToString::to_string).collect()),
        organization,
    }
}

/// Whether a live access is the one that a finding describes. Ids are not compared: another analyzer has others.
fn is_about(live: &Observation, finding: &ExternalAccess) -> bool {
    let (kind, who) = live.principal.entry();
    let Some((named, text)) = finding.principal.iter().next() else { return false };
    let is_same_condition = live.condition.len() == finding.condition.len()
        && live.condition.iter().all(|(key, value)| {
            let mut all = finding.condition.iter();
            all.any(|(own, text)| own.eq_ignore_ascii_case(key) && text == value)
        });
    let is_same_action = finding.action.is_empty()
        || live
            .action
            .iter()
            .any(|own| finding.action.iter().any(|named| named.trim().eq_ignore_ascii_case(own)));
    kind == named && normal(text) == normal(who) && is_same_condition && is_same_action
}

/// A principal as it is meant. Events of AWS have been seen with spaces inside of ARNs and with `aws:arn:` in front; the
/// root of an account is the account.
pub(super) fn normal(text: &str) -> String {
    let text: String = text.chars().filter(|own| !own.is_whitespace()).collect();
    let text = match text.strip_prefix("aws:arn:") {
        Some(rest) => format!("arn:aws:{}", rest.strip_prefix("aws:").unwrap_or(rest)),
        None => text,
    };
    let root = text.strip_suffix(":root").and_then(|own| own.rsplit(':').next());
    match root {
        Some(account) if account.len() == 12 => account.to_owned(),
        _ => text,
    }
}
