//! Each finding of the example environment has a plan, or a reason why there is none.
//!
//! `UPDATE_EXPECT=1 cargo test --release -p xtask --test payments_plans` writes the expected ones.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::observation::Observation;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation as kept;
use ringfence_response::plan::{Claim, Plan};
use ringfence_response::resolution::{Situation, plan, slots_of, undo, with_slots};
use ringfence_response::slot::Slots;
use serde_json::{Value, json};

#[test]
fn every_finding_has_a_plan_or_a_reason() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/payments");
    let inventory = ringfence_sources::read_snapshot(&example).unwrap();
    let analysis = Analysis::new(&inventory, ZoneChoice::Organization);
    let mut found = Vec::new();
    for resource in &inventory.resources {
        let slots = slots_of(resource);
        for way in analysis.resource(resource).observations {
            let finding = finding(&way);
            let situation = Situation {
                inventory: &inventory,
                resource,
                slots: &slots,
                finding: &finding,
                zone: ZoneChoice::Organization,
            };
            let outcome = match plan(&situation) {
                Err(why) => json!(why.to_string()),
                Ok(plan) => {
                    let after = written(&slots, &plan);
                    let live = analysis.resource(&with_slots(resource, &after).unwrap());
                    let is_left = |own: &Observation| {
                        own.principal == way.principal && own.condition == way.condition
                    };
                    assert!(!live.observations.iter().any(is_left), "{}", way.resource);
                    let back = undo(&plan, &after).unwrap();
                    let restored = back.into_iter().fold(after, |mut slots, edit| {
                        slots.insert(edit.slot, edit.after);
                        slots
                    });
                    assert_eq!(restored, slots, "{}", way.resource);
                    summary(&plan)
                }
            };
            let (kind, who) = way.principal.entry();
            found.push(json!({
                "resource": way.resource, "principal": { kind: who },
                "condition": way.condition, "plan": outcome,
            }));
        }
    }
    assert_eq!(found.len(), 24);
    let text = format!("{}\n", serde_json::to_string_pretty(&found).unwrap());
    let expected = example.join("expected-plans.json");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&expected, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&expected).unwrap());
}

fn written(slots: &Slots, plan: &Plan) -> Slots {
    let mut slots = slots.clone();
    for edit in &plan.edits {
        slots.insert(edit.slot.clone(), edit.after.clone());
    }
    slots
}

/// What a reader looks at first.
fn summary(plan: &Plan) -> Value {
    let slots: Vec<Value> =
        plan.edits.iter().map(|edit| serde_json::to_value(&edit.slot).unwrap()).collect();
    let added: Vec<Value> =
        plan.edits.iter().flat_map(|edit| added(edit.after.as_deref())).collect();
    let mut summary = json!({
        "means": plan.means, "slots": slots, "admission": format!("{:?}", plan.proof.admission()),
    });
    if !added.is_empty() {
        summary["statements"] = added.into();
    }
    match &plan.proof.keeps {
        Claim::Proved => {}
        Claim::Refuted { what, .. } => summary["lost"] = what.as_str().into(),
        Claim::Unknown { why } => summary["unknown"] = why.as_str().into(),
    }
    summary
}

/// The statements that name a finding.
fn added(policy: Option<&str>) -> Vec<Value> {
    let policy: Value = policy.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let all = policy.get("Statement").cloned().unwrap_or_default();
    let all = match all {
        Value::Array(all) => all,
        other => vec![other],
    };
    let is_ours = |own: &Value| {
        let sid = own.get("Sid").and_then(Value::as_str);
        sid.is_some_and(|sid| ringfence_response::resolution::sid::decode(sid).is_some())
    };
    all.into_iter().filter(is_ours).collect()
}

fn finding(way: &Observation) -> Finding {
    let (kind, who) = way.principal.entry();
    Finding {
        observation: kept::Observation {
            id: way.id.clone(),
            resource: way.resource.clone(),
            resource_type: way.resource_type.as_str().to_owned(),
            resource_owner_account: way.resource_owner_account.to_string(),
            region: way.region.to_string(),
            details: kept::Details::External(kept::ExternalAccess {
                principal: BTreeMap::from([(kind.to_owned(), who.to_owned())]),
                action: way.action.clone(),
                condition: way.condition.clone(),
                is_public: way.is_public,
                ..kept::ExternalAccess::default()
            }),
        },
        status: FindingStatus::Active,
        archived_by: None,
        created_at: Timestamp::UNIX_EPOCH,
        analyzed_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}
