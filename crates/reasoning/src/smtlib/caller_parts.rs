//! The parts of a caller as constants of the solver: their names, their languages, and how the others
//! follow from them.

use super::caller::Part;
use super::terms::Term;

/// One letter, digit or character of `+=,.@_-`: what names are made of.
const NAME: &str = "(re.union (re.range \"a\" \"z\") (re.range \"@\" \"Z\") (re.range \"0\" \"9\") \
                    (re.range \"+\" \".\") (str.to_re \"_\") (str.to_re \"=\"))";

pub(super) fn name(part: Part) -> &'static str {
    match part {
        Part::Partition => "caller.partition",
        Part::Account => "caller.account",
        Part::Path => "caller.path",
        Part::Name => "caller.name",
        Part::Session => "caller.session",
        Part::UniqueId => "caller.unique-id",
        Part::Service => "caller.service",
        Part::Provider => "caller.provider",
        Part::CanonicalUser => "caller.canonical-user",
        Part::Organization => "caller.organization",
        Part::UnitPath => "caller.unit-path",
        Part::Arn => "caller.arn",
        Part::UserId => "caller.user-id",
        Part::Type => "caller.type",
        Part::AccountText => "caller.account-text",
    }
}

/// The texts that a part that stands for itself can be.
pub(super) fn language(part: Part) -> Option<Term> {
    // Names, each closed by a slash.
    let path = format!("(re.* (re.++ (re.+ {NAME}) (str.to_re \"/\")))");
    Some(match part {
        Part::Account => "((_ re.^ 12) (re.range \"0\" \"9\"))".to_owned(),
        Part::Name | Part::Session | Part::CanonicalUser | Part::Organization => {
            format!("(re.+ {NAME})")
        }
        Part::UniqueId => format!("(re.* {NAME})"),
        Part::Service => format!(
            "(re.++ (re.+ {NAME}) (re.union (str.to_re \".amazonaws.com\") (str.to_re \".amazonaws.com.cn\")))"
        ),
        // A host's name for the built-in providers, an ARN for the others.
        Part::Provider => format!(
            "(re.union (re.++ (re.+ {NAME}) (str.to_re \".\") (re.+ {NAME})) \
             (re.++ (str.to_re (str.++ \"arn:\" caller.partition \":iam::\")) ((_ re.^ 12) (re.range \"0\" \"9\")) \
             (re.union (re.++ (str.to_re \":oidc-provider/\") {path} (re.+ {NAME})) \
             (re.++ (str.to_re \":saml-provider/\") (re.+ {NAME})))))"
        ),
        Part::Path | Part::UnitPath => path,
        Part::Partition | Part::Arn | Part::UserId | Part::Type | Part::AccountText => return None,
    })
}

/// The text of a part that is put together from others.
pub(super) fn definition(part: Part) -> &'static str {
    match part {
        Part::Arn => {
            "(str.++ \"arn:\" caller.partition \
             (ite (= caller.kind federated-user) \":sts::\" \":iam::\") caller.account \
             (ite (= caller.kind role) (str.++ \":role/\" caller.path caller.name) \
             (ite (= caller.kind user) (str.++ \":user/\" caller.path caller.name) \
             (ite (= caller.kind root) \":root\" (str.++ \":federated-user/\" caller.name)))))"
        }
        Part::UserId => {
            "(ite (= caller.kind role) (str.++ \"AROA\" caller.unique-id \":\" caller.session) \
             (ite (= caller.kind user) (str.++ \"AIDA\" caller.unique-id) \
             (ite (= caller.kind root) caller.account \
             (ite (= caller.kind federated-user) (str.++ caller.account \":\" caller.name) \
             \"anonymous\"))))"
        }
        Part::Type => {
            "(ite (= caller.kind role) \"AssumedRole\" (ite (= caller.kind user) \"User\" \
             (ite (= caller.kind root) \"Account\" \
             (ite (= caller.kind federated-user) \"FederatedUser\" \"Anonymous\"))))"
        }
        _ => "(ite (= caller.kind anonymous) \"anonymous\" caller.account)",
    }
}
