//! Identity providers in role trust policies.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp.html>

use crate::arn::ArnText;
use crate::document::Condition;

/// The host name of GitHub's provider for workflows.
pub(crate) const GITHUB: &str = "token.actions.githubusercontent.com";

/// What a value of `Federated` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider<'d> {
    /// A SAML provider.
    Saml,
    /// An OpenID Connect provider, by the name that its condition keys begin with.
    OpenIdConnect(&'d str),
    /// Neither.
    Unknown,
}

impl<'d> Provider<'d> {
    pub(crate) fn parse(text: &'d str) -> Self {
        if let Some(arn) = ArnText::parse(text).filter(|arn| arn.service == "iam") {
            return match arn.resource.split_once('/') {
                Some(("saml-provider", name)) if !name.is_empty() => Self::Saml,
                Some(("oidc-provider", name)) if !name.is_empty() => Self::OpenIdConnect(name),
                _ => Self::Unknown,
            };
        }
        if is_domain(text) { Self::OpenIdConnect(text) } else { Self::Unknown }
    }
}

/// Whether the condition is about the audience of a token, `aud`.
pub(crate) fn is_audience(condition: &Condition<'_>) -> bool {
    condition.key.value.rsplit_once(':').is_some_and(|(_, claim)| claim.eq_ignore_ascii_case("aud"))
}

/// Whether the text is a domain name: labels of letters, digits and hyphens, at least two of them.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.contains('.') && text.split('.').all(is_label)
}
