//! The texts of each kind of caller, laid out in rows of parts: what two texts have in common is one part.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use std::collections::BTreeSet;

use super::caller::{Kind, field};
use super::words::{Field, Letters, Part};

/// The texts of a kind of caller, as rows of parts: a caller's texts come from one of the rows.
pub(crate) fn shapes(partition: &str, kind: Kind, having: &BTreeSet<Field>) -> Vec<Vec<Part>> {
    use field::{ARN, CANONICAL, IS_SERVICE, ROLE_AND_SESSION, SERVICE, TYPE, USER_ID};
    let mut rows = match kind {
        Kind::Role => {
            let paths = paths(&[ARN, ROLE_AND_SESSION]);
            paths.into_iter().map(|path| role(partition, path)).collect()
        }
        Kind::User => paths(&[ARN]).into_iter().map(|path| user(partition, path)).collect(),
        Kind::Root => vec![root(partition)],
        Kind::FederatedUser => vec![federated_user(partition)],
        Kind::Anonymous => {
            let account = (field::PRINCIPAL_ACCOUNT, "anonymous");
            vec![vec![fixed(&[(TYPE, "Anonymous"), (USER_ID, "anonymous"), account])]]
        }
        Kind::Service => [".amazonaws.com", ".amazonaws.com.cn"]
            .map(|end| {
                vec![fixed(&[(IS_SERVICE, "true")]), name(&[SERVICE]), fixed(&[(SERVICE, end)])]
            })
            .into(),
        Kind::Saml => vec![provider(partition, ":saml-provider/", Letters::Name)],
        Kind::WebIdentity => {
            let both = [field::FEDERATED, field::FEDERATED_PROVIDER];
            let host = vec![name(&both), fixed(&both.map(|own| (own, "."))), name(&both)];
            vec![host, provider(partition, ":oidc-provider/", Letters::Path)]
        }
        Kind::CanonicalUser => vec![vec![fixed(&[(IS_SERVICE, "false")]), name(&[CANONICAL])]],
    };
    for row in &mut rows {
        row.extend(having.iter().flat_map(|group| optional(*group)));
    }
    rows
}

fn role(partition: &str, path: Vec<Part>) -> Vec<Part> {
    use field::{ACCOUNT_ARN, ARN, ROLE_AND_SESSION, SESSION_ARN, USER_ID};
    let (iam, sts) = (format!("arn:{partition}:iam::"), format!("arn:{partition}:sts::"));
    let mut row = vec![
        of_type("AssumedRole"),
        fixed(&[(ARN, &iam), (ROLE_AND_SESSION, &iam), (SESSION_ARN, &sts), (ACCOUNT_ARN, &iam)]),
        account(&[ARN, SESSION_ARN, ROLE_AND_SESSION]),
        fixed(&[(ARN, ":role/"), (ROLE_AND_SESSION, ":role/"), (SESSION_ARN, ":assumed-role/")]),
        fixed(&[(ACCOUNT_ARN, ":root"), (USER_ID, "AROA")]),
    ];
    row.extend(path);
    row.extend([
        name(&[ARN, ROLE_AND_SESSION, SESSION_ARN]),
        fixed(&[(SESSION_ARN, "/"), (ROLE_AND_SESSION, " ")]),
        text(&[USER_ID], Letters::Name, 0),
        fixed(&[(USER_ID, ":")]),
        name(&[SESSION_ARN, ROLE_AND_SESSION, USER_ID]),
    ]);
    row
}

fn user(partition: &str, path: Vec<Part>) -> Vec<Part> {
    use field::{ACCOUNT_ARN, ARN, USER_ID, USER_NAME};
    let iam = format!("arn:{partition}:iam::");
    let mut row = vec![
        of_type("User"),
        fixed(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]),
        account(&[ARN]),
        fixed(&[(ARN, ":user/"), (ACCOUNT_ARN, ":root"), (USER_ID, "AIDA")]),
    ];
    row.extend(path);
    row.extend([name(&[ARN, USER_NAME]), text(&[USER_ID], Letters::Name, 0)]);
    row
}

fn root(partition: &str) -> Vec<Part> {
    use field::{ACCOUNT_ARN, ARN, USER_ID};
    let iam = format!("arn:{partition}:iam::");
    vec![
        of_type("Account"),
        fixed(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]),
        account(&[ARN, USER_ID]),
        fixed(&[(ARN, ":root"), (ACCOUNT_ARN, ":root")]),
    ]
}

fn federated_user(partition: &str) -> Vec<Part> {
    use field::{ACCOUNT_ARN, ARN, USER_ID};
    let (iam, sts) = (format!("arn:{partition}:iam::"), format!("arn:{partition}:sts::"));
    vec![
        of_type("FederatedUser"),
        fixed(&[(ARN, &sts), (ACCOUNT_ARN, &iam)]),
        account(&[ARN, USER_ID]),
        fixed(&[(ARN, ":federated-user/"), (ACCOUNT_ARN, ":root"), (USER_ID, ":")]),
        name(&[ARN, USER_ID]),
    ]
}

/// An identity provider by its ARN.
fn provider(partition: &str, kind: &str, letters: Letters) -> Vec<Part> {
    let both = [field::FEDERATED, field::FEDERATED_PROVIDER];
    let iam = format!("arn:{partition}:iam::");
    vec![
        fixed(&both.map(|own| (own, iam.as_str()))),
        digits(both.to_vec()),
        fixed(&both.map(|own| (own, kind))),
        text(&both, letters, 1),
    ]
}

/// No path, or one that ends with a slash.
fn paths(fields: &[Field]) -> [Vec<Part>; 2] {
    let slash: Vec<(Field, &str)> = fields.iter().map(|field| (*field, "/")).collect();
    [Vec::new(), vec![text(fields, Letters::Path, 1), fixed(&slash)]]
}

fn of_type(name: &str) -> Part {
    fixed(&[(field::TYPE, name), (field::IS_SERVICE, "false")])
}

/// The account's id, in the fields that every caller of an account has and in others.
fn account(others: &[Field]) -> Part {
    use field::{ACCOUNT, ACCOUNT_ARN, KMS_CALLER_ACCOUNT, PRINCIPAL_ACCOUNT};
    let mut fields = vec![ACCOUNT, ACCOUNT_ARN, PRINCIPAL_ACCOUNT, KMS_CALLER_ACCOUNT];
    fields.extend(others);
    digits(fields)
}

fn digits(fields: Vec<Field>) -> Part {
    Part::Free { fields, letters: Letters::Digits, least: 12, most: Some(12) }
}

fn name(fields: &[Field]) -> Part {
    text(fields, Letters::Name, 1)
}

fn text(fields: &[Field], letters: Letters, least: usize) -> Part {
    Part::Free { fields: fields.to_vec(), letters, least, most: None }
}

/// The texts of an optional group; those that repeat another text have no part of their own.
fn optional(group: Field) -> Vec<Part> {
    use field::{KMS_CALLER_ACCOUNT, ORGANIZATION, ORGANIZATION_PATH};
    match group {
        KMS_CALLER_ACCOUNT => Vec::new(),
        ORGANIZATION => vec![
            fixed(&[(ORGANIZATION, "o-"), (ORGANIZATION_PATH, "o-")]),
            name(&[ORGANIZATION, ORGANIZATION_PATH]),
            fixed(&[(ORGANIZATION_PATH, "/")]),
            text(&[ORGANIZATION_PATH], Letters::Path, 0),
        ],
        _ => vec![text(&[group], Letters::Any, 0)],
    }
}

fn fixed(texts: &[(Field, &str)]) -> Part {
    Part::Fixed(texts.iter().map(|(field, text)| (*field, (*text).to_owned())).collect())
}
