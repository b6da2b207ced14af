//! The factors of the risk score, one function each.

use ringfence_access::internal::{InternalAccessType, PrincipalType};
use ringfence_access::observation::ObservedPrincipal;
use ringfence_access::risk::{Risk, internal_risk, risk};
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::{Details, ExternalAccess};
use ringfence_policy::catalogue::{AccessLevel, Action, Catalogue};
use serde_json::Value;

use super::{Contribution, DATA};
use crate::context::{Context, Fact};

/// Of the points of a scan's risk, how many hundredths count.
const SHARE: u8 = 60;

/// Words by which data are classified, in small letters, with their points.
const WORDS: &[(&str, u8)] = &[
    ("public", 0),
    ("open", 0),
    ("internal", 10),
    ("private", 10),
    ("sensitive", 20),
    ("confidential", 20),
    ("restricted", 20),
    ("secret", 20),
    ("pii", 20),
    ("phi", 20),
    ("pci", 20),
];
const MOST_DATA: u8 = 20;
const UNCLASSIFIED: u8 = 8;
const UNKNOWN_WORD: u8 = 15;

const MOST_ACQUAINTANCE: u8 = 20;
const EXPIRED_PARTNER: u8 = 14;
const INSIDE: u8 = 4;

pub(super) fn principal(finding: &Finding) -> Contribution {
    let why = match &finding.observation.details {
        Details::External(access) if access.is_public => "anybody gets in".to_owned(),
        Details::External(access) => match observed(access) {
            ObservedPrincipal::Aws(text) if text == "*" => {
                "anybody gets in who meets the conditions".to_owned()
            }
            ObservedPrincipal::Aws(text) if !text.starts_with("arn:") => {
                "a whole account gets in".to_owned()
            }
            ObservedPrincipal::Aws(_) => "one principal gets in".to_owned(),
            ObservedPrincipal::Federated(_) => "an identity provider's users get in".to_owned(),
            ObservedPrincipal::CanonicalUser(_) => "one canonical user gets in".to_owned(),
        },
        Details::Internal(access) => {
            format!("{}, {}", access.access_type, access.principal_type)
        }
        Details::Error { .. } => "it could not be analyzed who gets in".to_owned(),
    };
    part(finding, "principal", 40, why)
}

pub(super) fn access_levels(finding: &Finding) -> Contribution {
    let names: Vec<&str> = levels(finding).iter().map(|level| level.as_str()).collect();
    let why = match names.is_empty() {
        true => "no action".to_owned(),
        false => names.join(", "),
    };
    part(finding, "accessLevels", 40, why)
}

pub(super) fn condition(finding: &Finding) -> Contribution {
    let keys: Vec<&str> = finding
        .observation
        .condition()
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    let why = match keys.is_empty() {
        true => "no condition".to_owned(),
        false => format!("under conditions on {}", keys.join(", ")),
    };
    part(finding, "condition", 20, why)
}

pub(super) fn data(context: &Context) -> Contribution {
    let (points, why) = match &context.data_classification {
        Fact::Missing { why } => (MOST_DATA, format!("not known: {why}")),
        Fact::Known(None) => (UNCLASSIFIED, "nobody classified the data".to_owned()),
        Fact::Known(Some(word)) => {
            let small = word.to_lowercase();
            let known = WORDS.iter().find(|(own, _)| *own == small);
            (known.map_or(UNKNOWN_WORD, |(_, points)| *points), format!("classified as `{word}`"))
        }
    };
    Contribution { factor: DATA.to_owned(), points, most: MOST_DATA, why }
}

pub(super) fn acquaintance(finding: &Finding, context: &Context) -> Contribution {
    let (points, why) = match &finding.observation.details {
        Details::Internal(access) if access.access_type == "INTRA_ACCOUNT" => {
            (0, "a principal of the same account".to_owned())
        }
        Details::Internal(_) => (INSIDE, "a principal of the organization".to_owned()),
        Details::Error { .. } => (MOST_ACQUAINTANCE, "not known".to_owned()),
        Details::External(access) if access.is_public => {
            (MOST_ACQUAINTANCE, "it could be anybody".to_owned())
        }
        Details::External(_) => outsider(context),
    };
    Contribution { factor: "acquaintance".to_owned(), points, most: MOST_ACQUAINTANCE, why }
}

fn outsider(context: &Context) -> (u8, String) {
    let partner = context.partner.known().and_then(Option::as_ref);
    if let Some(own) = partner.filter(|own| !own.is_expired(context.at)) {
        return (0, format!("the partner `{}`, until {}", own.vendor, own.expires));
    }
    if let Fact::Known(Some(account)) = &context.principal_account {
        return (INSIDE, format!("the account `{}` of the organization", account.name));
    }
    match (partner, &context.partner) {
        (Some(own), _) => {
            let why = format!("the partner `{}`, expired on {}", own.vendor, own.expires);
            (EXPIRED_PARTNER, why)
        }
        (None, Fact::Known(_)) => (MOST_ACQUAINTANCE, "nobody who is known".to_owned()),
        (None, Fact::Missing { why }) => (MOST_ACQUAINTANCE, format!("not known: {why}")),
    }
}

/// The contribution called `factor` of the scan's risk, which gives `of` points there.
fn part(finding: &Finding, factor: &str, of: u8, why: String) -> Contribution {
    let points = match scanned(finding) {
        Some(scan) => {
            scan.contributions.iter().find(|own| own.factor == factor).map_or(of, |own| own.points)
        }
        None => of,
    };
    Contribution { factor: factor.to_owned(), points: share(points), most: share(of), why }
}

fn share(points: u8) -> u8 {
    u8::try_from(u16::from(points) * u16::from(SHARE) / 100).unwrap_or(SHARE)
}

/// The risk as a scan shows it; nothing where the resource could not be analyzed.
fn scanned(finding: &Finding) -> Option<Risk> {
    let levels = levels(finding);
    match &finding.observation.details {
        Details::External(access) => {
            Some(risk(&observed(access), access.is_public, &levels, access.condition.len()))
        }
        Details::Internal(access) => {
            let whose = match access.access_type.as_str() {
                "INTRA_ACCOUNT" => InternalAccessType::IntraAccount,
                _ => InternalAccessType::IntraOrg,
            };
            let kind = match access.principal_type.as_str() {
                "IAM_ROLE" => PrincipalType::IamRole,
                _ => PrincipalType::IamUser,
            };
            Some(internal_risk(whose, kind, &levels, access.condition.len()))
        }
        Details::Error { .. } => None,
    }
}

fn observed(access: &ExternalAccess) -> ObservedPrincipal {
    match access.principal.first_key_value() {
        Some((kind, who)) if kind == "Federated" => ObservedPrincipal::Federated(who.clone()),
        Some((kind, who)) if kind == "CanonicalUser" => {
            ObservedPrincipal::CanonicalUser(who.clone())
        }
        Some((_, who)) => ObservedPrincipal::Aws(who.clone()),
        None => ObservedPrincipal::Aws("*".to_owned()),
    }
}

/// The access levels of a finding, in AWS's order: those of its evidence, else those that the catalogue has for its
/// actions. An action that is not known counts as every level.
pub(crate) fn levels(finding: &Finding) -> Vec<AccessLevel> {
    let (evidence, actions) = match &finding.observation.details {
        Details::External(access) => (&access.evidence, &access.action),
        Details::Internal(access) => (&access.evidence, &access.action),
        Details::Error { .. } => return AccessLevel::ALL.to_vec(),
    };
    let mut levels: Vec<AccessLevel> = match evidence.get("accessLevels").and_then(Value::as_array)
    {
        Some(named) => named
            .iter()
            .filter_map(Value::as_str)
            .flat_map(|name| AccessLevel::ALL.into_iter().filter(move |own| own.as_str() == name))
            .collect(),
        None => actions.iter().flat_map(|action| levels_of(action)).collect(),
    };
    levels.sort_unstable();
    levels.dedup();
    levels
}

fn levels_of(action: &str) -> Vec<AccessLevel> {
    let known = Catalogue::embedded().action(action).and_then(Action::primary_access_level);
    known.map_or_else(|| AccessLevel::ALL.to_vec(), |level| vec![level])
}
