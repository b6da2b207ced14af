//! How the Principal element of a statement stands to one user or role.
//!
//! What else has to allow a request depends on it:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>.

use ringfence_policy::{
    Arn, Effect, Located, Polarity, Principal as Named, PrincipalElement, Statement,
};

use super::observation::PrincipalType;
use super::principal::Principal;

/// How directly a statement stands for the principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grant {
    /// Through its account, which decides who of it may.
    Account,
    /// Through its role.
    Role,
    /// Itself, or everyone.
    Direct,
}

/// A way in which a statement stands for the principal.
pub(super) struct Standing {
    pub(super) grant: Grant,
    /// What is left of the element: some sessions of a role are meant and others are not.
    pub(super) sessions: Option<PrincipalElement>,
}

impl Standing {
    fn whole(grant: Grant) -> Self {
        Self { grant, sessions: None }
    }
}

/// All ways in which `statement` stands for `principal`; none when it does not.
pub(super) fn standings(statement: &Statement, principal: &Principal<'_>) -> Vec<Standing> {
    let Some(element) = &statement.principal else { return vec![Standing::whole(Grant::Direct)] };
    match (element.polarity, statement.effect.value) {
        (Polarity::Plain, _) => plain(element, principal),
        (Polarity::Not, Effect::Allow) => not_allow(element, principal),
        (Polarity::Not, Effect::Deny) => not_deny(element, principal),
    }
}

/// How one listed principal stands for the principal.
enum Naming {
    Whole(Grant),
    /// It is a session of the role.
    Session,
    Other,
}

fn naming(named: &Named, principal: &Principal<'_>) -> Naming {
    match named {
        Named::Everyone => Naming::Whole(Grant::Direct),
        Named::Account { account, partition } => {
            let partition = partition.as_deref();
            match account == principal.account
                && partition.is_none_or(|own| own == principal.arn.partition)
            {
                true => Naming::Whole(Grant::Account),
                false => Naming::Other,
            }
        }
        Named::Arn(arn) if *arn == principal.arn => Naming::Whole(match principal.kind {
            PrincipalType::IamUser => Grant::Direct,
            PrincipalType::IamRole => Grant::Role,
        }),
        Named::Arn(arn) if is_session_of(arn, principal) => Naming::Session,
        Named::Arn(_)
        | Named::UniqueId(_)
        | Named::Service(_)
        | Named::Federated(_)
        | Named::CanonicalUser(_)
        | Named::Unrecognized { .. } => Naming::Other,
    }
}

/// Names are unique in an account whatever the path, so the name settles whose session it is.
fn is_session_of(session: &Arn, principal: &Principal<'_>) -> bool {
    let role = &principal.arn;
    let mut parts = session.resource.split('/');
    principal.kind == PrincipalType::IamRole
        && session.service == "sts"
        && session.partition == role.partition
        && session.account == role.account
        && parts.next() == Some("assumed-role")
        && parts.next() == role.resource.rsplit('/').next()
}

fn plain(element: &PrincipalElement, principal: &Principal<'_>) -> Vec<Standing> {
    let mut whole: Option<Grant> = None;
    let mut sessions: Vec<Located<Named>> = Vec::new();
    for named in &element.principals {
        match naming(&named.value, principal) {
            Naming::Whole(grant) => whole = whole.max(Some(grant)),
            Naming::Session => sessions.push(named.clone()),
            Naming::Other => {}
        }
    }
    let mut all: Vec<Standing> = whole.into_iter().map(Standing::whole).collect();
    if !sessions.is_empty() && whole != Some(Grant::Direct) {
        let only = PrincipalElement { principals: sessions, ..element.clone() };
        all.push(Standing { grant: Grant::Direct, sessions: Some(only) });
    }
    all
}

/// Everyone gets in who is not listed.
fn not_allow(element: &PrincipalElement, principal: &Principal<'_>) -> Vec<Standing> {
    let mut sessions: Vec<Located<Named>> = Vec::new();
    for named in &element.principals {
        match naming(&named.value, principal) {
            Naming::Whole(_) => return Vec::new(),
            Naming::Session => sessions.push(named.clone()),
            Naming::Other => {}
        }
    }
    let others = (!sessions.is_empty())
        .then(|| PrincipalElement { principals: sessions, ..element.clone() });
    vec![Standing { grant: Grant::Direct, sessions: others }]
}

/// Whom a Deny leaves alone must be listed with its account, a session with its role and itself besides;
/// who has a permissions boundary is always denied.
fn not_deny(element: &PrincipalElement, principal: &Principal<'_>) -> Vec<Standing> {
    let denied = || vec![Standing::whole(Grant::Direct)];
    if principal.boundary.is_some() {
        return denied();
    }
    let mut lists_account = false;
    let mut lists_itself = false;
    let mut lists_session = false;
    for named in &element.principals {
        match naming(&named.value, principal) {
            Naming::Whole(_) if named.value == Named::Everyone => return Vec::new(),
            Naming::Whole(Grant::Account) => lists_account = true,
            Naming::Whole(Grant::Role | Grant::Direct) => lists_itself = true,
            Naming::Session => lists_session = true,
            Naming::Other => {}
        }
    }
    match principal.kind {
        PrincipalType::IamUser if lists_account && lists_itself => Vec::new(),
        PrincipalType::IamRole if lists_account && lists_itself && lists_session => {
            vec![Standing { grant: Grant::Direct, sessions: Some(element.clone()) }]
        }
        PrincipalType::IamUser | PrincipalType::IamRole => denied(),
    }
}
