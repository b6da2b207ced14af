//! Snapshots of volumes and databases, as far as plans describe how they are shared.

use ringfence_access::inventory::{Configuration, EbsSnapshot, Placed, RdsSnapshot, ResourceType};

use super::draft::Draft;
use super::{Assembly, PlannedResource, Whereabouts};
use crate::planned::{Planned, Policies, Text};

pub(super) fn snapshot(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let properties = &own.properties;
    let key = properties.get("KmsKeyId").and_then(Planned::as_text).map(|key| key.pattern());
    let encrypted = properties.get("Encrypted").and_then(Planned::as_known_text);
    let encrypted = encrypted.map(|text| text == "true");
    let empty = Configuration::Ec2Snapshot(Box::default());
    let mut draft = Draft::new(own, arn, empty);
    let mut rds = RdsSnapshot { kms_key_id: key.clone(), encrypted, ..RdsSnapshot::default() };
    rds.restore_account_ids = accounts(&mut draft.policies, properties.get("SharedAccounts"));
    draft.configuration = match own.resource_type.as_str() {
        "AWS::EC2::Snapshot" => Configuration::Ec2Snapshot(Box::new(EbsSnapshot {
            kms_key_id: key,
            encrypted,
            ..EbsSnapshot::default()
        })),
        "AWS::RDS::DBSnapshot" => Configuration::RdsDbSnapshot(Box::new(rds)),
        _ => Configuration::RdsDbClusterSnapshot(Box::new(rds)),
    };
    assembly.push(draft);
}

/// The accounts of a list; one that is not known may be any, and so is everyone.
fn accounts(policies: &mut Policies, value: Option<&Planned>) -> Vec<Placed<String>> {
    let mut found = Vec::new();
    for account in value.map(Planned::one_or_many).unwrap_or_default() {
        let text = match (account.as_known_text(), account.first_unknown()) {
            (Some(text), _) => text,
            (None, Some(unknown)) => {
                policies.assume(unknown, &account.place);
                "all".to_owned()
            }
            (None, None) => continue,
        };
        found.push(Placed { value: text, position: account.place.start });
    }
    found
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let properties = &own.properties;
    let Some(name) = properties.get("SnapshotId").and_then(Planned::as_text) else { return };
    let otherwise = |place: &Whereabouts| {
        let start = format!("arn:{}:ec2:{}::snapshot/", place.partition.as_str(), place.region);
        let arn = Text::joined([&Text::known(start), &name]);
        (arn, Configuration::Ec2Snapshot(Box::default()))
    };
    let draft = assembly.target(own, ResourceType::Ec2Snapshot, &name, otherwise);
    let found = accounts(&mut draft.policies, properties.get("AccountId"));
    if let Configuration::Ec2Snapshot(snapshot) = &mut draft.configuration {
        for account in found {
            match account.value.as_str() {
                "all" => snapshot.groups.push(account),
                _ => snapshot.user_ids.push(account),
            }
        }
    }
}
