//! Who calls: the kinds of caller, and the texts that each of them shows to a policy.
//!
//! The texts of one caller hang together (the role's ARN and the session's have the account and the
//! role's name in common), so they are chosen together.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>

use std::collections::BTreeSet;

use super::pattern::Pattern;
use super::words::{Demand, Field, Found, Letters, Part, find};

/// The kinds of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Role,
    User,
    Root,
    FederatedUser,
    Anonymous,
    Service,
    /// Somebody whom an identity provider vouches for.
    Federated,
    CanonicalUser,
}

const KINDS: [Kind; 8] = [
    Kind::Role,
    Kind::User,
    Kind::Root,
    Kind::FederatedUser,
    Kind::Anonymous,
    Kind::Service,
    Kind::Federated,
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
        // Only calls to KMS show it.
        field::KMS_CALLER_ACCOUNT => either(of_account, field),
        field::SESSION_ARN | field::ROLE_AND_SESSION => always(kind == Kind::Role),
        field::USER_NAME => always(kind == Kind::User),
        field::IS_SERVICE => always(!matches!(kind, Kind::Anonymous | Kind::Federated)),
        field::SERVICE => always(kind == Kind::Service),
        field::FEDERATED => always(kind == Kind::Federated),
        field::CANONICAL => always(kind == Kind::CanonicalUser),
        field::ORGANIZATION | field::ORGANIZATION_PATH => either(of_account, field::ORGANIZATION),
        field::FEDERATED_PROVIDER => either(matches!(kind, Kind::Role | Kind::Federated), field),
        _ => either(tagged, field),
    }
}

/// One way in which a caller can meet an element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clue {
    /// It is of this kind.
    Is(Kind),
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
pub(crate) fn callers(partitions: &BTreeSet<String>, elements: &[(&BTreeSet<Clue>, bool)]) -> Callers {
    let mut core = BTreeSet::new();
    for partition in partitions {
        for kind in KINDS {
            let groups = groups(kind, elements);
            if groups.len() > MAX_OPTIONAL {
                return Callers::TooMany;
            }
            for choice in 0..1usize << groups.len() {
                let chosen = groups.iter().enumerate().filter(|(at, _)| choice & 1 << at != 0);
                let having: BTreeSet<Field> = chosen.map(|(_, group)| *group).collect();
                match variant(partition, kind, &having, elements) {
                    Callers::None(own) => core.extend(own),
                    found @ (Callers::Some(_) | Callers::TooMany) => return found,
                }
            }
        }
    }
    Callers::None(core)
}

/// The groups of optional texts that the elements ask for.
fn groups(kind: Kind, elements: &[(&BTreeSet<Clue>, bool)]) -> BTreeSet<Field> {
    let clues = elements.iter().flat_map(|(clues, _)| *clues);
    let fields = clues.filter_map(|clue| match clue {
        Clue::Shows(field, _) | Clue::Lacks(field) => Some(*field),
        Clue::Is(_) => None,
    });
    let group = |field| match presence(kind, field) {
        Presence::Either(group) => Some(group),
        Presence::Always | Presence::Never => None,
    };
    fields.filter_map(group).collect()
}

fn variant(
    partition: &str,
    kind: Kind,
    having: &BTreeSet<Field>,
    elements: &[(&BTreeSet<Clue>, bool)],
) -> Callers {
    let has = |field| match presence(kind, field) {
        Presence::Always => true,
        Presence::Never => false,
        Presence::Either(group) => having.contains(&group),
    };
    let mut demands = Vec::new();
    let mut places = Vec::new();
    for (place, (clues, wanted)) in elements.iter().enumerate() {
        let met = clues.iter().any(|clue| match clue {
            Clue::Is(own) => *own == kind,
            Clue::Lacks(field) => !has(*field),
            Clue::Shows(..) => false,
        });
        let shown = clues.iter().filter_map(|clue| match clue {
            Clue::Shows(field, pattern) if has(*field) => Some((*field, pattern.clone())),
            Clue::Shows(..) | Clue::Is(_) | Clue::Lacks(_) => None,
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
    for parts in shapes(partition, kind, having) {
        match find(&parts, &demands) {
            Found::Texts(texts) => {
                let texts: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
                return Callers::Some(format!("{kind:?} {}", texts.join(" ")));
            }
            Found::Nothing(own) => core.extend(own.iter().filter_map(|at| places.get(*at))),
            Found::TooMany => return Callers::TooMany,
        }
    }
    Callers::None(core)
}

/// The texts of a kind of caller, as rows of parts: a caller's texts come from one of the rows.
fn shapes(partition: &str, kind: Kind, having: &BTreeSet<Field>) -> Vec<Vec<Part>> {
    use field::{
        ACCOUNT, ACCOUNT_ARN, ARN, CANONICAL, FEDERATED, IS_SERVICE, PRINCIPAL_ACCOUNT,
        ROLE_AND_SESSION, SERVICE, SESSION_ARN, TYPE, USER_ID, USER_NAME,
    };
    let iam = format!("arn:{partition}:iam::");
    let sts = format!("arn:{partition}:sts::");
    let has_type = |name| fixed(&[(TYPE, name), (IS_SERVICE, "false")]);
    let account = |others: &[Field]| {
        let mut fields = vec![ACCOUNT, ACCOUNT_ARN, PRINCIPAL_ACCOUNT, field::KMS_CALLER_ACCOUNT, ARN];
        fields.extend(others);
        Part::Free { fields, letters: Letters::Digits, least: 12, most: Some(12) }
    };
    let text = |fields: &[Field], letters, least| Part::Free {
        fields: fields.to_vec(),
        letters,
        least,
        most: None,
    };
    let name = |fields: &[Field]| text(fields, Letters::Name, 1);
    let path = |fields: &[Field]| text(fields, Letters::Path, 0);
    let own = match kind {
        Kind::Role => vec![
            has_type("AssumedRole"),
            fixed(&[(ARN, &iam), (ROLE_AND_SESSION, &iam), (SESSION_ARN, &sts), (ACCOUNT_ARN, &iam)]),
            account(&[SESSION_ARN, ROLE_AND_SESSION]),
            fixed(&[(ARN, ":role/"), (ROLE_AND_SESSION, ":role/"), (SESSION_ARN, ":assumed-role/")]),
            fixed(&[(ACCOUNT_ARN, ":root"), (USER_ID, "AROA")]),
            path(&[ARN, ROLE_AND_SESSION]),
            name(&[ARN, ROLE_AND_SESSION, SESSION_ARN]),
            fixed(&[(SESSION_ARN, "/"), (ROLE_AND_SESSION, " ")]),
            text(&[USER_ID], Letters::Name, 0),
            fixed(&[(USER_ID, ":")]),
            name(&[SESSION_ARN, ROLE_AND_SESSION, USER_ID]),
        ],
        Kind::User => vec![
            has_type("User"),
            fixed(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]),
            account(&[]),
            fixed(&[(ARN, ":user/"), (ACCOUNT_ARN, ":root"), (USER_ID, "AIDA")]),
            path(&[ARN]),
            name(&[ARN, USER_NAME]),
            text(&[USER_ID], Letters::Name, 0),
        ],
        Kind::Root => vec![
            has_type("Account"),
            fixed(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]),
            account(&[USER_ID]),
            fixed(&[(ARN, ":root"), (ACCOUNT_ARN, ":root")]),
        ],
        Kind::FederatedUser => vec![
            has_type("FederatedUser"),
            fixed(&[(ARN, &sts), (ACCOUNT_ARN, &iam)]),
            account(&[USER_ID]),
            fixed(&[(ARN, ":federated-user/"), (ACCOUNT_ARN, ":root"), (USER_ID, ":")]),
            name(&[ARN, USER_ID]),
        ],
        Kind::Anonymous => {
            let account = (PRINCIPAL_ACCOUNT, "anonymous");
            vec![fixed(&[(TYPE, "Anonymous"), (USER_ID, "anonymous"), account])]
        }
        Kind::Service => vec![fixed(&[(IS_SERVICE, "true")]), name(&[SERVICE])],
        Kind::Federated => vec![text(&[FEDERATED], Letters::Any, 1)],
        Kind::CanonicalUser => vec![fixed(&[(IS_SERVICE, "false")]), name(&[CANONICAL])],
    };
    let ends: &[&str] = match kind {
        Kind::Service => &[".amazonaws.com", ".amazonaws.com.cn"],
        _ => &[""],
    };
    let with_end = |end: &&str| {
        let mut parts = own.clone();
        parts.push(fixed(&[(SERVICE, end)]));
        parts.extend(having.iter().flat_map(|group| optional(*group)));
        parts
    };
    ends.iter().map(with_end).collect()
}

/// The texts of an optional group; those that repeat another text have no part of their own.
fn optional(group: Field) -> Vec<Part> {
    use field::{KMS_CALLER_ACCOUNT, ORGANIZATION, ORGANIZATION_PATH};
    let free = |fields: &[Field], letters, least| Part::Free {
        fields: fields.to_vec(),
        letters,
        least,
        most: None,
    };
    match group {
        KMS_CALLER_ACCOUNT => Vec::new(),
        ORGANIZATION => vec![
            fixed(&[(ORGANIZATION, "o-"), (ORGANIZATION_PATH, "o-")]),
            free(&[ORGANIZATION, ORGANIZATION_PATH], Letters::Name, 1),
            fixed(&[(ORGANIZATION_PATH, "/")]),
            free(&[ORGANIZATION_PATH], Letters::Path, 0),
        ],
        _ => vec![free(&[group], Letters::Any, 0)],
    }
}

fn fixed(texts: &[(Field, &str)]) -> Part {
    Part::Fixed(texts.iter().map(|(field, text)| (*field, (*text).to_owned())).collect())
}
