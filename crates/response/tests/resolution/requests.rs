//! Sampled requests for the evaluator, and the numbers that samples are drawn with.

use std::collections::BTreeMap;

use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{
    AccountId, Caller, ConditionKey, ContextValue, RequestContext, parse_policy,
};

use crate::world::{MEMBER, OWN};

/// A small generator of numbers, the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(crate) fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// Callers inside any zone of trust: the own account's, and services.
pub(crate) const INSIDE: &[&str] = &[
    "arn:aws:iam::111122223333:user/own",
    "arn:aws:sts::111122223333:assumed-role/app/s",
    "arn:aws:iam::111122223333:root",
    "sns.amazonaws.com",
    "s3.amazonaws.com",
];

/// A caller of another account of the organization.
pub(crate) const MEMBERS: &[&str] = &["arn:aws:sts::444455556666:assumed-role/batch/s"];

/// Callers outside.
pub(crate) const OUTSIDE: &[&str] = &[
    "anonymous",
    "arn:aws:sts::999988887777:assumed-role/reader/s",
    "arn:aws:sts::999988887777:assumed-role/other/s",
    "arn:aws:iam::210987654321:user/ops",
    "arn:aws:iam::555566667777:user/unknown",
];

/// A request of one of `callers` for one of `actions`.
pub(crate) fn request(
    numbers: &mut Numbers,
    callers: &[&str],
    actions: &[&str],
    resource: &str,
) -> RequestContext {
    let caller = Caller::parse(numbers.pick(callers)).unwrap();
    let mut context = BTreeMap::new();
    let mut put = |key: &str, value: &str| {
        context.insert(ConditionKey::new(key), ContextValue::Single(value.to_owned()));
    };
    match caller.account().as_ref().map(AccountId::as_str) {
        Some(OWN | MEMBER) => put("aws:PrincipalOrgID", "o-exampleorg"),
        Some(_) if numbers.below(2) > 0 => {
            put("aws:PrincipalOrgID", numbers.pick(&["o-partner", "o-other"]));
        }
        _ => {}
    }
    for (key, values) in [
        ("aws:SourceIp", ["198.51.100.7", "192.0.2.1"]),
        ("aws:SourceVpce", ["vpce-1", "vpce-3"]),
        ("aws:SecureTransport", ["true", "false"]),
        ("aws:SourceArn", ["arn:aws:s3:::inventory", "arn:aws:s3:::other"]),
    ] {
        if numbers.below(3) > 0 {
            put(key, numbers.pick(&values));
        }
    }
    RequestContext {
        caller,
        action: numbers.pick(actions).to_owned(),
        resource: resource.to_owned(),
        resource_account: AccountId::new(OWN),
        context,
    }
}

/// What a policy says of a request; without a policy nothing is allowed.
pub(crate) fn decision(policy: Option<&str>, request: &RequestContext) -> Decision {
    match policy {
        Some(policy) => document_decision(&parse_policy(policy).document, request),
        None => Decision::ImplicitlyDenied,
    }
}
