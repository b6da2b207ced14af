use std::collections::BTreeMap;

use ringfence_policy::location::Position;

use super::super::{Configuration, SqsQueue};
use super::*;

fn queue(account: usize, number: u64, file: &str) -> Resource {
    let account = AccountId::new(&format!("{account:012}")).unwrap();
    Resource {
        arn: format!("arn:aws:sqs:eu-west-1:{account}:queue-{number}"),
        account,
        region: Arc::from("eu-west-1"),
        tags: Vec::new(),
        file: Arc::from(file),
        position: Position { line: 1, column: 0, offset: 0 },
        configuration: Configuration::SqsQueue(SqsQueue { queue_policy: None }),
    }
}

/// Numbers that look random and are the same in each run.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn changes_one_by_one_come_to_what_a_sort_of_all_gives() {
    let (mut resources, mut expected) = (Resources::default(), BTreeMap::new());
    let mut state = 7;
    for step in 0..6_000 {
        let (account, number) = (next(&mut state) as usize % 5, next(&mut state) % 700);
        let own = queue(account, number, &format!("f{step}"));
        let copy = resources.clone();
        let before: Vec<String> = match step % 500 {
            0 => copy.iter().map(|own| own.file.to_string()).collect(),
            _ => Vec::new(),
        };
        if next(&mut state).is_multiple_of(3) {
            let removed =
                resources.remove(own.resource_type(), &own.arn).map(|own| own.file.clone());
            assert_eq!(removed, expected.remove(&(account, own.arn.clone())));
        } else {
            expected.insert((account, own.arn.clone()), own.file.clone());
            resources.put(own);
        }
        if step % 500 == 0 {
            // A copy stays what it was.
            assert_eq!(copy.iter().map(|own| own.file.to_string()).collect::<Vec<_>>(), before);
            assert_eq!(copy.len(), before.len());
        }
    }
    assert!(resources.chunks.len() > 5 && resources.chunks.iter().all(|own| !own.is_empty()));
    let files: Vec<_> = resources.iter().map(|own| own.file.clone()).collect();
    assert_eq!(files, expected.values().cloned().collect::<Vec<_>>());
    for ((_, arn), file) in &expected {
        let found: Vec<_> = resources.with_arn(arn).map(|own| own.file.clone()).collect();
        assert_eq!(found, std::slice::from_ref(file));
    }
    assert_eq!(resources.with_arn("arn:aws:sqs:eu-west-1:000000000009:queue-1").count(), 0);
}
