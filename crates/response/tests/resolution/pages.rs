//! Runs the examples of the strategies' pages.
//!
//! An example is a resource of account 111122223333 with the texts of its slots and the finding to be closed:
//! `{"resourceType", "arn", "zone"?, "slots": {…}, "finding": {"principal", "action"?, "condition"?}}`. The zone of trust is
//! the account, or with `"zone": "organization"` an organization of 111122223333 and 444455556666. A slot is called as in
//! JSON, with what it names behind a blank. The output has the means, each slot that is written with its new text, and what
//! is proved; and says that undoing gives the old texts back.

use std::collections::BTreeMap;
use std::path::Path;

use ringfence_access::external::ZoneChoice;
use ringfence_findings::observation::ExternalAccess;
use ringfence_page_test::Block;
use ringfence_policy::json;
use serde_json::Value;

use crate::world::{World, applied, external};
use ringfence_response::plan::{Claim, Plan};
use ringfence_response::resolution::undo;
use ringfence_response::slot::{Slot, Slots};

#[test]
fn pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resolution/strategies");
    ringfence_page_test::run(pages, &[], show);
}

fn show(block: &Block<'_>) -> String {
    let value: Value = serde_json::from_str(block.content).unwrap();
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let zone = match value["zone"].as_str() {
        Some("organization") => ZoneChoice::Organization,
        _ => ZoneChoice::Account,
    };
    let world = World::new(&text("resourceType"), &text("arn"), slots(block.content), zone);
    let access = ExternalAccess {
        principal: serde_json::from_value(value["finding"]["principal"].clone()).unwrap(),
        action: serde_json::from_value(value["finding"]["action"].clone()).unwrap_or_default(),
        condition: serde_json::from_value(value["finding"]["condition"].clone())
            .unwrap_or_default(),
        ..ExternalAccess::default()
    };
    match world.plan(&external(access)) {
        Err(why) => format!("not closable: {why}\n"),
        Ok(plan) => report(&world.slots, &plan),
    }
}

/// The texts of the slots as the page writes them.
fn slots(content: &str) -> Slots {
    let parsed = json::parse(content);
    let mut slots = BTreeMap::new();
    for member in parsed.value.get("slots").unwrap().members() {
        let span = member.value.span;
        let own = &content[span.start as usize..span.end as usize];
        let own = (own != "null").then(|| own.to_owned());
        slots.insert(slot(&member.key.value), own);
    }
    slots
}

fn slot(name: &str) -> Slot {
    let (name, about) = name.split_once(' ').unwrap_or((name, ""));
    let value = serde_json::json!({"slot": name, "accessPointArn": about, "grantId": about});
    serde_json::from_value(value).unwrap()
}

fn report(slots: &Slots, plan: &Plan) -> String {
    let mut lines = vec![match &plan.sid {
        Some(sid) => format!("{:?} {sid}", plan.means),
        None => format!("{:?}", plan.means),
    }];
    for edit in &plan.edits {
        let name = serde_json::to_value(&edit.slot).unwrap();
        let name = name["slot"].as_str().unwrap().to_owned();
        lines.push(format!("{name}: {}", edit.after.as_deref().unwrap_or("nothing")));
    }
    let proof = &plan.proof;
    for (name, claim) in [
        ("closes", &proof.closes),
        ("keeps", &proof.keeps),
        ("adds nothing", &proof.adds_nothing),
        ("administrable", &proof.administrable),
        ("valid", &proof.valid),
    ] {
        lines.push(match claim {
            Claim::Proved => continue,
            Claim::Refuted { what, witness } if witness.is_null() => {
                format!("{name}: refuted, {what}")
            }
            Claim::Refuted { what, witness } => {
                let (who, what_by) = (&witness["principal"], &witness["action"]);
                format!("{name}: refuted, {what}: {who} {what_by}")
            }
            Claim::Unknown { why } => format!("{name}: unknown, {why}"),
        });
    }
    lines.push(format!("{:?}", proof.admission()));
    let after = applied(slots, &plan.edits);
    let back = undo(plan, &after).unwrap();
    let mut restored = applied(&after, &back);
    restored.retain(|slot, _| slots.contains_key(slot));
    assert_eq!(restored, *slots, "undoing gives back what was there");
    lines.join("\n")
}
