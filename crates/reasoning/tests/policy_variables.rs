//! Questions about policies with variables that must have an exact answer.

use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::{Answer, check_no_new_access};
use serde_json::{Value, json};

fn policy(resource: &str, condition: Option<Value>) -> PolicyDocument {
    let mut statement = json!({
        "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": resource,
    });
    if let (Some(condition), Some(members)) = (condition, statement.as_object_mut()) {
        members.insert("Condition".to_owned(), condition);
    }
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    parse_policy(&document.to_string()).sound().expect("a sound policy")
}

const TRAIL: &str =
    "arn:aws:s3:::trail/AWSLogs/${aws:PrincipalAccount}/CloudTrail/${aws:PrincipalAccount}_log";

#[test]
fn the_statement_of_an_organization_trail_is_decided() {
    let trail = policy(TRAIL, None);
    assert_eq!(check_no_new_access(&trail, &trail), Answer::Holds);
    let own = json!({"StringEquals": {"aws:PrincipalAccount": "111122223333"}});
    let literal = TRAIL.replace("${aws:PrincipalAccount}", "111122223333");
    assert_eq!(check_no_new_access(&trail, &policy(&literal, Some(own.clone()))), Answer::Holds);
    let anybody = check_no_new_access(&trail, &policy(&literal, None));
    assert!(matches!(anybody, Answer::Fails(_)), "{anybody:?}");
    let mixed = literal.replacen("111122223333", "444455556666", 1);
    let mixed = check_no_new_access(&trail, &policy(&mixed, Some(own)));
    assert!(matches!(mixed, Answer::Fails(_)), "{mixed:?}");
}

#[test]
fn a_home_folder_is_within_itself_and_not_within_anothers() {
    let home = policy("arn:aws:s3:::home/${aws:username}/*", None);
    let documents = policy("arn:aws:s3:::home/${aws:username}/documents/*", None);
    assert_eq!(check_no_new_access(&home, &documents), Answer::Holds);
    assert!(matches!(check_no_new_access(&documents, &home), Answer::Fails(_)));
    let bob = policy("arn:aws:s3:::home/bob/*", None);
    assert!(matches!(check_no_new_access(&bob, &home), Answer::Fails(_)));
}
