//! The users and roles of an inventory with the policies that decide what they may do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::{AccountId, Arn, Caller};
use ringfence_reasoning::abstraction::ActionMatcher;

use super::document::{Attached, Library};
use super::observation::PrincipalType;
use crate::inventory::{
    AuthorizationDetails, IdentityPolicies, Inventory, NotAnalyzed, PolicyProblem, PolicySource,
    Role, Tag, User,
};

/// A user or a role whose policies could all be read.
pub(super) struct Principal<'i> {
    pub(super) arn: Arn,
    pub(super) account: &'i AccountId,
    pub(super) kind: PrincipalType,
    pub(super) tags: Tags<'i>,
    /// Its id, `AIDA…` or `AROA…`.
    pub(super) unique_id: Option<&'i str>,
    /// Its own policies, attached ones, and those of its groups.
    pub(super) identity: Vec<Attached<'i>>,
    pub(super) boundary: Option<Attached<'i>>,
    pub(super) service_linked: ServiceLinked,
}

/// Whether control policies leave a role alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceLinked {
    Yes,
    No,
}

/// What `aws:PrincipalTag` shows.
pub(super) enum Tags<'i> {
    /// These tags and no others.
    Fixed(&'i [Tag]),
    /// Sessions may bring tags, which go before the role's:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>.
    OfSession,
}

impl Principal<'_> {
    /// The principal as a caller; of a role some session.
    pub(super) fn caller(&self) -> Caller {
        let arn = self.arn.clone();
        match self.kind {
            PrincipalType::IamUser => Caller::User { arn },
            PrincipalType::IamRole => Caller::Role { arn },
        }
    }
}

/// The principals of one inventory.
#[derive(Default)]
pub(super) struct Principals<'i> {
    pub(super) by_account: BTreeMap<&'i AccountId, Vec<Principal<'i>>>,
    /// Principals and accounts of which not everything could be read.
    pub(super) not_analyzed: Vec<NotAnalyzed>,
}

/// Why the policies of a principal are not known.
enum Obstacle<'i> {
    Unreadable(&'i PolicySource, Vec<PolicyProblem>),
    /// The authorization details do not hold something that they name.
    Missing(String),
}

impl<'i> Principals<'i> {
    /// The principals of `accounts`.
    pub(super) fn of(inventory: &'i Inventory, accounts: &BTreeSet<&'i AccountId>) -> Self {
        let mut principals = Self::default();
        let mut library = Library::default();
        for account in accounts.iter().copied() {
            let known = inventory.accounts.get_key_value(account);
            let details =
                known.and_then(|(id, own)| Some((id, own.authorization_details.as_ref()?)));
            match details {
                Some((id, details)) => principals.add_account(id, details, &mut library),
                None => principals.not_analyzed.extend(unknown_account(inventory, account)),
            }
        }
        principals.not_analyzed.sort();
        principals.not_analyzed.dedup();
        principals
    }

    fn add_account(
        &mut self,
        account: &'i AccountId,
        details: &'i AuthorizationDetails,
        library: &mut Library<'i>,
    ) {
        let mut reader = Reader { account, details, library };
        let mut all = Vec::with_capacity(details.users.len() + details.roles.len());
        for user in details.users.values() {
            match reader.user(user) {
                Ok(principal) => all.extend(principal),
                Err(why) => self.note(&mut reader, &user.arn, "AWS::IAM::User", why),
            }
        }
        for role in details.roles.values() {
            match reader.role(role) {
                Ok(principal) => all.extend(principal),
                Err(why) => self.note(&mut reader, &role.arn, "AWS::IAM::Role", why),
            }
        }
        self.by_account.insert(account, all);
    }

    fn note(&mut self, reader: &mut Reader<'i, '_>, arn: &str, kind: &str, why: Obstacle<'i>) {
        let entry = |file: &Arc<str>, position, reason: String| NotAnalyzed {
            position,
            account: Some(reader.account.clone()),
            resource: Some(arn.to_owned()),
            resource_type: Some(kind.to_owned()),
            ..NotAnalyzed::new(file, reason)
        };
        match why {
            Obstacle::Unreadable(source, problems) => {
                let of = |problem: PolicyProblem| {
                    let reason = format!(
                        "what this principal can reach is not known, because of a policy of its: {}",
                        problem.message
                    );
                    entry(source.file(), Some(problem.position), reason)
                };
                self.not_analyzed.extend(problems.into_iter().map(of));
            }
            Obstacle::Missing(what) => {
                let reason = format!("what this principal can reach is not known: {what}");
                self.not_analyzed.push(entry(&reader.file(), None, reason));
            }
        }
    }
}

/// Nobody can act for an account that is suspended:
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html>.
fn unknown_account(inventory: &Inventory, account: &AccountId) -> Option<NotAnalyzed> {
    let organization = inventory.organization.as_ref();
    let member = organization.and_then(|organization| organization.accounts.get(account));
    if member.is_some_and(|member| member.status.as_deref() == Some("SUSPENDED")) {
        return None;
    }
    let described = inventory.organization.as_ref().map(|organization| &organization.file);
    let file = described.cloned().unwrap_or_else(|| details_file(account));
    let reason = format!(
        "the users and roles of account {account} were not read, so what they can reach is not known"
    );
    Some(NotAnalyzed { account: Some(account.clone()), ..NotAnalyzed::new(&file, reason) })
}

fn details_file(account: &AccountId) -> Arc<str> {
    Arc::from(format!("accounts/{account}/authorization-details.json"))
}

struct Reader<'i, 'l> {
    account: &'i AccountId,
    details: &'i AuthorizationDetails,
    library: &'l mut Library<'i>,
}

impl<'i> Reader<'i, '_> {
    fn user(&mut self, user: &'i User) -> Result<Option<Principal<'i>>, Obstacle<'i>> {
        let mut identity = self.identity(&user.policies)?;
        for name in &user.groups {
            let Some(group) = self.details.groups.get(name) else {
                return Err(Obstacle::Missing(format!("its group `{name}` was not read")));
            };
            identity.extend(self.identity(&group.policies)?);
        }
        let boundary = self.boundary(user.permissions_boundary.as_deref())?;
        Ok(Arn::parse(&user.arn).map(|arn| Principal {
            arn,
            account: self.account,
            kind: PrincipalType::IamUser,
            tags: Tags::Fixed(&user.tags),
            unique_id: user.id.as_deref(),
            identity,
            boundary,
            service_linked: ServiceLinked::No,
        }))
    }

    fn role(&mut self, role: &'i Role) -> Result<Option<Principal<'i>>, Obstacle<'i>> {
        let identity = self.identity(&role.policies)?;
        let boundary = self.boundary(role.permissions_boundary.as_deref())?;
        let tags = match takes_session_tags(&role.trust_policy) {
            true => Tags::OfSession,
            false => Tags::Fixed(&role.tags),
        };
        Ok(Arn::parse(&role.arn).map(|arn| Principal {
            service_linked: match arn.resource.starts_with("role/aws-service-role/") {
                true => ServiceLinked::Yes,
                false => ServiceLinked::No,
            },
            arn,
            account: self.account,
            kind: PrincipalType::IamRole,
            tags,
            unique_id: role.id.as_deref(),
            identity,
            boundary,
        }))
    }

    fn identity(&mut self, own: &'i IdentityPolicies) -> Result<Vec<Attached<'i>>, Obstacle<'i>> {
        let mut all = Vec::with_capacity(own.inline.len() + own.attached.len());
        for inline in &own.inline {
            all.push(self.read(&inline.policy)?);
        }
        for arn in &own.attached {
            all.push(self.managed(arn, "the attached policy")?);
        }
        Ok(all)
    }

    fn boundary(&mut self, arn: Option<&str>) -> Result<Option<Attached<'i>>, Obstacle<'i>> {
        arn.map(|arn| self.managed(arn, "the permissions boundary")).transpose()
    }

    fn managed(&mut self, arn: &str, what: &str) -> Result<Attached<'i>, Obstacle<'i>> {
        match self.details.policies.get(arn) {
            Some(policy) => self.read(&policy.policy),
            None => Err(Obstacle::Missing(format!("{what} `{arn}` was not read"))),
        }
    }

    fn read(&mut self, source: &'i PolicySource) -> Result<Attached<'i>, Obstacle<'i>> {
        self.library.read(source).map_err(|problems| Obstacle::Unreadable(source, problems))
    }

    /// The file that the details stand in, as far as anything in them says it.
    fn file(&self) -> Arc<str> {
        let roles = self.details.roles.values().map(|role| &role.trust_policy);
        let managed = self.details.policies.values().map(|policy| &policy.policy);
        let users = self.details.users.values().flat_map(|user| &user.policies.inline);
        let mut sources = roles.chain(managed).chain(users.map(|inline| &inline.policy));
        sources.next().map_or_else(|| details_file(self.account), |own| Arc::clone(own.file()))
    }
}

/// Whether sessions can bring tags. Each way to do so needs this action in the trust policy:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required>.
fn takes_session_tags(trust: &PolicySource) -> bool {
    let Ok(document) = trust.parse() else { return true };
    let mut allowed = document.allow_statements();
    allowed.any(|own| ActionMatcher::new(&own.action).matches("sts:TagSession"))
}
