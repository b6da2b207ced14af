#![doc = include_str!("redundant_principal_in_role_trust_policy.md")]

use crate::arn::ArnText;
use crate::checks::Check;
use crate::document::{Document, Text};
use crate::finding::FindingType;
use crate::policy_kind::PolicyKind;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
    finding_type: FindingType::Suggestion,
    page: include_str!("redundant_principal_in_role_trust_policy.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    if document.kind != PolicyKind::RoleTrust {
        return;
    }
    for statement in &document.statements {
        let names: Vec<Text<'_>> = statement.principals_of("AWS").collect();
        for session in &names {
            let Some((account, role)) = role_of_session(session.value) else { continue };
            let parent = names.iter().find(|name| is_role(name.value, account, role));
            if let Some(parent) = parent {
                let details = format!(
                    "`{}` is a session of `{}`, which is named too. Remove the session.",
                    session.value, parent.value
                );
                report.at(session.span, details);
            }
        }
    }
}

/// Account and role name of `arn:aws:sts::111122223333:assumed-role/name/session`.
fn role_of_session(text: &str) -> Option<(&str, &str)> {
    let arn = ArnText::parse(text).filter(|arn| matches!(arn.service, "sts" | "iam"))?;
    let (role, _) = arn.resource.strip_prefix("assumed-role/")?.split_once('/')?;
    Some((arn.account, role))
}

/// Whether the ARN is that of the role, whatever its path.
fn is_role(text: &str, account: &str, role: &str) -> bool {
    ArnText::parse(text).is_some_and(|arn| {
        arn.service == "iam"
            && arn.account == account
            && arn.resource.starts_with("role/")
            && arn.resource.rsplit('/').next() == Some(role)
    })
}
