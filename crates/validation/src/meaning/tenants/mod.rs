//! Whether somebody of another tenant of a shared identity provider can satisfy a trust policy.
//!
//! The question is asked of the values of claims that the policy accepts: is there a token that names none of the
//! tenants that the policy fixes? A value fixes a tenant when the tenant's whole name stands in it before any wildcard:
//! `repo:octo-org/*` does, `repo:octo-*` does not, because anyone can take such a name.

mod providers;

use std::collections::BTreeSet;

use ringfence_policy::{Pattern, PolicyDocument, RequestContext, Statement, Token};
use ringfence_reasoning::Limit;

use super::boxes::Requests;
use providers::Claim;
pub(crate) use providers::{PROVIDERS, SharedProvider};

/// The action by which tokens are exchanged for credentials.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// The provider with this address.
pub(crate) fn find(host: &str) -> Option<&'static SharedProvider> {
    PROVIDERS.iter().find(|own| own.host.eq_ignore_ascii_case(host.trim_end_matches('/')))
}

/// A request by which somebody of a tenant that the policy does not name gets in through the statement; `principal` is
/// the provider as the statement writes it.
///
/// # Errors
/// The limit that was hit before it was known.
pub(crate) fn stranger(
    policy: &PolicyDocument,
    statement: &Statement,
    principal: &str,
    provider: &SharedProvider,
) -> Result<Option<RequestContext>, Limit> {
    let denies = policy.deny_statements();
    let statements = std::iter::once(statement).chain(denies).cloned().collect();
    let about = PolicyDocument { statements, id: None, ..policy.clone() };
    // A token as they usually look first; it makes the better example.
    if let Some(request) = requests(&about, principal, provider, Look::Usual).allowed_by(&about)? {
        return Ok(Some(request));
    }
    requests(&about, principal, provider, Look::Any).allowed_by(&about)
}

/// How the claims of the token look.
#[derive(Clone, Copy)]
enum Look {
    /// As in the example of the first form, or as the policy has them.
    Usual,
    /// In any of the forms.
    Any,
}

fn requests(
    policy: &PolicyDocument,
    principal: &str,
    provider: &SharedProvider,
    look: Look,
) -> Requests {
    let mut requests = Requests {
        action: ACTION.to_owned(),
        federated: Some(principal.to_owned()),
        ..Requests::default()
    };
    let mut known = BTreeSet::new();
    for claim in provider.claims {
        let key = key_of(claim.key, provider.host);
        match look {
            Look::Usual => {
                let example = claim.forms.iter().take(1).map(|own| own.example.to_owned());
                requests.with(
                    "StringEquals",
                    key.clone(),
                    example.chain(filled(policy, &key, claim)),
                );
            }
            Look::Any => {}
        }
        requests.with("StringLike", key.clone(), claim.forms.iter().map(|form| form.shape));
        exclude(&mut requests, policy, &key, claim);
        known.insert(key.to_ascii_lowercase());
    }
    for key in other_claims(policy, provider) {
        if !known.contains(&key) {
            exclude(&mut requests, policy, &key, &Claim { key: "", forms: &[] });
        }
    }
    requests
}

/// The values that the policy asks for, with the name of another tenant where a wildcard stands.
fn filled(policy: &PolicyDocument, key: &str, claim: &Claim) -> Vec<String> {
    let has_parts = claim.forms.iter().any(|form| form.end == Some('/'));
    let name = if has_parts { "unrelated/unrelated" } else { "unrelated" };
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    let own = conditions.filter(|own| own.key.value.folded() == key.to_ascii_lowercase());
    let values = own.flat_map(|own| &own.values).map(|value| value.value.text());
    values.filter(|text| text.contains('*')).map(|text| text.replacen('*', name, 1)).collect()
}

/// Leaves out the tenants that the policy fixes by this key.
fn exclude(requests: &mut Requests, policy: &PolicyDocument, key: &str, claim: &Claim) {
    let (mut values, mut patterns) = (BTreeSet::new(), BTreeSet::new());
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    for condition in conditions.filter(|own| own.key.value.folded() == key.to_ascii_lowercase()) {
        for value in condition.values.iter().map(|value| &value.value) {
            match (tenant_of(value, claim), value.as_literal()) {
                (Some(tenant), _) => _ = patterns.insert(format!("{tenant}*")),
                (None, Some(text)) => _ = values.insert(text.to_owned()),
                (None, None) => {}
            }
        }
    }
    if !values.is_empty() {
        requests.with("StringNotEquals", key, values);
    }
    if !patterns.is_empty() {
        requests.with("StringNotLike", key, patterns);
    }
}

/// The beginning of the value up to the end of the tenant's name, when it stands there in full.
fn tenant_of(value: &Pattern, claim: &Claim) -> Option<String> {
    let Some(Token::Literal(start)) = value.tokens().first() else { return None };
    claim.forms.iter().find_map(|form| {
        let name = start.strip_prefix(form.before)?;
        let end = name.find(form.end?).filter(|end| *end > 0)?;
        start.get(..form.before.len() + end + 1).map(str::to_owned)
    })
}

/// The keys of the provider's claims in the policy, in lower case, without those that anyone chooses.
fn other_claims(policy: &PolicyDocument, provider: &SharedProvider) -> BTreeSet<String> {
    let conditions = policy.statements.iter().flat_map(|statement| &statement.conditions);
    let keys = conditions.map(|condition| condition.key.value.folded().to_owned());
    let is_said = |key: &String| match key.strip_prefix(&format!("{}:", provider.host)) {
        Some(claim) => !provider.chosen.contains(&claim),
        None => false,
    };
    keys.filter(is_said).collect()
}

fn key_of(claim: &str, host: &str) -> String {
    match claim.contains(':') {
        true => claim.to_owned(),
        false => format!("{host}:{claim}"),
    }
}

impl SharedProvider {
    /// The keys to ask for, and the page that says in which form.
    pub(crate) fn how_to_fix(&self) -> String {
        let keys: Vec<String> =
            self.claims.iter().map(|claim| format!("`{}`", key_of(claim.key, self.host))).collect();
        format!("{}, see {}", keys.join(" or "), self.source)
    }
}
