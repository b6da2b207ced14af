//! Which callers there are, as rows of parts: the texts of a caller of one kind share accounts and names.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>

use std::collections::BTreeSet;

use super::identity::{Kind, Kinds, reader};
use super::template::{Characters, Reader, Segment, Template};

/// A kind of caller with a choice of optional texts.
pub(crate) struct Variant {
    pub(crate) kind: Kind,
    pub(crate) having: Vec<Reader>,
    pub(crate) template: Template,
}

/// What a question looks at in callers.
pub(crate) struct Looks<'q> {
    /// The optional groups, and the kinds that may have them.
    pub(crate) optional: &'q [(Reader, Kinds)],
    /// The texts that are read.
    pub(crate) readers: &'q BTreeSet<Reader>,
    /// The partitions that callers may be of.
    pub(crate) partitions: &'q BTreeSet<String>,
}

/// All variants that the question can tell apart.
pub(crate) fn variants(looks: &Looks<'_>) -> Vec<Variant> {
    use reader::{ACCOUNT_ARN, ARN, FEDERATED, PROVIDER, ROLE_AND_SESSION, SESSION_ARN};
    let reads = |readers: &[Reader]| readers.iter().any(|reader| looks.readers.contains(reader));
    let tells_partitions =
        reads(&[ARN, SESSION_ARN, ACCOUNT_ARN, ROLE_AND_SESSION, FEDERATED, PROVIDER]);
    let count = if tells_partitions { looks.partitions.len() } else { 1 };
    let mut all = Vec::new();
    for partition in looks.partitions.iter().take(count) {
        for kind in Kind::ALL {
            for shape in shapes(kind, looks.readers) {
                for having in choices(looks.optional, kind, *shape) {
                    let template =
                        Template { segments: segments(kind, *shape, &having, partition) };
                    all.push(Variant { kind, having, template });
                }
            }
        }
    }
    all
}

/// How the texts of one kind can look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Only,
    /// A service of the partition `aws-cn`.
    China,
    /// An OIDC provider known by its ARN.
    OidcArn,
    Saml,
}

fn shapes(kind: Kind, readers: &BTreeSet<Reader>) -> &'static [Shape] {
    let reads = |all: &[Reader]| all.iter().any(|reader| readers.contains(reader));
    match kind {
        Kind::Service if reads(&[reader::SERVICE]) => &[Shape::Only, Shape::China],
        Kind::Federated if reads(&[reader::FEDERATED, reader::PROVIDER]) => {
            &[Shape::Only, Shape::OidcArn, Shape::Saml]
        }
        _ => &[Shape::Only],
    }
}

/// The sets of optional groups that a caller may have.
fn choices(optional: &[(Reader, Kinds)], kind: Kind, shape: Shape) -> Vec<Vec<Reader>> {
    let mut having: Vec<Vec<Reader>> = vec![Vec::new()];
    for (group, _) in optional.iter().filter(|(_, kinds)| kinds.contains(kind)).take(12) {
        if kind == Kind::Federated && *group == reader::PROVIDER {
            // Calls with a token of an OIDC provider carry the key, calls with a SAML assertion do not.
            if shape != Shape::Saml {
                having.iter_mut().for_each(|own| own.push(*group));
            }
            continue;
        }
        let with: Vec<Vec<Reader>> =
            having.iter().map(|own| own.iter().copied().chain([*group]).collect()).collect();
        having.extend(with);
    }
    having
}

fn hole(readers: &[Reader], characters: Characters, min: u16) -> Segment {
    Segment::Hole { readers: readers.to_vec(), characters, min, max: None }
}

fn digits(readers: &[Reader]) -> Segment {
    let readers = readers.to_vec();
    Segment::Hole { readers, characters: Characters::Digits, min: 12, max: Some(12) }
}

fn text(texts: &[(Reader, &str)]) -> Segment {
    Segment::Text(texts.iter().map(|(reader, text)| (*reader, (*text).to_owned())).collect())
}

fn segments(kind: Kind, shape: Shape, having: &[Reader], partition: &str) -> Vec<Segment> {
    use Characters::{Name, Path};
    use reader::{
        ACCOUNT, ACCOUNT_ARN, ARN, CANONICAL, IS_SERVICE, ROLE_AND_SESSION, SERVICE, SESSION_ARN,
        TYPE, USER_ID, USERNAME,
    };
    let iam = format!("arn:{partition}:iam::");
    let sts = format!("arn:{partition}:sts::");
    let is_service = if kind == Kind::Service { "true" } else { "false" };
    let mut segments = vec![text(&[(TYPE, type_name(kind)), (IS_SERVICE, is_service)])];
    match kind {
        Kind::Role => {
            segments.extend([
                text(&[
                    (ARN, &iam),
                    (ROLE_AND_SESSION, &iam),
                    (SESSION_ARN, &sts),
                    (ACCOUNT_ARN, &iam),
                ]),
                digits(&[ARN, ROLE_AND_SESSION, SESSION_ARN, ACCOUNT_ARN, ACCOUNT]),
                text(&[
                    (ARN, ":role/"),
                    (ROLE_AND_SESSION, ":role/"),
                    (SESSION_ARN, ":assumed-role/"),
                ]),
                text(&[(ACCOUNT_ARN, ":root"), (USER_ID, "AROA")]),
                hole(&[ARN, ROLE_AND_SESSION], Path, 0),
                hole(&[ARN, ROLE_AND_SESSION, SESSION_ARN], Name, 1),
                text(&[(SESSION_ARN, "/"), (ROLE_AND_SESSION, " ")]),
                hole(&[USER_ID], Name, 0),
                text(&[(USER_ID, ":")]),
                hole(&[SESSION_ARN, ROLE_AND_SESSION, USER_ID], Name, 1),
            ]);
        }
        Kind::User => {
            segments.push(text(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]));
            segments.push(digits(&[ARN, ACCOUNT_ARN, ACCOUNT]));
            segments.push(text(&[(ARN, ":user/"), (ACCOUNT_ARN, ":root"), (USER_ID, "AIDA")]));
            segments.push(hole(&[ARN], Path, 0));
            segments.push(hole(&[ARN, USERNAME], Name, 1));
            segments.push(hole(&[USER_ID], Name, 0));
        }
        Kind::Root => segments.extend([
            text(&[(ARN, &iam), (ACCOUNT_ARN, &iam)]),
            digits(&[ARN, ACCOUNT_ARN, ACCOUNT, USER_ID]),
            text(&[(ARN, ":root"), (ACCOUNT_ARN, ":root")]),
        ]),
        Kind::FederatedUser => segments.extend([
            text(&[(ARN, &sts), (ACCOUNT_ARN, &iam)]),
            digits(&[ARN, ACCOUNT_ARN, ACCOUNT, USER_ID]),
            text(&[(ARN, ":federated-user/"), (ACCOUNT_ARN, ":root"), (USER_ID, ":")]),
            hole(&[ARN, USER_ID], Name, 1),
        ]),
        Kind::Anonymous => segments.push(text(&[(USER_ID, "anonymous"), (ACCOUNT, "anonymous")])),
        Kind::Service => {
            let end = if shape == Shape::China { ".amazonaws.com.cn" } else { ".amazonaws.com" };
            segments.extend([hole(&[SERVICE], Name, 1), text(&[(SERVICE, end)])]);
        }
        Kind::Federated => segments.extend(provider(shape, &iam)),
        Kind::CanonicalUser => segments.push(hole(&[CANONICAL], Name, 1)),
    }
    let others =
        having.iter().filter(|group| kind != Kind::Federated || **group != reader::PROVIDER);
    segments.extend(others.flat_map(|group| optional(*group)));
    segments
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "AssumedRole",
        Kind::User => "User",
        Kind::Root => "Account",
        Kind::FederatedUser => "FederatedUser",
        Kind::Anonymous => "Anonymous",
        Kind::Service | Kind::Federated | Kind::CanonicalUser => "",
    }
}

/// The name of an identity provider: an ARN, or a host's name for the built-in ones.
fn provider(shape: Shape, iam: &str) -> Vec<Segment> {
    use reader::{FEDERATED, PROVIDER};
    let both = [FEDERATED, PROVIDER];
    let fixed = |own: &str| text(&[(FEDERATED, own), (PROVIDER, own)]);
    match shape {
        Shape::Saml => vec![
            fixed(iam),
            digits(&both),
            fixed(":saml-provider/"),
            hole(&both, Characters::Name, 1),
        ],
        Shape::OidcArn => vec![
            fixed(iam),
            digits(&both),
            fixed(":oidc-provider/"),
            hole(&both, Characters::Path, 0),
            hole(&both, Characters::Name, 1),
        ],
        Shape::Only | Shape::China => {
            vec![hole(&both, Characters::Name, 1), fixed("."), hole(&both, Characters::Name, 1)]
        }
    }
}

fn optional(group: Reader) -> Vec<Segment> {
    use reader::{ORG_ID, ORG_PATH};
    if group != ORG_ID {
        return vec![hole(&[group], Characters::Any, 0)];
    }
    vec![
        text(&[(ORG_ID, "o-"), (ORG_PATH, "o-")]),
        hole(&[ORG_ID, ORG_PATH], Characters::Name, 1),
        text(&[(ORG_PATH, "/")]),
        hole(&[ORG_PATH], Characters::Path, 0),
    ]
}
