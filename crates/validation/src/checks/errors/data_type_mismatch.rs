#![doc = include_str!("data_type_mismatch.md")]

use crate::checks::Check;
use crate::document::{Document, one_or_many, type_name};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::json::Kind;
use ringfence_policy::json::{Member, Value};

pub(super) const CHECK: Check = Check {
    issue_code: "DATA_TYPE_MISMATCH",
    finding_type: FindingType::Error,
    page: include_str!("data_type_mismatch.md"),
    run,
};

/// What an element takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Texts,
    Object,
}

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if !matches!(document.root.kind, Kind::Object(_)) {
        return report.at(document.root.span, mismatch(document.root, "a policy", Takes::Object));
    }
    for member in [document.version, document.id].into_iter().flatten() {
        judge(&member.value, &quoted(member), Takes::Text, report);
    }
    let statements = document.statement.map_or(&[][..], |member| one_or_many(&member.value));
    for statement in statements {
        judge(statement, "a statement", Takes::Object, report);
    }
    for statement in &document.statements {
        for member in statement.value.members() {
            element(member, report);
        }
    }
}

fn element(member: &Member<'_>, report: &mut Report<'_>) {
    let name: &str = &member.key.value;
    match name {
        "Sid" | "Effect" => judge(&member.value, &quoted(member), Takes::Text, report),
        "Action" | "NotAction" | "Resource" | "NotResource" => {
            judge(&member.value, &quoted(member), Takes::Texts, report);
        }
        "Principal" | "NotPrincipal" => {
            for group in member.value.members() {
                judge(&group.value, &quoted(group), Takes::Texts, report);
            }
        }
        "Condition" => {
            judge(&member.value, &quoted(member), Takes::Object, report);
            for operator in member.value.members() {
                judge(&operator.value, &quoted(operator), Takes::Object, report);
                for key in operator.value.members() {
                    condition_values(key, report);
                }
            }
        }
        _ => {}
    }
}

/// AWS takes booleans and numbers in the place of their text.
fn condition_values(key: &Member<'_>, report: &mut Report<'_>) {
    for value in one_or_many(&key.value) {
        match value.kind {
            Kind::String(_) | Kind::Boolean(_) | Kind::Number(_) | Kind::Invalid => {}
            Kind::Null | Kind::Array(_) | Kind::Object(_) => {
                report.at(value.span, mismatch(value, &quoted(key), Takes::Texts));
            }
        }
    }
}

/// `name` says in the sentence what is meant.
fn judge(value: &Value<'_>, name: &str, takes: Takes, report: &mut Report<'_>) {
    let wrong = match takes {
        Takes::Text => !matches!(value.kind, Kind::String(_)),
        Takes::Object => !matches!(value.kind, Kind::Object(_)),
        Takes::Texts => {
            for element in one_or_many(value) {
                if !matches!(element.kind, Kind::String(_)) {
                    report.at(element.span, mismatch(element, name, takes));
                }
            }
            false
        }
    };
    if wrong {
        report.at(value.span, mismatch(value, name, takes));
    }
}

fn mismatch(value: &Value<'_>, name: &str, takes: Takes) -> String {
    let wanted = match takes {
        Takes::Text => "a string",
        Takes::Texts => "a string or a list of strings",
        Takes::Object => "an object",
    };
    format!("Here stands {}, where {wanted} belongs. Write {name} as {wanted}.", type_name(value))
}

fn quoted(member: &Member<'_>) -> String {
    format!("`{}`", member.key.value)
}
