//! Context keys that say who calls: they read parts of the one identity.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>

use ringfence_policy::{ConditionKey, Pattern, Wildcards};

use crate::problem::{ACTION, Conjunction, ConjunctionId, Literal, Problem};
use crate::theory::attribute::Quantifier;
use crate::theory::glob::{Case, Glob};
use crate::theory::identity::{IdentityTest, Kind, Kinds, Presence, reader};
use crate::theory::template::Reader;
use crate::theory::value::Test;

/// What a key of the caller reads, and who has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdentityKey {
    pub(crate) reader: Reader,
    pub(crate) presence: Presence,
}

/// The part of the identity that the key `key` reads; nothing for other keys.
pub(crate) fn identity_key(problem: &mut Problem, key: &ConditionKey) -> Option<IdentityKey> {
    let always = |reader, kinds| IdentityKey { reader, presence: Presence::Always(kinds) };
    let optional =
        |reader, kinds, group| IdentityKey { reader, presence: Presence::Optional(kinds, group) };
    let accounts = Kinds::of_accounts();
    let with_type = accounts.union(Kinds::of(&[Kind::Anonymous]));
    let service = Kinds::of(&[Kind::Service]);
    let own = match key.folded() {
        "aws:principalarn" => always(reader::ARN, accounts),
        // Anonymous requests have the account `anonymous`.
        "aws:principalaccount" => always(reader::ACCOUNT, with_type),
        "kms:calleraccount" => optional(reader::KMS_ACCOUNT, accounts, reader::KMS_ACCOUNT),
        "aws:principaltype" => always(reader::TYPE, with_type),
        "aws:username" => always(reader::USERNAME, Kinds::of(&[Kind::User])),
        "aws:userid" => always(reader::USER_ID, with_type),
        "aws:principalisawsservice" => always(
            reader::IS_SERVICE,
            Kinds::all().without(Kinds::of(&[Kind::Anonymous, Kind::Federated])),
        ),
        "aws:principalservicename" | "aws:principalservicenameslist" => {
            always(reader::SERVICE, service)
        }
        "aws:principalorgid" => optional(reader::ORG_ID, accounts, reader::ORG_ID),
        "aws:principalorgpaths" => optional(reader::ORG_PATH, accounts, reader::ORG_ID),
        "aws:federatedprovider" => {
            let kinds = Kinds::of(&[Kind::Role, Kind::Federated]);
            optional(reader::PROVIDER, kinds, reader::PROVIDER)
        }
        tag if tag.starts_with("aws:principaltag/") => {
            let own = problem.optional_reader(key);
            let kinds = Kinds::of(&[Kind::Role, Kind::User, Kind::FederatedUser]);
            optional(own, kinds, own)
        }
        _ => return None,
    };
    problem.mention_identity_key(key, own);
    Some(own)
}

/// What no request meets: calls to KMS by callers of an account show the account in `kms:CallerAccount`,
/// other calls do not show it. Empty for questions without the key.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account>
pub(crate) fn impossible(problem: &mut Problem) -> Vec<ConjunctionId> {
    if !problem.mentions_identity_key("kms:CallerAccount") {
        return Vec::new();
    }
    let of_kms = Test::Text(vec![Glob::string(
        &Pattern::new("kms:*", Wildcards::Yes, ringfence_policy::Variables::No),
        Case::Folded,
    )]);
    let calls_kms = problem.literal(ACTION, Some(of_kms), Quantifier::Single, false, true);
    let of_account = problem.identity_literal(IdentityTest::of_kinds(Kinds::of_accounts()), true);
    let shows = IdentityTest { when_having: Some(reader::KMS_ACCOUNT), ..IdentityTest::default() };
    let shows = problem.identity_literal(shows, true);
    let not = |literal: Option<Literal>| literal.map(Literal::negated);
    let hidden = [calls_kms, of_account, not(shows)];
    let elsewhere = [not(calls_kms), shows];
    [hidden.as_slice(), elsewhere.as_slice()]
        .map(|literals| {
            let literals = literals.iter().flatten().copied().collect();
            problem.add(Conjunction { literals, never: false })
        })
        .to_vec()
}
