//! One request, as authorization sees it. Both the evaluator and the reasoning engine speak of requests
//! in this form; what follows from its parts is said in each of them.

use std::collections::BTreeMap;

use crate::account_id::AccountId;
use crate::arn::Arn;
use crate::condition_key::ConditionKey;

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Nobody: the request is not signed.
    Anonymous,
    /// An AWS service on its own behalf, by its service principal name.
    Service(String),
    /// The root user of an account.
    Root {
        /// The root user's ARN, `arn:aws:iam::111122223333:root`.
        arn: Arn,
    },
    /// An IAM user.
    User {
        /// The user's ARN with its path.
        arn: Arn,
    },
    /// Some session of an IAM role, known only by its role.
    Role {
        /// The role's ARN with its path.
        arn: Arn,
    },
    /// One session of an IAM role.
    AssumedRole {
        /// The session's ARN, `arn:aws:sts::111122223333:assumed-role/Name/Session`.
        arn: Arn,
    },
    /// A session from GetFederationToken.
    FederatedUser {
        /// The session's ARN, `arn:aws:sts::111122223333:federated-user/Name`.
        arn: Arn,
    },
    /// Somebody whom an identity provider vouches for, who has no AWS credentials yet: the provider's
    /// ARN, or the name of a built-in one such as `accounts.google.com`.
    Federated(String),
    /// Somebody of the account with this S3 canonical user id.
    CanonicalUser(String),
}

impl Caller {
    /// Reads a caller as scenarios write it: an ARN, a service principal name, an identity provider, a
    /// canonical user id, or `anonymous`. Nothing for text that is none of them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "anonymous" {
            return Some(Self::Anonymous);
        }
        if let Some(arn) = Arn::parse(text) {
            return Self::from_arn(arn, text);
        }
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Some(Self::CanonicalUser(text.to_owned()));
        }
        let host = !text.is_empty()
            && text.contains('.')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if !host {
            return None;
        }
        let is_service = text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn");
        // Cognito's identity pools are the one identity provider with a name like a service's.
        let is_cognito = text.starts_with("cognito-identity.");
        Some(match is_service && !is_cognito {
            true => Self::Service(text.to_owned()),
            false => Self::Federated(text.to_owned()),
        })
    }

    fn from_arn(arn: Arn, text: &str) -> Option<Self> {
        let kind = arn.resource.split('/').next()?;
        match (arn.service.as_str(), kind) {
            ("iam", "root") => Some(Self::Root { arn }),
            ("iam", "user") => Some(Self::User { arn }),
            ("iam", "role") => Some(Self::Role { arn }),
            ("iam", "saml-provider" | "oidc-provider") => Some(Self::Federated(text.to_owned())),
            ("sts", "assumed-role") => Some(Self::AssumedRole { arn }),
            ("sts", "federated-user") => Some(Self::FederatedUser { arn }),
            _ => None,
        }
    }

    /// The caller's ARN, when it has one.
    #[must_use]
    pub fn arn(&self) -> Option<&Arn> {
        match self {
            Self::Root { arn }
            | Self::User { arn }
            | Self::Role { arn }
            | Self::AssumedRole { arn }
            | Self::FederatedUser { arn } => Some(arn),
            Self::Anonymous | Self::Service(_) | Self::Federated(_) | Self::CanonicalUser(_) => {
                None
            }
        }
    }

    /// The account the caller belongs to, when it is known.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.arn().and_then(Arn::account_id)
    }

    /// The text that [`Caller::parse`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Service(text) | Self::Federated(text) | Self::CanonicalUser(text) => text.clone(),
            Self::Root { arn }
            | Self::User { arn }
            | Self::Role { arn }
            | Self::AssumedRole { arn }
            | Self::FederatedUser { arn } => arn.to_string(),
        }
    }
}

/// The value of a context key. A key with no values is as good as absent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContextValue {
    /// A key with one value.
    Single(String),
    /// A key that may have several.
    Many(Vec<String>),
}

impl ContextValue {
    /// The values, in their order.
    #[must_use]
    pub fn values(&self) -> &[String] {
        match self {
            Self::Single(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// Who calls.
    pub caller: Caller,
    /// The action, `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, or `*` for an action that has none.
    pub resource: String,
    /// The account that owns the resource, where it is known and the ARN does not say it.
    pub resource_account: Option<AccountId>,
    /// The context keys that are given; those that follow from the caller and the resource may be left
    /// out.
    pub context: BTreeMap<ConditionKey, ContextValue>,
}

impl RequestContext {
    /// The request as a scenario without policies: the form in which witnesses are shown.
    #[must_use]
    pub fn to_scenario_json(&self) -> serde_json::Value {
        let mut resource = serde_json::Map::new();
        resource.insert("arn".into(), self.resource.as_str().into());
        if let Some(account) = &self.resource_account {
            resource.insert("account".into(), account.as_str().into());
        }
        let value = |value: &ContextValue| match value {
            ContextValue::Single(text) => serde_json::Value::from(text.as_str()),
            ContextValue::Many(texts) => serde_json::Value::from(texts.clone()),
        };
        let context: serde_json::Map<_, _> =
            self.context.iter().map(|(key, v)| (key.as_written().to_owned(), value(v))).collect();
        serde_json::json!({
            "principal": self.caller.to_text(),
            "action": self.action,
            "resource": resource,
            "context": context,
        })
    }
}
