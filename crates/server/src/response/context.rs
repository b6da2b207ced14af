//! What is known around a finding: gathered from the inventory, the file of partners, the record and CloudTrail.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ringfence_access::inventory::{Configuration, Inventory, Resource};
use ringfence_findings::finding::Finding;
use ringfence_policy::AccountId;
use ringfence_response::context::{AccountContext, Context, Fact};
use ringfence_response::partners::Partners;
use ringfence_response::record::RecordEvent;
use ringfence_response::rules::principal_account;

/// What there is to gather from.
pub(crate) struct Surroundings<'s> {
    pub(crate) inventory: Option<&'s Inventory>,
    pub(crate) partners: Option<&'s Partners>,
    pub(crate) classification_tag: Option<&'s str>,
    pub(crate) now: Timestamp,
}

impl Surroundings<'_> {
    /// What is known around a finding about `resource`, of which `record` is the record so far. Who changed access and
    /// tags is added by whoever asks CloudTrail.
    pub(crate) fn context(
        &self,
        finding: &Finding,
        resource: Option<&Resource>,
        record: &[RecordEvent],
    ) -> Context {
        let tags: Fact<BTreeMap<String, String>> = match resource {
            Some(own) => Fact::Known(
                own.tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect(),
            ),
            None => Fact::missing("the resource is not in the inventory"),
        };
        let data_classification = match (self.classification_tag, &tags) {
            (Some(tag), Fact::Known(tags)) => Fact::Known(tags.get(tag).cloned()),
            (None, _) => Fact::missing("no tag is named that says it"),
            (Some(_), Fact::Missing { why }) => Fact::missing(why.clone()),
        };
        Context {
            at: self.now,
            tags_when_seen: tags_when_seen(record).unwrap_or_else(|| tags.clone()),
            tag_setters: Fact::missing("CloudTrail was not asked who set tags"),
            unexplained_tags: BTreeSet::new(),
            vouched_tags: vouched(record),
            key_aliases: key_aliases(resource),
            account: self.account(&finding.observation.resource_owner_account),
            principal_account: self.principal_account(finding),
            data_classification,
            partner: self.partner(finding),
            changed_by: Fact::missing("CloudTrail was not asked"),
            tags,
        }
    }

    fn account(&self, id: &str) -> Fact<AccountContext> {
        let Some(organization) = self.inventory.and_then(|own| own.organization.as_ref()) else {
            return Fact::missing("the organization was not read");
        };
        let account = AccountId::new(id).and_then(|id| organization.accounts.get(&id));
        match account {
            None => Fact::missing("the account is not in the organization that was read"),
            Some(own) => Fact::Known(AccountContext {
                name: own.name.clone(),
                ou_path: own.org_path.clone(),
                tags: own.tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect(),
            }),
        }
    }

    fn principal_account(&self, finding: &Finding) -> Fact<Option<AccountContext>> {
        if self.inventory.is_none_or(|own| own.organization.is_none()) {
            return Fact::missing("the organization was not read");
        }
        Fact::Known(principal_account(finding).and_then(|id| self.account(id).known().cloned()))
    }

    fn partner(&self, finding: &Finding) -> Fact<Option<ringfence_response::context::Partner>> {
        let Some(partners) = self.partners else {
            return Fact::missing("there is no file of partners");
        };
        Fact::Known(principal_account(finding).and_then(|id| partners.of(id)).cloned())
    }
}

fn key_aliases(resource: Option<&Resource>) -> Fact<BTreeSet<String>> {
    match resource.map(|own| &own.configuration) {
        None => Fact::missing("the resource is not in the inventory"),
        Some(Configuration::KmsKey(key)) => Fact::Known(key.aliases.iter().cloned().collect()),
        Some(_) => Fact::Known(BTreeSet::new()),
    }
}

/// The tags that the resource had when the finding was first looked at, where that is in the record.
fn tags_when_seen(record: &[RecordEvent]) -> Option<Fact<BTreeMap<String, String>>> {
    record.iter().find_map(|event| match event {
        RecordEvent::Enriched { context, .. } => Some(context.tags.clone()),
        _ => None,
    })
}

fn vouched(record: &[RecordEvent]) -> BTreeMap<String, Option<String>> {
    let notes = record.iter().filter_map(|event| match event {
        RecordEvent::Note { tags, .. } => Some(tags.clone()),
        _ => None,
    });
    notes.flatten().collect()
}
