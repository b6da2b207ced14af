//! Every slot: read, written, written again, contested, deleted, and rolled back; what the service then holds is read by
//! an official client.

use ringfence_aws::live::{Accounts, WriteFailure};
use ringfence_response::slot::{Slot, Target};
use serde_json::Value;

use crate::moto::Moto;
use crate::reach::{accounts, block_on};

pub(crate) struct Case {
    name: String,
    pub(crate) target: Target,
    pub(crate) slot: Slot,
    pub(crate) after: Option<String>,
    deletable: bool,
    pub(crate) gap: Option<String>,
    given: Value,
}

/// One resource for each kind of slot.
pub(crate) fn planted(moto: &Moto) -> Vec<Case> {
    let cases: Vec<Value> = serde_json::from_str(&moto.run("plant.py", &["plant"], "")).unwrap();
    let case = |given: Value| Case {
        name: given["name"].as_str().unwrap().to_owned(),
        target: serde_json::from_value(given["target"].clone()).unwrap(),
        slot: serde_json::from_value(given["slot"].clone()).unwrap(),
        after: given["after"].as_str().map(str::to_owned),
        deletable: given["deletable"] == true,
        gap: given["gap"].as_str().map(str::to_owned),
        given,
    };
    cases.into_iter().map(case).collect()
}

/// What the service holds, as an official client reads it.
fn shown(moto: &Moto, cases: &[Case]) -> Vec<Value> {
    let given: Vec<Value> = cases
        .iter()
        .map(|case| {
            let mut given = case.given.clone();
            given["slot"] = serde_json::to_value(&case.slot).unwrap();
            given
        })
        .collect();
    let input = serde_json::to_string(&given).unwrap();
    serde_json::from_str(&moto.run("plant.py", &["show"], &input)).unwrap()
}

async fn read(accounts: &Accounts, case: &Case) -> Option<String> {
    let slots =
        accounts.read(&case.target).await.unwrap_or_else(|it| panic!("{}: {it}", case.name));
    slots.get(&case.slot).cloned().unwrap_or_default()
}

/// A value as JSON, where members that say nothing about access are left out.
fn json(case: &Case, text: Option<&str>) -> Value {
    let mut value = text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap());
    if case.name == "keyGrant" && value.is_object() {
        value.as_object_mut().unwrap().retain(|name, _| {
            ["GranteePrincipal", "Operations", "Constraints"].contains(&name.as_str())
        });
    }
    value
}

#[test]
#[ignore = "needs the Python environment"]
fn every_slot_goes_there_and_back() {
    let moto = Moto::start();
    let mut cases = planted(&moto);
    let kinds: std::collections::BTreeSet<&String> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(kinds.len(), 21, "a case for every kind of slot");
    cases.retain(|case| case.gap.as_deref() != Some("all"));
    block_on(async {
        let accounts = accounts(&moto.url()).await;
        let mut before = Vec::new();
        for (case, shown) in cases.iter().zip(shown(&moto, &cases)) {
            let text = read(&accounts, case).await;
            assert_eq!(json(case, text.as_deref()), shown, "{}", case.name);
            before.push((text, shown));
        }
        there(&accounts, &cases, &before).await;
        for (case, shown) in cases.iter().zip(shown(&moto, &cases)) {
            let wanted = json(case, case.after.as_deref());
            assert_eq!(sorted(&case.name, &shown), sorted(&case.name, &wanted), "{}", case.name);
        }
        deleted(&accounts, &cases).await;
        for (case, shown) in cases.iter().zip(shown(&moto, &cases)) {
            if case.deletable && case.gap.is_none() {
                assert!(nothing(&shown), "{}: {shown}", case.name);
            }
        }
        for (case, (text, _)) in cases.iter_mut().zip(&before) {
            let now = read(&accounts, case).await;
            let back = accounts
                .write(&case.target, &case.slot, now.as_deref(), text.as_deref())
                .await
                .unwrap_or_else(|it| panic!("{} goes back: {it}", case.name));
            if case.name == "keyGrant" {
                assert_ne!(back.slot, case.slot);
                assert!(back.note.unwrap().contains("made again"));
            }
            case.slot = back.slot;
        }
        for ((case, shown), (_, before)) in cases.iter().zip(shown(&moto, &cases)).zip(&before) {
            assert_eq!(sorted(&case.name, &shown), sorted(&case.name, before), "{}", case.name);
        }
    });
}

async fn there(accounts: &Accounts, cases: &[Case], before: &[(Option<String>, Value)]) {
    for (case, (text, _)) in cases.iter().zip(before) {
        let (text, after) = (text.as_deref(), case.after.as_deref());
        // Somebody else's value is not overwritten, whatever is to be written.
        let other = Some(r#"{"Version":"2012-10-17","Statement":[{"Sid":"Else"}]}"#);
        let refused = accounts.write(&case.target, &case.slot, other, after).await;
        let Err(WriteFailure::Changed { now }) = refused else {
            panic!("{}: {refused:?}", case.name)
        };
        assert_eq!(now.as_deref(), text, "{}", case.name);
        // Twice, as whoever died in between does.
        for _ in 0..2 {
            let written = accounts.write(&case.target, &case.slot, text, after).await;
            written.unwrap_or_else(|it| panic!("{}: {it}", case.name));
        }
    }
}

async fn deleted(accounts: &Accounts, cases: &[Case]) {
    for case in cases {
        let ended = accounts.write(&case.target, &case.slot, case.after.as_deref(), None).await;
        match (case.deletable, case.gap.as_deref(), ended) {
            (true, None, Ok(_)) => (),
            (false, None, Err(WriteFailure::Malformed { detail })) => {
                assert!(detail.contains("cannot be deleted"), "{}: {detail}", case.name);
            }
            // What the endpoint does not have reads as what it is.
            (true, Some("deletion"), Err(WriteFailure::Failed(failure))) => {
                assert_eq!(failure.action, "elasticfilesystem:DeleteFileSystemPolicy");
            }
            (_, _, ended) => panic!("{}: {ended:?}", case.name),
        }
    }
}

/// Whether a slot lets nobody in: lists without anything are as good as none.
fn nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !["Version", "Id"].contains(&name.as_str()))
            .all(|(_, value)| nothing(value)),
        _ => false,
    }
}

/// Lambda keeps statements in the order of their adding.
fn sorted(name: &str, value: &Value) -> Value {
    let mut value = value.clone();
    if name == "functionPolicy" || name == "layerPolicy" {
        value["Statement"].as_array_mut().unwrap().sort_by_key(|it| it["Sid"].to_string());
    }
    value
}
