//! A resource with slots among accounts, and the findings that it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::inventory::{
    Account, Inventory, Organization, OrganizationAccount, Resource, Root,
};
use ringfence_access::observation::Observation;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation as kept;
use ringfence_policy::{AccountId, Partition};

use ringfence_response::plan::{Edit, Plan};
use ringfence_response::resolution::{NotClosable, Situation, bare, plan, with_slots};
use ringfence_response::slot::{Slots, Target};

pub(crate) const OWN: &str = "111122223333";
pub(crate) const MEMBER: &str = "444455556666";
pub(crate) const ID: &str = "9f86d081-884c-5d65-9a2f-eaa0c55ad015";

pub(crate) struct World {
    pub(crate) inventory: Inventory,
    pub(crate) resource: Resource,
    pub(crate) slots: Slots,
    pub(crate) zone: ZoneChoice,
}

fn account(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

impl World {
    pub(crate) fn new(resource_type: &str, arn: &str, slots: Slots, zone: ZoneChoice) -> Self {
        let target = Target {
            resource_type: resource_type.to_owned(),
            arn: arn.to_owned(),
            account: OWN.to_owned(),
            region: "eu-west-1".to_owned(),
        };
        let mut inventory = Inventory::empty(Partition::Aws);
        for id in [OWN, MEMBER] {
            let mut own = Account::new(account(id));
            own.canonical_user_id = Some(id.chars().cycle().take(64).collect());
            inventory.accounts.insert(account(id), own);
        }
        if zone == ZoneChoice::Organization {
            inventory.organization = Some(organization());
        }
        Self { inventory, resource: bare(&target).unwrap(), slots, zone }
    }

    /// The ways in with these slots.
    pub(crate) fn ways(&self, slots: &Slots) -> Vec<Observation> {
        let resource = with_slots(&self.resource, slots).unwrap();
        Analysis::new(&self.inventory, self.zone).resource(&resource).observations
    }

    pub(crate) fn plan(&self, finding: &Finding) -> Result<Plan, NotClosable> {
        plan(&Situation {
            inventory: &self.inventory,
            resource: &self.resource,
            slots: &self.slots,
            finding,
            zone: self.zone,
        })
    }
}

fn organization() -> Organization {
    let member = |id: &str| {
        let own = OrganizationAccount {
            id: account(id),
            name: id.to_owned(),
            status: None,
            parent_id: "r-ab12".to_owned(),
            org_path: "o-exampleorg/r-ab12/".to_owned(),
            tags: Vec::new(),
        };
        (account(id), own)
    };
    Organization {
        id: "o-exampleorg".to_owned(),
        management_account: account(OWN),
        roots: BTreeMap::from([(
            "r-ab12".to_owned(),
            Root { id: "r-ab12".to_owned(), enabled: Default::default() },
        )]),
        units: BTreeMap::new(),
        accounts: [OWN, MEMBER].into_iter().map(member).collect(),
        policies: Vec::new(),
        file: Arc::from("organization.json"),
    }
}

/// The finding of a way in.
pub(crate) fn finding(way: &Observation) -> Finding {
    let (kind, who) = way.principal.entry();
    external(kept::ExternalAccess {
        principal: BTreeMap::from([(kind.to_owned(), who.to_owned())]),
        action: way.action.clone(),
        condition: way.condition.clone(),
        is_public: way.is_public,
        ..kept::ExternalAccess::default()
    })
}

pub(crate) fn external(access: kept::ExternalAccess) -> Finding {
    Finding {
        observation: kept::Observation {
            id: ID.to_owned(),
            resource: String::new(),
            resource_type: String::new(),
            resource_owner_account: OWN.to_owned(),
            region: String::new(),
            details: kept::Details::External(access),
        },
        status: FindingStatus::Active,
        archived_by: None,
        created_at: Timestamp::UNIX_EPOCH,
        analyzed_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

/// The slots after these edits, each of which has to find what it expects.
pub(crate) fn applied(slots: &Slots, edits: &[Edit]) -> Slots {
    let mut slots = slots.clone();
    for edit in edits {
        assert_eq!(slots.get(&edit.slot).cloned().flatten(), edit.before, "{:?}", edit.slot);
        slots.insert(edit.slot.clone(), edit.after.clone());
    }
    slots
}
