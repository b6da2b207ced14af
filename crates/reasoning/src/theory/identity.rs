//! Who calls: one attribute whose parts (ARN, account, organization, type, user id, tags) depend on
//! each other and are chosen together.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use std::collections::BTreeSet;
use std::sync::Arc;

use super::glob::{Case, Glob};
use super::search::{Constraint, Found, find};
use super::template::{Characters, Reader, Segment, Template, Word};

/// The kinds of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Role,
    User,
    Root,
    FederatedUser,
    Anonymous,
    Service,
    Federated,
    CanonicalUser,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Role,
        Self::User,
        Self::Root,
        Self::FederatedUser,
        Self::Anonymous,
        Self::Service,
        Self::Federated,
        Self::CanonicalUser,
    ];
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | 1 << (*kind as u8)))
    }

    pub(crate) fn all() -> Self {
        Self::of(&Kind::ALL)
    }

    /// Those that belong to an account.
    pub(crate) fn of_accounts() -> Self {
        Self::of(&[Kind::Role, Kind::User, Kind::Root, Kind::FederatedUser])
    }

    pub(crate) fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << (kind as u8) != 0
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a test on an identity reads.
pub(crate) mod reader {
    use super::Reader;
    pub(crate) const ARN: Reader = 1;
    pub(crate) const SESSION_ARN: Reader = 2;
    pub(crate) const ACCOUNT: Reader = 3;
    pub(crate) const USERNAME: Reader = 4;
    pub(crate) const USER_ID: Reader = 5;
    pub(crate) const TYPE: Reader = 6;
    pub(crate) const SERVICE: Reader = 7;
    pub(crate) const FEDERATED: Reader = 8;
    pub(crate) const CANONICAL: Reader = 9;
    pub(crate) const IS_SERVICE: Reader = 10;
    pub(crate) const ORG_ID: Reader = 11;
    pub(crate) const ORG_PATH: Reader = 12;
    /// Tags and other texts that the caller may or may not have: this and the following numbers.
    pub(crate) const OPTIONAL: Reader = 32;
}

/// Which callers have what a key reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Presence {
    /// These always, others never.
    Always(Kinds),
    /// These may or may not, by the group of keys that come together; others never.
    Optional(Kinds, Reader),
}

/// A test on the caller. Several alternatives: any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct IdentityTest {
    /// True for these kinds whatever else they are.
    pub(crate) always: Kinds,
    /// True for callers that lack the optional text of this group (of kinds that may have it).
    pub(crate) when_lacking: Option<Reader>,
    /// True for callers that have the optional text of this group.
    pub(crate) when_having: Option<Reader>,
    /// True for these kinds when the text matches; for optional texts, when it is there and matches.
    pub(crate) globs: Vec<(Kinds, Reader, Glob)>,
    /// True for callers who belong to these accounts.
    pub(crate) accounts: Option<Arc<BTreeSet<String>>>,
}

/// A caller.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    pub(crate) kind: Kind,
    /// The groups of optional texts it has.
    pub(crate) having: Vec<Reader>,
    pub(crate) word: Word,
}

/// The group that a reader of optional text belongs to.
pub(crate) fn group(reader: Reader) -> Option<Reader> {
    match reader {
        reader::ORG_ID | reader::ORG_PATH => Some(reader::ORG_ID),
        optional if optional >= reader::OPTIONAL => Some(optional),
        _ => None,
    }
}

impl Identity {
    /// Some caller, where nothing is asked of it.
    pub(crate) fn anyone(partition: &str) -> Self {
        let mut word = Word::default();
        word.push(reader::ARN, &format!("arn:{partition}:iam::123456789012:role/x"));
        word.push(reader::SESSION_ARN, &format!("arn:{partition}:sts::123456789012:assumed-role/x/x"));
        Self { kind: Kind::Role, having: Vec::new(), word }
    }

    pub(crate) fn has(&self, reader: Reader) -> bool {
        group(reader).is_none_or(|group| self.having.contains(&group))
    }

    /// The caller as `Caller::parse` reads it.
    pub(crate) fn caller_text(&self) -> String {
        let reader = match self.kind {
            Kind::Role => reader::SESSION_ARN,
            Kind::User | Kind::Root | Kind::FederatedUser => reader::ARN,
            Kind::Service => reader::SERVICE,
            Kind::Federated => reader::FEDERATED,
            Kind::CanonicalUser => reader::CANONICAL,
            Kind::Anonymous => return "anonymous".to_owned(),
        };
        self.word.text(reader).to_owned()
    }
}

impl IdentityTest {
    pub(crate) fn of_kinds(always: Kinds) -> Self {
        Self { always, ..Self::default() }
    }

    /// Whether `identity` passes.
    pub(crate) fn passes(&self, identity: &Identity) -> bool {
        let lacks = |group: Reader| !identity.having.contains(&group);
        let matches = |(kinds, reader, glob): &(Kinds, Reader, Glob)| {
            kinds.contains(identity.kind)
                && identity.has(*reader)
                && glob.matches(identity.word.text(*reader))
        };
        self.decided(identity.kind, &lacks).unwrap_or_else(|| {
            self.globs.iter().any(matches) || self.in_accounts(identity.kind, &identity.word)
        })
    }

    /// The outcome, where kind and presence decide it alone.
    fn decided(&self, kind: Kind, lacks: &dyn Fn(Reader) -> bool) -> Option<bool> {
        let lacking = self.when_lacking.is_some_and(lacks);
        let having = self.when_having.is_some_and(|group| !lacks(group));
        if self.always.contains(kind) || lacking || having {
            return Some(true);
        }
        let open = self.accounts.is_some() && Kinds::of_accounts().contains(kind)
            || self.globs.iter().any(|(kinds, reader, _)| {
                kinds.contains(kind) && group(*reader).is_none_or(|group| !lacks(group))
            });
        (!open).then_some(false)
    }

    fn in_accounts(&self, kind: Kind, word: &Word) -> bool {
        Kinds::of_accounts().contains(kind)
            && self.accounts.as_ref().is_some_and(|all| all.contains(word.text(reader::ACCOUNT)))
    }
}

/// A kind of caller with a choice of optional texts.
pub(crate) struct Variant {
    pub(crate) kind: Kind,
    pub(crate) having: Vec<Reader>,
    pub(crate) template: Template,
}

/// All variants for a question that reads the optional groups `used`.
pub(crate) fn variants(used: &[(Reader, Kinds)], partition: &str) -> Vec<Variant> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let possible: Vec<Reader> =
            used.iter().filter(|(_, kinds)| kinds.contains(kind)).map(|(group, _)| *group).collect();
        for choice in 0u32..1 << possible.len().min(12) {
            let having: Vec<Reader> = possible
                .iter()
                .enumerate()
                .filter(|(index, _)| choice & 1 << index != 0)
                .map(|(_, group)| *group)
                .collect();
            let template = template(kind, &having, partition);
            all.push(Variant { kind, having, template });
        }
    }
    all
}

fn template(kind: Kind, having: &[Reader], partition: &str) -> Template {
    use reader::{
        ACCOUNT, ARN, CANONICAL, FEDERATED, IS_SERVICE, ORG_ID, ORG_PATH, SERVICE, SESSION_ARN, TYPE,
        USER_ID, USERNAME,
    };
    let mut segments = Vec::new();
    let mut text = |texts: &[(Reader, &str)]| {
        let own = texts.iter().map(|(reader, text)| (*reader, (*text).to_owned())).collect();
        segments.push(Segment::Text(own));
    };
    let iam = format!("arn:{partition}:iam::");
    let sts = format!("arn:{partition}:sts::");
    let type_name = match kind {
        Kind::Role => "AssumedRole",
        Kind::User => "User",
        Kind::Root => "Account",
        Kind::FederatedUser => "FederatedUser",
        Kind::Anonymous => "Anonymous",
        Kind::Service | Kind::Federated | Kind::CanonicalUser => "",
    };
    let is_service = if kind == Kind::Service { "true" } else { "false" };
    text(&[(TYPE, type_name), (IS_SERVICE, is_service)]);
    let hole = |readers: &[Reader], characters, min, max| Segment::Hole {
        readers: readers.to_vec(),
        characters,
        min,
        max,
    };
    let digits = |readers: &[Reader]| hole(readers, Characters::Digits, 12, Some(12));
    match kind {
        Kind::Role => {
            text(&[(ARN, &iam), (SESSION_ARN, &sts)]);
            segments.push(digits(&[ARN, SESSION_ARN, ACCOUNT]));
            segments.push(texts(&[(ARN, ":role/"), (SESSION_ARN, ":assumed-role/"), (USER_ID, "AROA")]));
            segments.push(hole(&[ARN], Characters::Path, 0, None));
            segments.push(hole(&[ARN, SESSION_ARN], Characters::Name, 1, None));
            segments.push(texts(&[(SESSION_ARN, "/")]));
            segments.push(hole(&[USER_ID], Characters::Name, 0, None));
            segments.push(texts(&[(USER_ID, ":")]));
            segments.push(hole(&[SESSION_ARN, USER_ID], Characters::Name, 1, None));
        }
        Kind::User => {
            text(&[(ARN, &iam)]);
            segments.push(digits(&[ARN, ACCOUNT]));
            segments.push(texts(&[(ARN, ":user/"), (USER_ID, "AIDA")]));
            segments.push(hole(&[ARN], Characters::Path, 0, None));
            segments.push(hole(&[ARN, USERNAME], Characters::Name, 1, None));
            segments.push(hole(&[USER_ID], Characters::Name, 0, None));
        }
        Kind::Root => {
            text(&[(ARN, &iam)]);
            segments.push(digits(&[ARN, ACCOUNT, USER_ID]));
            segments.push(texts(&[(ARN, ":root")]));
        }
        Kind::FederatedUser => {
            text(&[(ARN, &sts)]);
            segments.push(digits(&[ARN, ACCOUNT, USER_ID]));
            segments.push(texts(&[(ARN, ":federated-user/"), (USER_ID, ":")]));
            segments.push(hole(&[ARN, USER_ID], Characters::Name, 1, None));
        }
        Kind::Anonymous => text(&[(USER_ID, "anonymous"), (ACCOUNT, "anonymous")]),
        Kind::Service => {
            segments.push(hole(&[SERVICE], Characters::Name, 1, None));
            segments.push(texts(&[(SERVICE, ".amazonaws.com")]));
        }
        Kind::Federated => segments.push(hole(&[FEDERATED], Characters::Any, 1, None)),
        Kind::CanonicalUser => segments.push(hole(&[CANONICAL], Characters::Name, 1, None)),
    }
    for group in having {
        if *group == ORG_ID {
            segments.push(texts(&[(ORG_ID, "o-"), (ORG_PATH, "o-")]));
            segments.push(hole(&[ORG_ID, ORG_PATH], Characters::Name, 1, None));
            segments.push(texts(&[(ORG_PATH, "/")]));
            segments.push(hole(&[ORG_PATH], Characters::Path, 0, None));
        } else {
            segments.push(hole(&[*group], Characters::Any, 0, None));
        }
    }
    Template { segments }
}

fn texts(texts: &[(Reader, &str)]) -> Segment {
    Segment::Text(texts.iter().map(|(reader, text)| (*reader, (*text).to_owned())).collect())
}

/// What a search for a caller found: the caller, or the tests (by index into what was asked) that
/// exclude each other for every kind.
pub(crate) enum FoundIdentity {
    Identity(Identity),
    Nothing(BTreeSet<usize>),
    GaveUp,
}

/// Looks for a caller for whom each test comes out as wanted.
pub(crate) fn find_identity(
    variants: &[Variant],
    tests: &[(&IdentityTest, bool)],
    budget: usize,
) -> FoundIdentity {
    let mut reasons = BTreeSet::new();
    for variant in variants {
        match find_in_variant(variant, tests, budget) {
            FoundIdentity::Nothing(own) => reasons.extend(own),
            done @ (FoundIdentity::Identity(_) | FoundIdentity::GaveUp) => return done,
        }
    }
    FoundIdentity::Nothing(reasons)
}

fn find_in_variant(
    variant: &Variant,
    tests: &[(&IdentityTest, bool)],
    budget: usize,
) -> FoundIdentity {
    let lacks = |group: Reader| !variant.having.contains(&group);
    let mut open = Vec::new();
    for (index, (test, wanted)) in tests.iter().enumerate() {
        match test.decided(variant.kind, &lacks) {
            Some(outcome) if outcome == *wanted => {}
            Some(_) => return FoundIdentity::Nothing(BTreeSet::from([index])),
            None => open.push((index, globs_of(test, variant, &lacks, *wanted), *wanted)),
        }
    }
    loop {
        let constraints: Vec<_> =
            open.iter().map(|(_, globs, wanted)| Constraint { globs, wanted: *wanted }).collect();
        match find(&variant.template, &constraints, budget) {
            Found::GaveUp => return FoundIdentity::GaveUp,
            Found::Nothing(core) => {
                let indices = core.iter().filter_map(|at| open.get(*at)).map(|(index, ..)| *index);
                return FoundIdentity::Nothing(indices.collect());
            }
            Found::Word(word) => {
                // A large set of accounts is brought in only by the accounts that come up.
                let hit = tests.iter().enumerate().find(|(_, (test, wanted))| {
                    !wanted && test.in_accounts(variant.kind, &word)
                });
                let Some((index, _)) = hit else {
                    let having = variant.having.clone();
                    return FoundIdentity::Identity(Identity { kind: variant.kind, having, word });
                };
                let account = Glob::literal(word.text(reader::ACCOUNT), Case::Sensitive);
                open.push((index, vec![(reader::ACCOUNT, account)], false));
            }
        }
    }
}

/// The patterns of a test that matter for a variant.
pub(super) fn globs_of(
    test: &IdentityTest,
    variant: &Variant,
    lacks: &dyn Fn(Reader) -> bool,
    wanted: bool,
) -> Vec<(Reader, Glob)> {
    let own = test.globs.iter().filter(|(kinds, reader, _)| {
        kinds.contains(variant.kind) && group(*reader).is_none_or(|group| !lacks(group))
    });
    let mut globs: Vec<_> = own.map(|(_, reader, glob)| (*reader, glob.clone())).collect();
    if wanted && let Some(accounts) = &test.accounts {
        let literal = |account: &String| (reader::ACCOUNT, Glob::literal(account, Case::Sensitive));
        globs.extend(accounts.iter().map(literal));
    }
    globs
}
