//! Internal access in random environments against the evaluator: each witness is allowed by the policies
//! as they were generated, each request that the evaluator allows lies in an observation, and order changes
//! nothing.

mod documents;
mod kinds;
mod numbers;
mod world;

use ringfence_access::external::ZoneChoice;
use ringfence_access::internal::{Analysis, Inclusions, InternalObservation, InternalReport};
use ringfence_policy::catalogue::{Catalogue, CrossAccount};
use ringfence_policy::evaluate::{Decision, decide, document_decision};
use ringfence_policy::{
    AccountId, Caller, ConditionKey, ContextValue, RequestContext, parse_policy,
};
use serde_json::json;

use kinds::KINDS;
use numbers::Numbers;
use world::{Control, MANAGEMENT, ORGANIZATION, OWN, Who, World};

const ROUNDS: usize = 120;

fn reports(world: &World, zone: ZoneChoice) -> InternalReport {
    let inventory = world.inventory();
    let analysis = Analysis::new(&inventory, zone, Inclusions::default());
    assert!(analysis.not_analyzed().is_empty(), "{:?}", analysis.not_analyzed());
    analysis.resource(&inventory.resources[0])
}

fn each(seed: u64, mut check: impl FnMut(&mut Numbers, &World)) {
    let mut numbers = Numbers(seed);
    for kind in &KINDS {
        for _ in 0..ROUNDS {
            let world = World::random(&mut numbers, kind);
            check(&mut numbers, &world);
        }
    }
}

fn described(world: &World, who: &Who) -> String {
    let Who { arn, identity, boundary, .. } = who;
    let [identity, boundary] = [json!(identity), json!(boundary)];
    let control = world.control();
    format!(
        "{arn}\nidentity {identity}\nboundary {boundary}\nresource {}\n{control}",
        world.resource_policy
    )
}

/// A request that `who` can make: what follows from who it is and what the resource is, is so.
fn request(numbers: &mut Numbers, world: &World, who: &Who) -> RequestContext {
    let path = format!("{ORGANIZATION}/r-1/");
    let single = |text: &str| ContextValue::Single(text.to_owned());
    let mut context = std::collections::BTreeMap::from([
        (ConditionKey::new("aws:PrincipalOrgID"), single(ORGANIZATION)),
        (ConditionKey::new("aws:PrincipalOrgPaths"), ContextValue::Many(vec![path])),
    ]);
    if let Some(team) = who.team {
        context.insert(ConditionKey::new("aws:PrincipalTag/team"), single(team));
    }
    if let Some(team) = world.tagged {
        context.insert(ConditionKey::new("aws:ResourceTag/team"), single(team));
    }
    let name = who.arn.rsplit('/').next().unwrap();
    let session = numbers.pick(&["s1", "s2"]);
    let caller = match who.arn.contains(":user/") {
        true => Caller::parse(who.arn).unwrap(),
        false => {
            context.insert(ConditionKey::new("aws:PrincipalArn"), single(who.arn));
            let id =
                if name == "reader" { "AROAREADER00000000001" } else { "AROAOTHER000000000001" };
            context.insert(ConditionKey::new("aws:userid"), single(&format!("{id}:{session}")));
            let account = who.account;
            let arn = format!("arn:aws:sts::{account}:assumed-role/{name}/{session}");
            Caller::parse(&arn).unwrap()
        }
    };
    for (key, values) in [
        ("aws:SourceIp", ["198.51.100.7", "192.0.2.1"]),
        ("aws:SourceVpce", ["vpce-1", "vpce-3"]),
        ("aws:SecureTransport", ["true", "false"]),
        ("aws:MultiFactorAuthPresent", ["true", "false"]),
    ] {
        if numbers.below(3) > 0 {
            context.insert(ConditionKey::new(key), single(numbers.pick(&values)));
        }
    }
    RequestContext {
        caller,
        action: numbers.pick(&world.kind.actions).to_owned(),
        resource: numbers.pick(&world.kind.asked).to_owned(),
        resource_account: AccountId::new(OWN),
        context,
    }
}

/// Whether the observation speaks of the request.
fn covers(own: &InternalObservation, who: &Who, request: &RequestContext) -> bool {
    let mut conditions = json!({});
    for (key, label) in &own.condition {
        let operator = match key.as_str() {
            "aws:SourceIp" => "IpAddress",
            _ => "StringLike",
        };
        conditions[operator][key] = label.as_str().into();
    }
    let label = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": conditions,
    }});
    let label = parse_policy(&label.to_string()).sound().unwrap();
    own.principal == who.arn
        && own.action.contains(&request.action)
        && document_decision(&label, request) == Decision::Allowed
}

/// Whether AWS lets principals of other accounts use the action at all.
fn works_across_accounts(world: &World, action: &str) -> bool {
    let all = Catalogue::embedded().resource_policy_actions(world.resource_type()).unwrap();
    let own = all.iter().find(|own| own.action.to_string() == action).unwrap();
    own.cross_account != CrossAccount::NotSupported
}

#[test]
fn every_witness_gets_in() {
    let mut found = 0;
    each(3, |_, world| {
        for (zone, control) in
            [(ZoneChoice::Organization, Control::Counts), (ZoneChoice::Account, Control::DoesNot)]
        {
            let report = reports(world, zone);
            for own in &report.observations {
                let mut principals = world.principals.iter();
                let who = principals.find(|who| who.arn == own.principal).unwrap();
                let stack = world.stack(who, control);
                let outcome = decide(&own.witness, &stack);
                let told = described(world, who);
                assert_eq!(outcome.decision, Decision::Allowed, "{told}\n{own:?}\n{outcome:?}");
                assert!(covers(own, who, &own.witness), "{told}\n{own:?}");
                assert_eq!(own.witness.caller.account().unwrap().as_str(), who.account);
                assert!(!own.granted_by.is_empty(), "{told}\n{own:?}");
                found += 1;
            }
        }
    });
    assert!(found > 800, "{found} observations");
}

#[test]
fn every_request_that_gets_in_is_observed() {
    let (mut allowed, mut undecided, mut conditional) = (0, 0, 0);
    each(5, |numbers, world| {
        let report = reports(world, ZoneChoice::Organization);
        let open = |who: &Who| {
            let name = format!("`{}`", who.arn);
            report.not_analyzed.iter().any(|entry| entry.reason.contains(&name))
        };
        conditional += report.observations.iter().filter(|own| !own.condition.is_empty()).count();
        for who in &world.principals {
            undecided += usize::from(open(who));
            for _ in 0..12 {
                let request = request(numbers, world, who);
                let across = who.account != OWN;
                let outcome = decide(&request, &world.stack(who, Control::Counts));
                if outcome.decision != Decision::Allowed
                    || (across && !works_across_accounts(world, &request.action))
                {
                    continue;
                }
                allowed += 1;
                let observed = report.observations.iter().any(|own| covers(own, who, &request));
                let told = described(world, who);
                assert!(
                    observed || open(who),
                    "{told}\n{request:?}\n{outcome:?}\n{:?}",
                    report.observations
                );
            }
        }
    });
    assert!(allowed > 1500, "{allowed} requests");
    assert!(conditional > 60, "{conditional} with conditions");
    assert!(undecided < 40, "{undecided} undecided");
}

#[test]
fn an_observation_says_what_was_taken_off() {
    let mut applied = 0;
    each(7, |_, world| {
        for own in reports(world, ZoneChoice::Organization).observations {
            let scp = own.service_control_policy_restriction.as_scp_str();
            let exempt =
                own.principal.contains(MANAGEMENT) || own.principal.contains("aws-service-role");
            assert!(matches!(scp, "APPLIED" | "NOT_APPLICABLE"), "{own:?}");
            assert!(!exempt || scp == "NOT_APPLICABLE", "{own:?}");
            applied += usize::from(scp == "APPLIED");
        }
        for own in reports(world, ZoneChoice::Account).observations {
            let scp = own.service_control_policy_restriction.as_scp_str();
            assert!(matches!(scp, "APPLICABLE" | "NOT_APPLICABLE"), "{own:?}");
            assert_eq!(own.access_type.as_str(), "INTRA_ACCOUNT");
        }
    });
    assert!(applied > 30, "{applied}");
}

#[test]
fn the_order_of_statements_changes_nothing() {
    let seen = |world: &World| -> Vec<_> {
        let report = reports(world, ZoneChoice::Organization);
        let own =
            |own: &InternalObservation| (own.id.clone(), own.action.clone(), own.condition.clone());
        report.observations.iter().map(own).collect()
    };
    each(11, |_, world| {
        let first = seen(world);
        assert_eq!(first, seen(world));
        let mut turned = world.clone();
        turned.resource_policy["Statement"].as_array_mut().unwrap().reverse();
        for document in turned.principals.iter_mut().flat_map(|who| &mut who.identity) {
            document["Statement"].as_array_mut().unwrap().reverse();
        }
        assert_eq!(first, seen(&turned), "{}", world.resource_policy);
    });
}
