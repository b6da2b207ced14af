//! What is left when others changed a slot since.

use ringfence_access::external::ZoneChoice;

use crate::world::{World, applied, finding};
use ringfence_response::resolution::undo;
use ringfence_response::slot::{Slot, Slots};

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:user/Alice"},"Action":"sts:AssumeRole"}]}"#;

fn role(trust: &str) -> World {
    let slots = Slots::from([(Slot::RoleTrustPolicy, Some(trust.to_owned()))]);
    World::new("AWS::IAM::Role", ROLE, slots, ZoneChoice::Account)
}

#[test]
fn the_story_of_alice() {
    let world = role(TRUST);
    let plan = world.plan(&finding(&world.ways(&world.slots)[0])).unwrap();
    let after = plan.edits[0].after.as_deref().unwrap();
    assert_eq!(
        after,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:user/Alice"},"Action":"sts:AssumeRole"},{"Sid":"Ringfence9f86d081884c5d659a2feaa0c55ad015","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::999988887777:user/Alice"},"Action":"sts:AssumeRole"}]}"#
    );
    let live = applied(&world.slots, &plan.edits);
    assert!(world.ways(&live).is_empty());
    assert_eq!(applied(&live, &undo(&plan, &live).unwrap()), world.slots);
    // Twice is nothing more.
    assert_eq!(undo(&plan, &world.slots).unwrap(), []);
    assert_eq!(plan.hash().len(), 64);
    assert_eq!(plan.hash(), world.plan(&finding(&world.ways(&world.slots)[0])).unwrap().hash());
}

#[test]
fn what_others_wrote_stays() {
    let world = role(TRUST);
    let plan = world.plan(&finding(&world.ways(&world.slots)[0])).unwrap();
    let live = applied(&world.slots, &plan.edits);
    let written = live[&Slot::RoleTrustPolicy].clone().unwrap();
    let bob = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/Bob"},"Action":"sts:AssumeRole"}"#;
    let changed = written.replace("\"Statement\":[", &format!("\"Statement\":[{bob}, "));
    let now = Slots::from([(Slot::RoleTrustPolicy, Some(changed.clone()))]);
    let back = undo(&plan, &now).unwrap();
    let expected = TRUST.replace("\"Statement\":[", &format!("\"Statement\":[{bob}, "));
    assert_eq!(back[0].before.as_deref(), Some(changed.as_str()));
    assert_eq!(back[0].after.as_deref(), Some(expected.as_str()));
    // Somebody else took it out already.
    let gone = Slots::from([(Slot::RoleTrustPolicy, Some(expected))]);
    assert_eq!(undo(&plan, &gone).unwrap(), []);
    // Somebody wrote it otherwise: whose it is now cannot be told.
    let other = written.replace(
        "user/Alice\"},\"Action\":\"sts:AssumeRole\"}]",
        "user/Eve\"},\"Action\":\"sts:AssumeRole\"}]",
    );
    let now = Slots::from([(Slot::RoleTrustPolicy, Some(other.clone()))]);
    let refused = undo(&plan, &now).unwrap_err();
    assert_eq!((refused.written, refused.now), (Some(written), Some(other)));
}

#[test]
fn a_principal_that_was_taken_out_comes_back_in_its_place() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Sid":"one","Effect":"Allow","Principal":{"AWS":["999988887777","210987654321"]},"Action":"lambda:InvokeFunction","Resource":"*"}]}"#;
    let slots = Slots::from([(Slot::FunctionPolicy, Some(policy.to_owned()))]);
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let world = World::new("AWS::Lambda::Function", arn, slots, ZoneChoice::Account);
    let ways = world.ways(&world.slots);
    let plan = world.plan(&finding(&ways[1])).unwrap();
    let live = applied(&world.slots, &plan.edits);
    assert_eq!(world.ways(&live).len(), 1);
    let more = live[&Slot::FunctionPolicy].clone().unwrap().replace(
        "\"Statement\":[",
        r#""Statement":[{"Sid":"own","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"lambda:InvokeFunction","Resource":"*"},"#,
    );
    let now = Slots::from([(Slot::FunctionPolicy, Some(more))]);
    let restored = applied(&now, &undo(&plan, &now).unwrap());
    assert!(
        restored[&Slot::FunctionPolicy]
            .as_deref()
            .unwrap()
            .contains("\"999988887777\",\"210987654321\"")
    );
    assert_eq!(world.ways(&restored).len(), 2);
}

/// IAM refuses a policy that names a principal that was deleted.
#[test]
fn deleted_principals_are_not_written_again() {
    let trust = TRUST.replace(
        "\"arn:aws:iam::999988887777:user/Alice\"",
        "[\"AIDAEXAMPLEEXAMPLE123\", \"arn:aws:iam::999988887777:user/Alice\"]",
    );
    let world = role(&trust);
    let plan = world.plan(&finding(&world.ways(&world.slots)[0])).unwrap();
    assert_eq!(plan.proof.admission(), ringfence_response::plan::Admission::Automatic);
    let live = applied(&world.slots, &plan.edits);
    assert!(!live[&Slot::RoleTrustPolicy].as_deref().unwrap().contains("AIDA"));
    let restored = applied(&live, &undo(&plan, &live).unwrap());
    let expected = trust.replace("\"AIDAEXAMPLEEXAMPLE123\", ", "");
    assert_eq!(restored[&Slot::RoleTrustPolicy].as_deref(), Some(expected.as_str()));
    assert_eq!(undo(&plan, &restored).unwrap(), []);
}
