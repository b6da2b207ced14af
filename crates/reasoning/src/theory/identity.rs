//! Who calls: one attribute whose parts (ARN, account, organization, type, user id, tags) depend on
//! each other and are chosen together.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::glob::{Case, Glob};
use super::search::{Constraint, Found, find};
use super::template::{Reader, Word};
use super::variants::Variant;

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
    /// The ARN of the account's root user, which says the partition too.
    pub(crate) const ACCOUNT_ARN: Reader = 13;
    /// The role's ARN, a space, and the session's name.
    pub(crate) const ROLE_AND_SESSION: Reader = 14;
    /// The identity provider that vouched for the caller.
    pub(crate) const PROVIDER: Reader = 15;
    /// The account as calls to KMS show it: other calls lack it.
    pub(crate) const KMS_ACCOUNT: Reader = 16;
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

/// The kinds that may have the optional texts of a group.
pub(crate) fn may_have(group: Reader) -> Kinds {
    match group {
        reader::ORG_ID | reader::KMS_ACCOUNT => Kinds::of_accounts(),
        reader::PROVIDER => Kinds::of(&[Kind::Role, Kind::Federated]),
        _ => Kinds::of(&[Kind::Role, Kind::User, Kind::FederatedUser]),
    }
}

/// The group that a reader of optional text belongs to.
pub(crate) fn group(reader: Reader) -> Option<Reader> {
    match reader {
        reader::ORG_ID | reader::ORG_PATH => Some(reader::ORG_ID),
        own @ (reader::PROVIDER | reader::KMS_ACCOUNT) => Some(own),
        optional if optional >= reader::OPTIONAL => Some(optional),
        _ => None,
    }
}

/// The part of the caller that a reader shows: some show a part that has a reader of its own.
pub(crate) fn shown(reader: Reader) -> Reader {
    if reader == reader::KMS_ACCOUNT { reader::ACCOUNT } else { reader }
}

impl Identity {
    /// Some caller, where nothing is asked of it.
    pub(crate) fn anyone(partition: &str) -> Self {
        let mut word = Word::default();
        word.push(reader::ARN, &format!("arn:{partition}:iam::123456789012:role/x"));
        word.push(
            reader::SESSION_ARN,
            &format!("arn:{partition}:sts::123456789012:assumed-role/x/x"),
        );
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
                && glob.matches(identity.word.text(shown(*reader)))
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
    let mut open: Vec<Open<'_>> = Vec::new();
    for (index, (test, wanted)) in tests.iter().enumerate() {
        match test.decided(variant.kind, &lacks) {
            Some(outcome) if outcome == *wanted => {}
            Some(_) => return FoundIdentity::Nothing(BTreeSet::from([index])),
            None => open.push((index, globs_of(test, variant, &lacks, *wanted), *wanted)),
        }
    }
    if let Some(core) = excluded(variant.kind, tests, &open) {
        return FoundIdentity::Nothing(core);
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
                let hit = tests
                    .iter()
                    .enumerate()
                    .find(|(_, (test, wanted))| !wanted && test.in_accounts(variant.kind, &word));
                let Some((index, _)) = hit else {
                    let having = variant.having.clone();
                    return FoundIdentity::Identity(Identity { kind: variant.kind, having, word });
                };
                let account = Glob::literal(word.text(reader::ACCOUNT), Case::Sensitive);
                open.push((index, vec![(reader::ACCOUNT, Cow::Owned(account))], false));
            }
        }
    }
}

/// A test that kind and presence leave open: its number, its patterns, how it must come out.
type Open<'t> = (usize, Vec<(Reader, Cow<'t, Glob>)>, bool);

/// A wanted test each of whose alternatives another test excludes, by its accounts or by a wider
/// pattern, with those tests: the commonest reason why there is no caller, and seen without a walk.
fn excluded(
    kind: Kind,
    tests: &[(&IdentityTest, bool)],
    open: &[Open<'_>],
) -> Option<BTreeSet<usize>> {
    if !Kinds::of_accounts().contains(kind) {
        return None;
    }
    let by_account = |account: &str| {
        tests.iter().position(|(test, wanted)| {
            !wanted && test.accounts.as_ref().is_some_and(|all| all.contains(account))
        })
    };
    let by_pattern = |reader: Reader, glob: &Glob| {
        let wider =
            |(own, outer): &(Reader, Cow<'_, Glob>)| *own == reader && glob.is_within(outer);
        let around = open.iter().find(|(_, globs, wanted)| !wanted && globs.iter().any(wider));
        around.map(|(index, ..)| *index)
    };
    open.iter().filter(|(_, _, wanted)| *wanted).find_map(|(index, globs, _)| {
        let mut core = BTreeSet::from([*index]);
        for (reader, glob) in globs {
            let account = match *reader {
                reader::ACCOUNT => glob.as_literal().map(str::to_owned),
                reader::ARN | reader::SESSION_ARN | reader::ACCOUNT_ARN => glob.account_of_arn(),
                _ => None,
            };
            let by_account = account.and_then(|account| by_account(&account));
            core.insert(by_account.or_else(|| by_pattern(*reader, glob))?);
        }
        Some(core)
    })
}

/// The patterns of a test that matter for a variant.
pub(super) fn globs_of<'t>(
    test: &'t IdentityTest,
    variant: &Variant,
    lacks: &dyn Fn(Reader) -> bool,
    wanted: bool,
) -> Vec<(Reader, Cow<'t, Glob>)> {
    let own = test.globs.iter().filter(|(kinds, reader, _)| {
        kinds.contains(variant.kind) && group(*reader).is_none_or(|group| !lacks(group))
    });
    let mut globs: Vec<_> =
        own.map(|(_, reader, glob)| (shown(*reader), Cow::Borrowed(glob))).collect();
    if wanted && let Some(accounts) = &test.accounts {
        let literal = |account: &String| {
            (reader::ACCOUNT, Cow::Owned(Glob::literal(account, Case::Sensitive)))
        };
        globs.extend(accounts.iter().map(literal));
    }
    globs
}
