use ringfence_policy::json;
use ringfence_policy::{
    AccountId, Caller, ConditionKey, ContextValue, PolicyDocument, RequestContext, parse_policy,
};
use ringfence_reasoning::wording::Wording;
use ringfence_reasoning::{Answer, Limit, Refutation};
use serde_json::json;

use super::answer::CheckAnswer;
use super::*;
use crate::policy_file::PolicyFile;

const WORDING: Wording = Wording { pass: "passes", fail: "fails", reason: "Found in" };

fn policy(text: &str) -> PolicyDocument {
    parse_policy(text).sound().unwrap()
}

fn two_statements() -> PolicyDocument {
    policy(
        r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Sid": "Own", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}"#,
    )
}

fn fails() -> Answer {
    let witness = RequestContext {
        caller: Caller::Anonymous,
        action: "s3:GetObject".into(),
        resource: "arn:aws:s3:::data/x".into(),
        resource_account: AccountId::new("111122223333"),
        context: [
            (ConditionKey::new("aws:SourceIp"), ContextValue::Single("203.0.113.9".into())),
            (ConditionKey::new("aws:TagKeys"), ContextValue::Many(vec!["a".into(), "b".into()])),
        ]
        .into(),
    };
    Answer::Fails(Refutation { witness, statements: vec![0, 1] })
}

#[test]
fn a_failure_names_statements_and_a_scenario() {
    let Answer::Fails(Refutation { witness, .. }) = fails() else { panic!() };
    let answer = CheckAnswer::new(fails(), &two_statements(), &WORDING);
    assert!(!answer.passes());
    let expected = json!({
        "result": "FAIL", "message": "fails",
        "reasons": [
            {"description": "Found in index: 0.", "statementIndex": 0},
            {"description": "Found in sid: Own.", "statementIndex": 1, "statementId": "Own"},
        ],
        "witness": witness.to_scenario_json(),
    });
    assert_eq!(serde_json::to_value(&answer).unwrap(), expected);
}

#[test]
fn what_is_not_decided_does_not_pass() {
    let answer = CheckAnswer::new(Answer::Unknown(Limit::Variables), &two_statements(), &WORDING);
    assert!(!answer.passes());
    let answer = serde_json::to_value(&answer).unwrap();
    assert_eq!(answer["result"], "UNKNOWN");
    assert_eq!(
        answer["reasons"],
        json!([{"description": format!("A limit was reached: {}.", Limit::Variables)}])
    );
    assert_eq!(answer.get("witness"), None);
}

type AnswerJob = fn(&json::Value<'_>, &str) -> Result<CheckAnswer, JobError>;

#[track_caller]
fn result(answer_job: AnswerJob, job: &serde_json::Value) -> serde_json::Value {
    let line = job.to_string();
    let answer = answer_job(&json::parse(&line).value, &line).unwrap();
    serde_json::to_value(answer.result).unwrap()
}

#[track_caller]
fn refused(answer_job: AnswerJob, job: &serde_json::Value) -> (String, String) {
    let line = job.to_string();
    let error = answer_job(&json::parse(&line).value, &line).unwrap_err();
    let place = line.get(error.span.start as usize..error.span.end as usize).unwrap();
    (error.message, place.to_owned())
}

#[test]
fn jobs_hold_policies_as_objects_or_texts() {
    let narrow = json!({"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}});
    let wide = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}});
    for (existing, new, expected) in
        [(&narrow, &wide, "FAIL"), (&wide, &narrow, "PASS"), (&wide, &wide, "PASS")]
    {
        let as_text = json!({"existing": existing.to_string(), "new": new.to_string()});
        let job = json!({"existing": existing, "new": new, "policyType": "IDENTITY_POLICY"});
        assert_eq!(result(no_new_access::answer_job, &job), expected);
        assert_eq!(result(no_new_access::answer_job, &as_text), expected);
    }
    let broken = json!({"existing": narrow, "new": "{\"Statement\":\n{\"Effect\": \"Maybe\"}}"});
    let (message, place) = refused(no_new_access::answer_job, &broken);
    assert!(message.contains("one more problem"), "{message}");
    assert_eq!(place, "{\\\"Effect\\\": \\\"Maybe\\\"}");
    let scp = json!({"existing": narrow, "new": wide, "policyType": "scp"});
    assert_eq!(refused(no_new_access::answer_job, &scp).1, "\"scp\"");
    let none = json!({"existing": narrow});
    assert_eq!(refused(no_new_access::answer_job, &none).0, "the job has no `new`");
}

#[test]
fn access_is_listed_with_at_least_one_part_and_no_more_than_a_hundred() {
    let job = |access: serde_json::Value| {
        let policy =
            json!({"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}});
        json!({"policy": policy, "policyType": "identity", "access": access})
    };
    let ask = access_not_granted::answer_job;
    for (access, expected) in [
        (json!({"actions": ["s3:GetObject"]}), "FAIL"),
        (json!([{"actions": ["s3:PutObject"], "resources": ["arn:aws:s3:::a"]}]), "PASS"),
        (json!({"resources": ["arn:aws:s3:::a"]}), "FAIL"),
        (json!({"actions": vec!["s3:PutObject"; 100], "resources": []}), "PASS"),
    ] {
        assert_eq!(result(ask, &job(access.clone())), expected, "{access}");
    }
    for (access, expected) in [
        (json!({}), "list at least one action or one resource"),
        (json!({"actions": [], "resources": []}), "list at least one action or one resource"),
        (json!([]), "`access` takes an object with `actions` and `resources`, or a list of one"),
        (
            json!([{}, {}]),
            "`access` takes an object with `actions` and `resources`, or a list of one",
        ),
        (
            json!({"action": ["s3:*"]}),
            "`action` is no member of `access`; there are actions and resources",
        ),
        (
            json!({"actions": vec!["a:b"; 101]}),
            "101 actions are listed; the check takes at most 100",
        ),
        (json!({"actions": [5]}), "`actions` takes a string, not a number"),
        (json!({"actions": [""]}), "one of the listed actions is empty"),
    ] {
        assert_eq!(refused(ask, &job(access.clone())).0, expected, "{access}");
    }
}

#[test]
fn public_access_is_asked_of_a_type() {
    let ask = no_public_access::answer_job;
    let job = |principal: &str, resource_type: &str| {
        let trust =
            json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
        json!({"policy": {"Statement": trust}, "resourceType": resource_type})
    };
    let role = "AWS::IAM::AssumeRolePolicyDocument";
    assert_eq!(result(ask, &job("111122223333", role)), "PASS");
    assert_eq!(result(ask, &job("*", role)), "FAIL");
    assert_eq!(
        refused(ask, &job("*", "AWS::IAM::Role")).0,
        "`AWS::IAM::Role` is no resource type of this check"
    );
}

#[test]
fn people_see_the_statement_and_nothing_that_moves_the_cursor() {
    let text = "{\n \"Statement\": [\n  {\n   \"Sid\": \"a\u{202e}b\",\n   \"Effect\": \"Allow\", \
                \"Action\": \"s3:*\",\n\n   \"Resource\": \"*\"\n  }\n ]\n}\n";
    let source = ringfence_access::inventory::PolicySource::whole_file(&"p.json".into(), text);
    let file = PolicyFile { source, document: policy(text) };
    let Answer::Fails(refutation) = fails() else { panic!() };
    let answer = Answer::Fails(Refutation { statements: vec![0], ..refutation });
    let answer = CheckAnswer::new(answer, &file.document, &WORDING);
    let mut shown = Vec::new();
    table::write(&mut shown, &answer, &file, &Output::plain(40)).unwrap();
    let expected = "\
FAIL  fails

p.json:3:2  statement 0 (a\\u{202e}b)
  3 | {
  4 |  \"Sid\": \"a\\u{202e}b\",
  5 |  \"Effect\": \"Allow\", \"Action\": \"s3…
  6 |
  7 |  \"Resource\": \"*\"
  8 | }

A request that gets through
  principal anonymous
  action    s3:GetObject
  resource  arn:aws:s3:::data/x
  context   aws:SourceIp = 203.0.113.9
            aws:TagKeys = a, b
";
    assert_eq!(String::from_utf8(shown).unwrap(), expected);
}
