//! The life of findings against a reference of a few lines, over random sequences of what can happen.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::filter::{Criterion, Filter};
use crate::finding::StatusUpdate;
use crate::observation::{Details, ExternalAccess, FindingType};

/// Something that happens to an environment or to its findings.
#[derive(Clone, Debug)]
enum Step {
    /// These accesses are there from now on, and are looked at; or only a part of the resource can be.
    Scan(Vec<u8>, bool),
    Archive(u8),
    Activate(u8),
    Rule(u8),
    Apply,
    Days(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (prop::collection::btree_set(0..6u8, 0..5), prop::bool::weighted(0.8))
            .prop_map(|(seen, complete)| Step::Scan(seen.into_iter().collect(), complete)),
        1 => (0..6u8).prop_map(Step::Archive),
        1 => (0..6u8).prop_map(Step::Activate),
        1 => (0..6u8).prop_map(Step::Rule),
        1 => Just(Step::Apply),
        1 => (1..100i64).prop_map(Step::Days),
    ];
    prop::collection::vec(step, 1..40)
}

/// Access of one kind; the last of them is an error.
fn observation(kind: u8) -> Observation {
    let details = match kind {
        5 => Details::Error {
            finding_type: FindingType::ExternalAccess,
            code: "ACCESS_DENIED".to_owned(),
            message: "the key policy could not be read".to_owned(),
        },
        _ => Details::External(ExternalAccess {
            principal: BTreeMap::from([("AWS".to_owned(), format!("{kind:012}"))]),
            ..ExternalAccess::default()
        }),
    };
    Observation {
        id: format!("id-{kind}"),
        resource: "arn:aws:s3:::bucket".to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
        details,
    }
}

fn rule(kind: u8, now: Timestamp) -> ArchiveRule {
    let eq = Some(vec![format!("{kind:012}")]);
    let filter =
        BTreeMap::from([("principal.AWS".to_owned(), Criterion { eq, ..Criterion::default() })]);
    ArchiveRule {
        rule_name: format!("rule-{kind}"),
        filter: Filter(filter),
        created_at: now,
        updated_at: now,
    }
}

fn write(stored: &mut BTreeMap<String, Finding>, changes: Vec<Change>) {
    for change in changes {
        match change {
            Change::Create(finding) | Change::Status { finding, .. } | Change::Refresh(finding) => {
                stored.insert(finding.id().to_owned(), finding);
            }
            Change::Delete(finding) => {
                stored.remove(finding.id());
            }
        }
    }
}

/// The reference: by kind the status and the day of its last change.
type Model = BTreeMap<u8, (FindingStatus, i64)>;

fn model_scan(model: &mut Model, seen: &[u8], complete: bool, rules: &[u8], day: i64) {
    let fresh = |kind: &u8| match rules.contains(kind) {
        true => FindingStatus::Archived,
        false => FindingStatus::Active,
    };
    for kind in 0..6u8 {
        match (seen.contains(&kind), model.get(&kind).copied()) {
            (true, None | Some((FindingStatus::Resolved, _))) => {
                _ = model.insert(kind, (fresh(&kind), day))
            }
            (false, Some(_)) if kind == 5 => _ = model.remove(&kind),
            (false, Some((FindingStatus::Resolved, since))) if day - since >= 90 => {
                _ = model.remove(&kind)
            }
            (false, Some((FindingStatus::Active | FindingStatus::Archived, _))) if complete => {
                model.insert(kind, (FindingStatus::Resolved, day));
            }
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn findings_live_as_the_reference_does(steps in steps()) {
        let start = Timestamp::from_second(1_700_000_000).unwrap();
        let (mut stored, mut rules) = (BTreeMap::new(), Vec::new());
        let (mut model, mut ruled, mut day) = (Model::new(), Vec::new(), 0);
        for step in steps {
            let now = start + (day * 24).hours();
            match step {
                Step::Scan(seen, complete) => {
                    let observations: Vec<_> = seen.iter().map(|kind| observation(*kind)).collect();
                    let completeness = match complete {
                        true => Completeness::Complete,
                        false => Completeness::Incomplete,
                    };
                    let observed = Observed { observations: &observations, completeness };
                    let before: Vec<Finding> = stored.values().cloned().collect();
                    write(&mut stored, reconcile(&before, observed, &rules, now));
                    let after: Vec<Finding> = stored.values().cloned().collect();
                    prop_assert_eq!(reconcile(&after, observed, &rules, now), Vec::new());
                    model_scan(&mut model, &seen, complete, &ruled, day);
                }
                Step::Archive(kind) | Step::Activate(kind) => {
                    let (update, from, to) = match step {
                        Step::Archive(_) => (StatusUpdate::Archived, FindingStatus::Active, FindingStatus::Archived),
                        _ => (StatusUpdate::Active, FindingStatus::Archived, FindingStatus::Active),
                    };
                    let by = ArchivedBy::Person { who: "alice".to_owned(), reason: None };
                    let id = format!("id-{kind}");
                    if let Some(next) = stored.get(&id).and_then(|own| own.updated(update, by, now)) {
                        stored.insert(id, next);
                    }
                    if let Some(own) = model.get_mut(&kind).filter(|own| own.0 == from) {
                        *own = (to, day);
                    }
                }
                Step::Rule(kind) if kind < 5 => {
                    rules.push(rule(kind, now));
                    ruled.push(kind);
                }
                Step::Rule(_) => {}
                Step::Apply => {
                    for own in stored.values_mut() {
                        if let Some(next) = rules.iter().find_map(|rule| rule.applied(own, now)) {
                            *own = next;
                        }
                    }
                    for (kind, own) in &mut model {
                        if own.0 == FindingStatus::Active && ruled.contains(kind) {
                            *own = (FindingStatus::Archived, day);
                        }
                    }
                }
                Step::Days(days) => day += days,
            }
            let is: BTreeMap<_, _> = stored.iter().map(|(id, own)| (id.clone(), own.status)).collect();
            let should: BTreeMap<_, _> = model.iter().map(|(kind, own)| (format!("id-{kind}"), own.0)).collect();
            prop_assert_eq!(is, should);
            for own in stored.values() {
                prop_assert_eq!(own.archived_by.is_some(), own.status == FindingStatus::Archived);
            }
        }
    }
}
