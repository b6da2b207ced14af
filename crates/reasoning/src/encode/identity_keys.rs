//! Context keys that say who calls: they read parts of the one identity.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>

use ringfence_policy::ConditionKey;

use crate::problem::Problem;
use crate::theory::identity::{Kind, Kinds, Presence, reader};
use crate::theory::template::Reader;

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
        "kms:calleraccount" => always(reader::ACCOUNT, accounts),
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
