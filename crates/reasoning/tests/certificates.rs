//! Certificates: what holds is certified, and what was tampered with is refused.

mod generate;

use std::collections::BTreeMap;

use ringfence_policy::{PolicyDocument, json, parse_policy, policy_from_json};
use ringfence_reasoning::certificate::{
    Certificate, Claim, Fault, Lemma, NotCertified, Refused, certify, verify,
};
use ringfence_reasoning::{Access, Question, RequestBox, ZoneOfTrust};

fn policy(value: &serde_json::Value) -> PolicyDocument {
    parse_policy(&value.to_string()).sound().unwrap()
}

fn zone() -> ZoneOfTrust {
    ZoneOfTrust {
        accounts: std::sync::Arc::new(["111122223333".to_owned()].into()),
        organization: Some("o-a1".to_owned()),
        canonical_users: Default::default(),
    }
}

fn accesses() -> [Access; 3] {
    let access = |actions: &[&str], resources: &[&str]| Access {
        actions: actions.iter().map(|text| (*text).to_owned()).collect(),
        resources: resources.iter().map(|text| (*text).to_owned()).collect(),
    };
    [
        access(&["s3:GetObject", "kms:*"], &["arn:aws:s3:::b/a*"]),
        access(&["sqs:SendMessage"], &[]),
        access(&[], &["arn:aws:s3:::*"]),
    ]
}

/// Calls `each` with every kind of question about the policies of `seeds`.
fn questions(seeds: std::ops::Range<u64>, mut each: impl FnMut(&str, &Question<'_>)) {
    let (zone, accesses) = (zone(), accesses());
    for seed in seeds {
        let pair = generate::pair(seed);
        let (existing, new) = (policy(&pair.existing), policy(&pair.new));
        let layers = [vec![&existing], vec![&new]];
        let within = RequestBox {
            matching: existing.statements.iter().take(1).collect(),
            outside: (seed % 8 < 4).then_some(&zone),
            untrusted: seed % 16 < 8,
        };
        let count = usize::try_from(seed % 3).unwrap() + 1;
        let all = [
            Question::NoNewAccess { existing: &existing, new: &new },
            Question::AccessNotGranted { policy: &new, accesses: &accesses[..count] },
            Question::NoPublicAccess { policy: &new },
            Question::NoAccessFromOutside { policy: &new, zone: &zone },
            Question::AnythingAllowed { layers: &layers, within: &within },
        ];
        for question in all {
            each(&format!("seed {seed}\n{}\n{}", pair.existing, pair.new), &question);
        }
    }
}

/// What is made is checked before it is given out, so an answer `Ok` is a certificate that was accepted.
#[test]
fn whatever_holds_is_certified() {
    let mut counts = BTreeMap::<&str, u64>::new();
    questions(0..600, |pair, question| {
        let outcome = match certify(question) {
            Ok(certificate) => {
                let text = certificate.to_json().to_string();
                let read = Certificate::parse(&text).unwrap();
                assert_eq!(read.to_json().to_string(), text);
                "certified"
            }
            Err(NotCertified::Fails(_)) => "fails",
            Err(NotCertified::Unknown(_)) => "unknown",
            Err(NotCertified::PolicyVariables) => "variables",
            Err(error) => panic!("{question:?}: {error}\n{pair}"),
        };
        *counts.entry(outcome).or_default() += 1;
    });
    let of = |outcome| counts.get(outcome).copied().unwrap_or(0);
    assert!(of("certified") > 1000 && of("fails") > 1000, "{counts:?}");
    assert!(of("variables") * 50 < of("certified"), "{counts:?}");
}

#[test]
fn no_lemma_can_be_dropped_or_turned() {
    let (mut dropped, mut turned) = (0, 0);
    questions(0..200, |pair, question| {
        let Ok(certificate) = certify(question) else { return };
        for lemma in 0..certificate.lemmas.len() {
            let mut fewer = certificate.clone();
            fewer.lemmas.remove(lemma);
            assert_eq!(verify(&fewer), Err(Refused::NotProved), "{pair}");
            dropped += 1;
            for said in 0..certificate.lemmas[lemma].impossible.len() {
                let mut other = certificate.clone();
                other.lemmas[lemma].impossible[said].met ^= true;
                let refused = verify(&other).unwrap_err();
                assert!(
                    matches!(refused, Refused::Lemma { lemma: at, fault: Fault::Possible(_) } if at == lemma),
                    "{refused}\n{pair}"
                );
                turned += 1;
            }
        }
    });
    assert!(dropped > 200 && turned > 300, "{dropped} {turned}");
}

/// Every right lemma of one or two sayings does not prove a claim that is false.
#[test]
fn a_claim_that_is_false_is_not_proved() {
    let mut tried = 0;
    for seed in 0..60 {
        let pair = generate::pair(seed);
        let (existing, new) = (policy(&pair.existing), policy(&pair.new));
        let question = Question::NoNewAccess { existing: &existing, new: &new };
        let Err(NotCertified::Fails(_)) = certify(&question) else { continue };
        let claim = Claim::NoNewAccess { existing: existing.clone(), new: new.clone() };
        let accepts = |lemmas: Vec<Lemma>| verify(&Certificate { claim: claim.clone(), lemmas });
        let sayings = certificate_sayings(&claim);
        let mut right = Vec::new();
        for (at, one) in sayings.iter().enumerate() {
            for other in &sayings[at..] {
                let lemma = Lemma { impossible: vec![one.clone(), other.clone()] };
                match accepts(vec![lemma.clone()]) {
                    Err(Refused::NotProved) => right.push(lemma),
                    Err(Refused::Lemma { .. }) => {}
                    answer => panic!("{answer:?} {lemma:?}"),
                }
            }
        }
        assert_eq!(accepts(right), Err(Refused::NotProved), "seed {seed}");
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
}

/// Every element of the statements, met and not met.
fn certificate_sayings(claim: &Claim) -> Vec<ringfence_reasoning::certificate::Said> {
    use ringfence_reasoning::certificate::{Element, Reference, Said};
    let mut all = Vec::new();
    for (document, (_, own)) in claim.documents().into_iter().enumerate() {
        for (statement, own) in own.statements.iter().enumerate() {
            let mut elements = vec![Element::Action, Element::Resource, Element::Principal];
            elements.extend(own.conditions.iter().map(|condition| Element::Condition {
                operator: condition.operator.value,
                key: condition.key.value.as_written().to_owned(),
            }));
            for element in elements {
                let reference = Reference::Statement { document, statement, element };
                all.extend([true, false].map(|met| Said { reference: reference.clone(), met }));
            }
        }
    }
    all
}

/// A pair that holds, with the lemmas it needs: an action, a resource, a condition.
fn sample() -> (PolicyDocument, PolicyDocument) {
    let statement = |action: &str, resource: &str, address: &str| {
        serde_json::json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": action, "Resource": resource,
            "Condition": { "IpAddress": { "aws:SourceIp": address } }
        }] })
    };
    let existing = statement("s3:Get*", "arn:aws:s3:::data/*", "10.0.0.0/8");
    (policy(&existing), policy(&statement("s3:GetObject", "arn:aws:s3:::data/in/?", "10.1.0.0/16")))
}

#[test]
fn a_claim_that_was_changed_is_refused() {
    let (existing, new) = sample();
    let certificate = certify(&Question::NoNewAccess { existing: &existing, new: &new }).unwrap();
    assert_eq!(certificate.lemmas.len(), 3);
    let swapped = Certificate {
        claim: Claim::NoNewAccess { existing: new.clone(), new: existing.clone() },
        lemmas: certificate.lemmas.clone(),
    };
    assert!(matches!(verify(&swapped), Err(Refused::Lemma { fault: Fault::Possible(_), .. })));
    let text = certificate.to_json().to_string();
    for (from, to) in [
        ("s3:GetObject", "s3:PutObject"),
        ("data/in/?", "date/in/?"),
        ("data/*", "data/*/x"),
        ("10.1.0.0/16", "10.1.0.0/7"),
        ("10.0.0.0/8", "11.0.0.0/8"),
    ] {
        let changed = Certificate::parse(&text.replacen(from, to, 1)).unwrap();
        let refused = verify(&changed).unwrap_err();
        assert!(
            matches!(refused, Refused::Lemma { fault: Fault::Possible(_), .. }),
            "{from}: {refused}"
        );
    }
    let denied = text.replacen("\"Allow\"", "\"Deny\"", 1);
    assert_eq!(verify(&Certificate::parse(&denied).unwrap()), Err(Refused::NotProved));
}

#[test]
fn lemmas_about_nothing_or_about_different_things_are_refused() {
    let (existing, new) = sample();
    let certificate = certify(&Question::NoNewAccess { existing: &existing, new: &new }).unwrap();
    let fault = |lemma: Lemma| {
        let all = Certificate { lemmas: vec![lemma], ..certificate.clone() };
        match verify(&all) {
            Err(Refused::Lemma { lemma: 0, fault }) => fault,
            other => panic!("{other:?}"),
        }
    };
    let both = certificate.lemmas[0].impossible.iter().chain(&certificate.lemmas[1].impossible);
    let mixed = Lemma { impossible: both.cloned().collect() };
    assert_eq!(fault(mixed), Fault::DifferentParts);
    let mut unknown = certificate.lemmas[0].clone();
    unknown.impossible[0].reference = ringfence_reasoning::certificate::Reference::Fact(
        ringfence_reasoning::certificate::Fact::Outside,
    );
    assert!(matches!(fault(unknown), Fault::NoSuchElement(_)));
    assert!(matches!(fault(Lemma { impossible: Vec::new() }), Fault::Possible(_)));
}

#[test]
fn a_text_of_another_form_is_not_read() {
    let (existing, new) = sample();
    let question = Question::NoNewAccess { existing: &existing, new: &new };
    let text = certify(&question).unwrap().to_json().to_string();
    for (from, to, expected) in [
        ("ringfence-certificate", "certificate", "certificate.format"),
        ("\"version\":1", "\"version\":2", "certificate.version"),
        ("\"Effect\":\"Allow\"", "\"Effect\":\"Maybe\"", "certificate.claim.existing"),
        ("\"check\":\"no-new-access\"", "\"check\":\"other\"", "certificate.claim.check"),
        ("\"lemmas\":", "\"lemmata\":", "unknown member `lemmata`"),
        ("\"document\":\"new\"", "\"document\":\"old\"", ".document"),
        ("\"met\":true", "\"met\":1", ".met"),
        ("\"claim\":", "\"claim\":{},\"claim\":", "no sound JSON"),
    ] {
        let error = Certificate::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{from}: {error}");
    }
    for length in [0, 1, text.len() / 2, text.len() - 1] {
        assert!(Certificate::parse(&text[..length]).is_err());
    }
}

/// The checker must not rest on what it checks.
#[test]
fn the_checker_uses_no_part_of_the_engine() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/certificate/verify");
    let allowed = ["crate::certificate::", "crate::questions::{Access, ZoneOfTrust}"];
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.contains("crate::")) {
            assert!(allowed.iter().any(|use_| line.contains(use_)), "{}: {line}", path.display());
        }
    }
}

/// The corpus is not part of the project; where it is there, all of it is certified.
#[test]
fn every_pass_of_the_forum_policies_is_certified() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/no-new-access");
    let Ok(text) = std::fs::read_to_string(format!("{folder}/forum-policies.jsonl")) else {
        return;
    };
    for line in text.lines() {
        let parsed = json::parse(line);
        let of = |name: &str| parsed.value.get(name).unwrap();
        let existing = policy_from_json(of("existing")).sound().unwrap();
        let new = policy_from_json(of("new")).sound().unwrap();
        let certificate = certify(&Question::NoNewAccess { existing: &existing, new: &new });
        match of("result").as_str() {
            Some("PASS") => drop(certificate.unwrap()),
            _ => assert!(matches!(certificate, Err(NotCertified::Fails(_))), "{line}"),
        }
    }
}
