//! The Principal and NotPrincipal elements.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use super::{Form, Polarity};
use crate::account_id::AccountId;
use crate::arn::Arn;
use crate::location::{ByteSpan, Located};

/// Principal or NotPrincipal.
#[derive(Clone, Debug, PartialEq)]
pub struct PrincipalElement {
    /// Plain or `Not`.
    pub polarity: Polarity,
    /// The element's name.
    pub key_span: ByteSpan,
    /// The element's value.
    pub value_span: ByteSpan,
    /// Who is named, all types together, in the order of the text.
    pub principals: Vec<Located<Principal>>,
    /// `Scalar` for `"Principal": "*"`, `List` for the object form.
    pub form: Form,
}

/// One principal that a policy names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// `"*"` or `{"AWS": "*"}`: everyone, anonymous callers included.
    Everyone,
    /// `{"AWS": "111122223333"}` or the account's root ARN: the account decides who of it.
    Account {
        /// The account.
        account: AccountId,
        /// The partition of the ARN form.
        partition: Option<String>,
    },
    /// `{"AWS": "arn:…"}` of a role, user, assumed-role session or federated user.
    Arn(Arn),
    /// `{"AWS": "AROA…"}`: the unique id of a principal that was deleted; matches nobody.
    UniqueId(String),
    /// `{"Service": "lambda.amazonaws.com"}`
    Service(String),
    /// `{"Federated": "cognito-identity.amazonaws.com"}` or the ARN of an identity provider.
    Federated(String),
    /// `{"CanonicalUser": "…"}`: an account by its S3 canonical user id.
    CanonicalUser(String),
    /// Something that names nobody: it matches no request.
    Unrecognized {
        /// `AWS`, `Service`, `Federated` or `CanonicalUser`.
        kind: String,
        /// The text.
        text: String,
    },
}

impl Principal {
    /// Reads one value of the type `kind` (`AWS`, `Service`, `Federated`, `CanonicalUser`).
    #[must_use]
    pub fn parse(kind: &str, text: &str) -> Self {
        match kind {
            "AWS" => Self::parse_aws(text),
            "Service" if text.contains('.') && !text.contains(['*', '?']) => {
                Self::Service(text.to_owned())
            }
            "Federated" if !text.is_empty() => Self::Federated(text.to_owned()),
            "CanonicalUser" if !text.is_empty() && !text.contains('*') => {
                Self::CanonicalUser(text.to_owned())
            }
            _ => Self::Unrecognized { kind: kind.to_owned(), text: text.to_owned() },
        }
    }

    fn parse_aws(text: &str) -> Self {
        if text == "*" {
            return Self::Everyone;
        }
        if let Some(account) = AccountId::new(text) {
            return Self::Account { account, partition: None };
        }
        if let Some(arn) = Arn::parse(text) {
            if arn.service == "iam"
                && arn.resource == "root"
                && let Some(account) = arn.account_id()
            {
                return Self::Account { account, partition: Some(arn.partition) };
            }
            if matches!(arn.service.as_str(), "iam" | "sts") && !text.contains(['*', '?']) {
                return Self::Arn(arn);
            }
        } else if is_unique_id(text) {
            return Self::UniqueId(text.to_owned());
        }
        Self::Unrecognized { kind: "AWS".to_owned(), text: text.to_owned() }
    }
}

/// Unique ids: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>.
fn is_unique_id(text: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.len() >= 16 && text.starts_with('A') && text.bytes().all(alphanumeric)
}
