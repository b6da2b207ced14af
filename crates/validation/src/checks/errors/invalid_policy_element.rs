#![doc = include_str!("invalid_policy_element.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Member;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_POLICY_ELEMENT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_policy_element.md"),
    run,
};

/// The elements of a policy: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.
const POLICY: &[&str] = &["Version", "Id", "Statement"];

/// The elements of a statement.
const STATEMENT: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    unknown(document.root.members(), POLICY, "a policy", report);
    for statement in &document.statements {
        unknown(statement.value.members(), STATEMENT, "a statement", report);
    }
}

fn unknown(members: &[Member<'_>], known: &[&'static str], of: &str, report: &mut Report<'_>) {
    for member in members {
        let name: &str = &member.key.value;
        if known.contains(&name) {
            continue;
        }
        let details = format!(
            "`{name}` is no element of {of}. Remove it or correct its name.{}",
            report.did_you_mean(name, known.iter().copied())
        );
        match known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            Some(known) => report.replace(member.key.span, format!("\"{known}\""), details),
            None => report.at(member.key.span, details),
        }
    }
}
