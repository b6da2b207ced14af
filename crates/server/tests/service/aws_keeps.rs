//! Findings that AWS keeps: a service in the place of IAM Access Analyzer in each Region, moto for the rest of AWS, events
//! through a rule of EventBridge and a queue.

use crate::python::run_world;
use crate::running::Folder;

/// Runs a script that makes a world of its own, and shows what it prints.
fn story(script: &str) {
    run_world(script, &Folder::new(), &[]);
}

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn events_of_aws_are_acted_on_once_and_resolved_by_its_word() {
    story("aws_intake.py");
}

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn what_aws_resolves_while_a_person_is_waited_for_closes_itself() {
    story("aws_waiting.py");
}

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn nothing_is_lost_when_the_service_is_killed_between_message_and_decision() {
    story("aws_killed.py");
}

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn grants_that_are_made_again_are_known_by_their_new_ids() {
    story("grants.py");
}

#[test]
#[ignore = "needs moto and boto3: `cargo xtask test` sets them up"]
fn tags_decide_where_those_set_them_who_may() {
    story("tag_setters.py");
}

#[test]
#[ignore = "needs moto, aiosmtpd, the AWS CLI and jq: `cargo xtask test` sets them up"]
fn the_mail_s_commands_open_again_what_was_closed() {
    story("mail_commands.py");
}
