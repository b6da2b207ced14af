//! Who calls: the kinds of caller, and the texts that each of them shows to a policy.
//!
//! The texts of one caller hang together (the role's ARN and the session's have the account and the
//! role's name in common), so they are chosen together.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>

use std::collections::BTreeSet;

use super::folding::Folding;
use super::pattern::Pattern;
use super::shapes::shapes;
use super::words::{Demand, Field, Found, Part, find};

/// The kinds of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Role,
    User,
    Root,
    FederatedUser,
    Anonymous,
    Service,
    /// Somebody whom a SAML provider vouches for.
    Saml,
    /// Somebody whom an OpenID Connect provider vouches for.
    WebIdentity,
    CanonicalUser,
}

const KINDS: [Kind; 9] = [
    Kind::Role,
    Kind::User,
    Kind::Root,
    Kind::FederatedUser,
    Kind::Anonymous,
    Kind::Service,
    Kind::Saml,
    Kind::WebIdentity,
    Kind::CanonicalUser,
];

/// The texts of a caller.
pub(crate) mod field {
    use super::Field;
    pub(crate) const ARN: Field = 0;
    pub(crate) const SESSION_ARN: Field = 1;
    /// The role's ARN, a space, and the session's name.
    pub(crate) const ROLE_AND_SESSION: Field = 2;
    pub(crate) const ACCOUNT: Field = 3;
    /// The ARN of the account's root user.
    pub(crate) const ACCOUNT_ARN: Field = 4;
    /// `aws:PrincipalAccount`, which anonymous callers have too.
    pub(crate) const PRINCIPAL_ACCOUNT: Field = 5;
    pub(crate) const KMS_CALLER_ACCOUNT: Field = 6;
    pub(crate) const USER_NAME: Field = 7;
    pub(crate) const USER_ID: Field = 8;
    pub(crate) const TYPE: Field = 9;
    pub(crate) const IS_SERVICE: Field = 10;
    pub(crate) const SERVICE: Field = 11;
    pub(crate) const FEDERATED: Field = 12;
    pub(crate) const CANONICAL: Field = 13;
    pub(crate) const ORGANIZATION: Field = 14;
    pub(crate) const ORGANIZATION_PATH: Field = 15;
    pub(crate) const FEDERATED_PROVIDER: Field = 16;
    /// The first tag; the others follow.
    pub(crate) const TAGS: Field = 100;
}

/// The tags of callers that a question reads, by key in lower case; each is a field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tags(Vec<String>);

impl Tags {
    /// The text of the caller that `key` (in lower case) reads; nothing for keys of something else.
    pub(crate) fn field(&mut self, key: &str) -> Option<Field> {
        Some(match key {
            "aws:principalarn" => field::ARN,
            "aws:principalaccount" => field::PRINCIPAL_ACCOUNT,
            "kms:calleraccount" => field::KMS_CALLER_ACCOUNT,
            "aws:principaltype" => field::TYPE,
            "aws:username" => field::USER_NAME,
            "aws:userid" => field::USER_ID,
            "aws:principalisawsservice" => field::IS_SERVICE,
            "aws:principalservicename" | "aws:principalservicenameslist" => field::SERVICE,
            "aws:principalorgid" => field::ORGANIZATION,
            "aws:principalorgpaths" => field::ORGANIZATION_PATH,
            "aws:federatedprovider" => field::FEDERATED_PROVIDER,
            _ => {
                let tag = key.strip_prefix("aws:principaltag/")?;
                let known = self.0.iter().position(|own| own == tag);
                let number = known.unwrap_or_else(|| {
                    self.0.push(tag.to_owned());
                    self.0.len() - 1
                });
                field::TAGS.saturating_add(u32::try_from(number).ok()?)
            }
        })
    }
}

/// Who has a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Always,
    Never,
    /// With or without it; all texts of the same group come together.
    Either(Field),
}

fn presence(kind: Kind, field: Field) -> Presence {
    let of_account = matches!(kind, Kind::Role | Kind::User | Kind::Root | Kind::FederatedUser);
    let tagged = matches!(kind, Kind::Role | Kind::User | Kind::FederatedUser);
    let always = |has| if has { Presence::Always } else { Presence::Never };
    let either = |may, group| if may { Presence::Either(group) } else { Presence::Never };
    match field {
        field::ARN | field::ACCOUNT | field::ACCOUNT_ARN => always(of_account),
        field::PRINCIPAL_ACCOUNT | field::USER_ID | field::TYPE => {
            always(of_account || kind == Kind::Anonymous)
        }
        // Only calls to KMS show it; the claim says which these are.
        field::KMS_CALLER_ACCOUNT => either(of_account, field),
        field::SESSION_ARN | field::ROLE_AND_SESSION => always(kind == Kind::Role),
        field::USER_NAME => always(kind == Kind::User),
        field::IS_SERVICE => {
            always(!matches!(kind, Kind::Anonymous | Kind::Saml | Kind::WebIdentity))
        }
        field::SERVICE => always(kind == Kind::Service),
        field::FEDERATED => always(matches!(kind, Kind::Saml | Kind::WebIdentity)),
        field::CANONICAL => always(kind == Kind::CanonicalUser),
        field::ORGANIZATION | field::ORGANIZATION_PATH => either(of_account, field::ORGANIZATION),
        field::FEDERATED_PROVIDER if kind == Kind::WebIdentity => Presence::Always,
        field::FEDERATED_PROVIDER => either(kind == Kind::Role, field),
        _ => either(tagged, field),
    }
}

/// One way in which a caller can meet an element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clue {
    /// It has this text.
    Has(Field),
    /// It has this text, and the pattern matches it.
    Shows(Field, Pattern),
    /// It does not have this text.
    Lacks(Field),
}

/// Whether some caller can be as the elements say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Callers {
    /// This one, for example.
    Some(String),
    /// None: the elements at these places exclude each other.
    None(BTreeSet<usize>),
    TooMany,
}

/// More optional texts than this are not looked at.
const MAX_OPTIONAL: usize = 10;

/// Looks for a caller of one of the `partitions` that meets at least one clue of each element, or none
/// where `false` says so.
pub(crate) fn callers(
    partitions: &BTreeSet<String>,
    elements: &[(&BTreeSet<Clue>, bool)],
    folding: &Folding,
) -> Callers {
    let mut core = BTreeSet::new();
    for partition in partitions {
        for kind in KINDS {
            let presence = |field| presence(kind, field);
            let groups = groups(&presence, elements);
            if groups.len() > MAX_OPTIONAL {
                return Callers::TooMany;
            }
            for choice in 0..1usize << groups.len() {
                let chosen = groups.iter().enumerate().filter(|(at, _)| choice & 1 << at != 0);
                let having: BTreeSet<Field> = chosen.map(|(_, group)| *group).collect();
                let has = |field| match presence(field) {
                    Presence::Always => true,
                    Presence::Never => false,
                    Presence::Either(group) => having.contains(&group),
                };
                let rows = shapes(partition, kind, &having);
                match variant(&rows, &has, elements, folding) {
                    Callers::None(own) => core.extend(own),
                    found @ (Callers::Some(_) | Callers::TooMany) => return found,
                }
            }
        }
    }
    Callers::None(core)
}

/// The groups of optional texts that the elements ask for.
fn groups(
    presence: &dyn Fn(Field) -> Presence,
    elements: &[(&BTreeSet<Clue>, bool)],
) -> BTreeSet<Field> {
    let clues = elements.iter().flat_map(|(clues, _)| *clues);
    let fields = clues.map(|clue| match clue {
        Clue::Shows(field, _) | Clue::Has(field) | Clue::Lacks(field) => *field,
    });
    let group = |field| match presence(field) {
        Presence::Either(group) => Some(group),
        Presence::Always | Presence::Never => None,
    };
    fields.filter_map(group).collect()
}

/// A caller whose texts come from one of the `rows`.
fn variant(
    rows: &[Vec<Part>],
    has: &dyn Fn(Field) -> bool,
    elements: &[(&BTreeSet<Clue>, bool)],
    folding: &Folding,
) -> Callers {
    let mut demands = Vec::new();
    let mut places = Vec::new();
    for (place, (clues, wanted)) in elements.iter().enumerate() {
        let met = clues.iter().any(|clue| match clue {
            Clue::Has(field) => has(*field),
            Clue::Lacks(field) => !has(*field),
            Clue::Shows(..) => false,
        });
        let shown = clues.iter().filter_map(|clue| match clue {
            Clue::Shows(field, pattern) if has(*field) => Some((*field, pattern.clone())),
            Clue::Shows(..) | Clue::Has(_) | Clue::Lacks(_) => None,
        });
        let patterns: Vec<(Field, Pattern)> = shown.collect();
        match (met, wanted) {
            (true, true) => {}
            (true, false) => return Callers::None(BTreeSet::from([place])),
            (false, true) if patterns.is_empty() => return Callers::None(BTreeSet::from([place])),
            (false, wanted) => {
                demands.push(Demand { patterns, wanted: *wanted });
                places.push(place);
            }
        }
    }
    let mut core = BTreeSet::new();
    for parts in rows {
        match find(parts, &demands, folding) {
            Found::Texts(texts) => {
                let texts: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
                return Callers::Some(format!("`{}`", texts.join(" ")));
            }
            Found::Nothing(own) => core.extend(own.iter().filter_map(|at| places.get(*at))),
            Found::TooMany => return Callers::TooMany,
        }
    }
    Callers::None(core)
}
