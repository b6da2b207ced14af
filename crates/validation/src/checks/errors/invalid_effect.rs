#![doc = include_str!("invalid_effect.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_EFFECT",
    finding_type: FindingType::Error,
    page: include_str!("invalid_effect.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let Some(effect) = statement.effect.and_then(|member| Text::of(&member.value)) else {
            continue;
        };
        if statement.effect().is_some() {
            continue;
        }
        let meant =
            ["Allow", "Deny"].into_iter().find(|name| name.eq_ignore_ascii_case(effect.value));
        let details = format!(
            "`{}` is no effect. Write `Allow` or `Deny`, with these letters.",
            effect.value
        );
        match meant {
            Some(name) => report.replace(effect.span, format!("\"{name}\""), details),
            None => report.at(effect.span, details),
        }
    }
}
