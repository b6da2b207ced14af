//! Who calls. The texts that describe a caller depend on each other (ARN, account, user id, type,
//! organization), so they are put together from shared parts.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{Arn, Located, Partition, Principal, Statement};

use super::Unsupported;
use super::caller_parts::{definition, language, name};
use super::keys::Value;
use super::terms::{Term, all_of, any_of, equal, not, string, symbol};

/// The constants and the parts of a caller's texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Partition,
    Account,
    /// Of a user or role: empty, or with a slash at its end.
    Path,
    /// Of a user, a role or a federated user.
    Name,
    Session,
    /// What follows `AROA` or `AIDA` in a unique id.
    UniqueId,
    Service,
    Provider,
    CanonicalUser,
    /// What follows `o-`.
    Organization,
    /// What follows the organization in its path.
    UnitPath,
    Arn,
    UserId,
    Type,
    AccountText,
}

const ACCOUNTS: &[&str] = &["role", "user", "root", "federated-user"];
const WITH_TAGS: &[&str] = &["role", "user", "federated-user"];

/// Whether the key called `name` (in lower case) says something of the caller.
pub(super) fn is_caller_key(name: &str) -> bool {
    name.starts_with("aws:principaltag/")
        || matches!(
            name,
            "aws:principalarn"
                | "aws:principalaccount"
                | "kms:calleraccount"
                | "aws:principaltype"
                | "aws:username"
                | "aws:userid"
                | "aws:principalisawsservice"
                | "aws:principalservicename"
                | "aws:principalservicenameslist"
                | "aws:principalorgid"
                | "aws:principalorgpaths"
                | "aws:federatedprovider"
        )
}

/// A key of the caller.
pub(super) struct CallerKey {
    pub(super) present: Term,
    pub(super) value: Value,
    /// For a variable: the value as text.
    pub(super) text: Term,
    pub(super) may_hold_colon: bool,
}

/// The caller of the request that is asked for. Parts are declared when they are used.
pub(super) struct Caller {
    partitions: BTreeSet<String>,
    used: BTreeSet<Part>,
    /// Keys that a caller may or may not have, each with its number.
    optional: BTreeMap<String, usize>,
}

fn is(kinds: &[&str]) -> Term {
    any_of(kinds.iter().map(|kind| equal("caller.kind", kind)))
}

impl Caller {
    /// The caller of policies with these statements. He is of a partition that they name; partitions know
    /// nothing of each other, so without any he is of the commercial one.
    pub(super) fn new<'s>(statements: impl Iterator<Item = &'s Statement>) -> Self {
        let mut partitions = BTreeSet::new();
        for statement in statements {
            for principal in statement.principal.iter().flat_map(|element| &element.principals) {
                match &principal.value {
                    Principal::Arn(arn) => partitions.extend([arn.partition.clone()]),
                    Principal::Account { partition, .. } => partitions.extend(partition.clone()),
                    _ => {}
                }
            }
            let resources = statement.resource.iter().flat_map(|element| &element.patterns);
            let values = statement.conditions.iter().flat_map(|condition| &condition.values);
            for text in resources.chain(values).map(|pattern| pattern.value.text()) {
                let named = text.strip_prefix("arn:").and_then(|rest| rest.split(':').next());
                let known = named.and_then(Partition::new);
                partitions.extend(known.map(|partition| partition.as_str().to_owned()));
            }
        }
        if partitions.is_empty() {
            partitions.insert("aws".to_owned());
        }
        Self { partitions, used: BTreeSet::new(), optional: BTreeMap::new() }
    }

    fn part(&mut self, part: Part) -> Term {
        use Part::Partition;
        use Part::{Account, Name, Path, Session, UniqueId};
        self.used.insert(part);
        match part {
            Part::Arn => self.used.extend([Partition, Account, Path, Name]),
            Part::Provider => self.used.extend([Partition]),
            Part::UserId => self.used.extend([UniqueId, Account, Name, Session]),
            Part::AccountText => self.used.extend([Account]),
            _ => {}
        }
        name(part).to_owned()
    }

    /// What the key called `key` (in lower case) says of the caller.
    pub(super) fn key(&mut self, key: &str) -> CallerKey {
        let text = |present: Term, term: Term, may_hold_colon: bool| CallerKey {
            present,
            value: Value::Text(term.clone()),
            text: term,
            may_hold_colon,
        };
        match key {
            "aws:principalarn" => text(is(ACCOUNTS), self.part(Part::Arn), true),
            // Anonymous requests carry the word `anonymous`.
            "aws:principalaccount" => {
                let present = any_of([is(ACCOUNTS), is(&["anonymous"])]);
                text(present, self.part(Part::AccountText), false)
            }
            // Only calls to KMS show it. The action is in lower case.
            "kms:calleraccount" => {
                let present = all_of([is(ACCOUNTS), "(str.prefixof \"kms:\" action)".to_owned()]);
                text(present, self.part(Part::Account), false)
            }
            "aws:principaltype" => {
                let present = any_of([is(ACCOUNTS), is(&["anonymous"])]);
                text(present, self.part(Part::Type), false)
            }
            "aws:username" => text(is(&["user"]), self.part(Part::Name), false),
            "aws:userid" => {
                let present = any_of([is(ACCOUNTS), is(&["anonymous"])]);
                text(present, self.part(Part::UserId), true)
            }
            "aws:principalisawsservice" => {
                let service = is(&["service"]);
                CallerKey {
                    // Absent from unsigned requests.
                    present: not(&is(&["anonymous", "federated"])),
                    text: format!("(ite {service} \"true\" \"false\")"),
                    value: Value::Truth(service),
                    may_hold_colon: false,
                }
            }
            "aws:principalservicename" | "aws:principalservicenameslist" => {
                text(is(&["service"]), self.part(Part::Service), false)
            }
            "aws:principalorgid" | "aws:principalorgpaths" => {
                let own = self.part(Part::Organization);
                let present = all_of([is(ACCOUNTS), self.has("aws:principalorgid", ACCOUNTS)]);
                if key == "aws:principalorgid" {
                    return text(present, format!("(str.++ \"o-\" {own})"), false);
                }
                let units = self.part(Part::UnitPath);
                text(present, format!("(str.++ \"o-\" {own} \"/\" {units})"), false)
            }
            _ => {
                let is_provider = key == "aws:federatedprovider";
                let present = self.has(key, if is_provider { &["role"] } else { WITH_TAGS });
                let value = symbol(&format!("caller.{}", self.number(key)), key);
                if !is_provider {
                    return text(present, value, true);
                }
                // Calls with a token of an OIDC provider carry the key, those with a SAML assertion do not.
                let own = self.part(Part::Provider);
                let is_saml = format!("(str.contains {own} \":saml-provider/\")");
                let with_token = all_of([is(&["federated"]), not(&is_saml)]);
                let value = format!("(ite {} {own} {value})", is(&["federated"]));
                text(any_of([present, with_token]), value, true)
            }
        }
    }

    fn number(&mut self, key: &str) -> usize {
        let next = self.optional.len();
        *self.optional.entry(key.to_owned()).or_insert(next)
    }

    /// The caller has the optional key; only these kinds may.
    fn has(&mut self, key: &str, kinds: &[&str]) -> Term {
        let number = self.number(key);
        all_of([is(kinds), symbol(&format!("caller.{number}.present"), key)])
    }

    /// One of `principals` stands for the caller.
    pub(super) fn is_named_in(
        &mut self,
        principals: &[Located<Principal>],
    ) -> Result<Term, Unsupported> {
        let terms = principals.iter().map(|principal| self.is_named(&principal.value));
        Ok(any_of(terms.collect::<Result<Vec<_>, _>>()?))
    }

    pub(super) fn is_named(&mut self, principal: &Principal) -> Result<Term, Unsupported> {
        let mut one = |kind: &str, part: Part, text: &str| -> Result<Term, Unsupported> {
            Ok(all_of([is(&[kind]), equal(&self.part(part), &string(text)?)]))
        };
        match principal {
            Principal::Everyone => Ok("true".to_owned()),
            Principal::Account { account, partition } => {
                let partition = partition.as_deref();
                Ok(all_of([is(ACCOUNTS), self.is_of(partition, account.as_str())?]))
            }
            Principal::Arn(arn) => self.is_arn(arn),
            Principal::Service(name) => one("service", Part::Service, name),
            Principal::Federated(name) if name == "*" => Ok(is(&["federated"])),
            Principal::Federated(name) => one("federated", Part::Provider, name),
            Principal::CanonicalUser(id) => one("canonical-user", Part::CanonicalUser, id),
            Principal::UniqueId(_) | Principal::Unrecognized { .. } => Ok("false".to_owned()),
        }
    }

    /// The caller belongs to the account, in the partition if one is given.
    fn is_of(&mut self, partition: Option<&str>, account: &str) -> Result<Term, Unsupported> {
        let own = equal(&self.part(Part::Account), &string(account)?);
        Ok(match partition {
            Some(partition) => {
                all_of([equal(&self.part(Part::Partition), &string(partition)?), own])
            }
            None => own,
        })
    }

    /// The caller is the role (any session of it), user or session with this ARN.
    fn is_arn(&mut self, arn: &Arn) -> Result<Term, Unsupported> {
        let (kind, rest) = arn.resource.split_once('/').unwrap_or((&arn.resource, ""));
        if !arn.region.is_empty() {
            return Ok("false".to_owned());
        }
        let of = self.is_of(Some(&arn.partition), &arn.account)?;
        let kind = match (arn.service.as_str(), kind) {
            ("iam", "role") => "role",
            ("iam", "user") => "user",
            ("sts", "assumed-role") => {
                let (role, session) = rest.split_once('/').unwrap_or((rest, ""));
                let role = equal(&self.part(Part::Name), &string(role)?);
                let session = equal(&self.part(Part::Session), &string(session)?);
                return Ok(all_of([is(&["role"]), of, role, session]));
            }
            ("sts", "federated-user") => {
                let own = equal(&self.part(Part::Name), &string(rest)?);
                return Ok(all_of([is(&["federated-user"]), of, own]));
            }
            _ => return Ok("false".to_owned()),
        };
        let at = rest.rfind('/').map_or(0, |at| at + 1);
        let (path, own) = rest.split_at(at);
        let path = equal(&self.part(Part::Path), &string(path)?);
        let own = equal(&self.part(Part::Name), &string(own)?);
        Ok(all_of([is(&[kind]), of, path, own]))
    }

    /// A Deny with NotPrincipal leaves the caller out: a session only when its session, its role and its
    /// account are all named, a user only when the account is named too.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    pub(super) fn is_exempt(&mut self, named: &[Located<Principal>]) -> Result<Term, Unsupported> {
        let (mut accounts, mut roles, mut sessions, mut others) = (vec![], vec![], vec![], vec![]);
        for Located { value: principal, .. } in named {
            let term = self.is_named(principal)?;
            match principal {
                Principal::Account { .. } => accounts.push(term),
                Principal::Arn(arn) if arn.resource.starts_with("role/") => roles.push(term),
                Principal::Arn(arn) if arn.resource.starts_with("assumed-role/") => {
                    sessions.push(term)
                }
                Principal::Arn(_) => sessions.push(all_of([not(&is(&["role"])), term])),
                _ => others.push(term),
            }
        }
        let account = any_of(accounts);
        let role = any_of([not(&is(&["role"])), any_of(roles)]);
        others.push(all_of([is(&["root"]), account.clone()]));
        others.push(all_of([account, role, any_of(sessions)]));
        Ok(any_of(others))
    }

    /// The caller is a service, of one of the accounts, of the organization, or one of the canonical users.
    pub(super) fn trusted<'z>(
        &mut self,
        accounts: impl Iterator<Item = &'z String>,
        organization: Option<&str>,
        canonical_users: impl Iterator<Item = &'z String>,
    ) -> Result<Term, Unsupported> {
        let mut terms = vec![is(&["service"])];
        let of =
            accounts.map(|account| self.is_of(None, account)).collect::<Result<Vec<_>, _>>()?;
        terms.push(all_of([is(ACCOUNTS), any_of(of)]));
        if let Some(organization) = organization {
            let CallerKey { present, text, .. } = self.key("aws:principalorgid");
            terms.push(all_of([present, equal(&text, &string(organization)?)]));
        }
        for id in canonical_users {
            terms.push(self.is_named(&Principal::CanonicalUser(id.clone()))?);
        }
        Ok(any_of(terms))
    }

    /// The caller is of a kind that is not named one by one.
    pub(super) fn is_nobody_in_particular(&self) -> Term {
        not(&is(&["service", "federated", "canonical-user"]))
    }

    /// The declarations of all that was used.
    pub(super) fn declarations(&self) -> String {
        let mut text = String::from(
            "(declare-datatypes ((Kind 0)) (((role) (user) (root) (federated-user) (anonymous) (service) \
             (federated) (canonical-user))))\n(declare-const caller.kind Kind)\n",
        );
        for part in &self.used {
            let own = name(*part);
            text.push_str(&match language(*part) {
                Some(language) => {
                    format!("(declare-const {own} String)\n(assert (str.in_re {own} {language}))\n")
                }
                None if *part == Part::Partition && self.partitions.len() == 1 => {
                    let only = self.partitions.first().and_then(|partition| string(partition).ok());
                    format!("(define-fun {own} () String {})\n", only.unwrap_or_default())
                }
                None if *part == Part::Partition => {
                    let any = self.partitions.iter().filter_map(|p| string(p).ok());
                    let any = any_of(any.map(|partition| equal(own, &partition)));
                    format!("(declare-const {own} String)\n(assert {any})\n")
                }
                None => format!("(define-fun {own} () String {})\n", definition(*part)),
            });
        }
        for (key, number) in &self.optional {
            let present = symbol(&format!("caller.{number}.present"), key);
            text.push_str(&format!("(declare-const {present} Bool)\n"));
            if key != "aws:principalorgid" {
                let own = symbol(&format!("caller.{number}"), key);
                text.push_str(&format!("(declare-const {own} String)\n"));
            }
        }
        text
    }
}
