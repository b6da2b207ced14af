#![doc = include_str!("unsupported_wildcard_in_principal.md")]

use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_wildcard_in_principal.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        let groups = statement.principal_elements().flat_map(|principals| &principals.groups);
        for group in groups {
            let is_everyone = |name: Text<'_>| group.kind.value == "AWS" && name.value == "*";
            let wild =
                group.names.iter().filter(|name| name.has_wildcard() && !is_everyone(**name));
            for name in wild {
                let details = format!(
                    "`{}` has a wildcard, which principals do not take but for `*` alone under `AWS`. Name the \
                     principal, or allow its account and add a condition on `aws:PrincipalArn`.",
                    name.value
                );
                report.at(name.span, details);
            }
        }
    }
}
