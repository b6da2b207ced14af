//! ARNs as policies write them, and the forms of ARNs that the service catalogue knows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ringfence_policy::json;

use crate::document::catalogue;
use crate::glob;

/// An ARN split at its first five colons; colons inside `${…}` do not count. Fields may hold wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ArnText<'d> {
    pub(crate) partition: &'d str,
    pub(crate) service: &'d str,
    pub(crate) region: &'d str,
    pub(crate) account: &'d str,
    /// All behind the fifth colon.
    pub(crate) resource: &'d str,
}

/// A form of ARN that a service documents: `arn:${Partition}:s3:::${BucketName}`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArnFormat {
    region: &'static str,
    account: &'static str,
    resource: &'static str,
}

/// What the forms that an ARN can be of say about one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Always empty.
    Empty,
    /// Never empty.
    Filled,
    /// Empty in some forms.
    Either,
}

/// The forms that an ARN can be of, judged by its resource part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The catalogue knows no form of this service's ARNs, or the service is not one name.
    Unknown,
    /// The resource part is of none of the service's forms.
    None,
    /// The resource part is of at least one.
    Some {
        /// The Region.
        region: Field,
        /// The account.
        account: Field,
    },
}

impl<'d> ArnText<'d> {
    /// Splits a text; nothing when it does not start with `arn:` or has too few fields.
    pub(crate) fn parse(text: &'d str) -> Option<Self> {
        let mut rest = text.strip_prefix("arn:")?;
        let mut field = || {
            let colon = colon(rest)?;
            let (head, tail) = rest.split_at_checked(colon)?;
            rest = tail.get(1..)?;
            Some(head)
        };
        let (partition, service, region, account) = (field()?, field()?, field()?, field()?);
        Some(Self { partition, service, region, account, resource: rest })
    }

    /// The ARN as a JSON string, quotes included.
    pub(crate) fn to_json(self) -> String {
        let Self { partition, service, region, account, resource } = self;
        json::escape(&format!("arn:{partition}:{service}:{region}:{account}:{resource}"))
    }

    /// Whether it can be an ARN of this form. Wildcards are taken field by field.
    pub(crate) fn can_be(self, form: &str) -> bool {
        ArnText::parse(form).is_some_and(|form| {
            glob::overlaps(self.partition, form.partition)
                && glob::overlaps(self.service, form.service)
                && glob::overlaps(self.region, form.region)
                && glob::overlaps(self.account, form.account)
                && glob::overlaps(self.resource, form.resource)
        })
    }

    /// What the forms of its service say about it.
    pub(crate) fn fit(&self) -> Fit {
        let Some(formats) = formats(self.service) else { return Fit::Unknown };
        let mut fit = Fit::None;
        for format in formats.iter().filter(|format| glob::overlaps(self.resource, format.resource))
        {
            let (region, account) = (Field::of(format.region), Field::of(format.account));
            fit = match fit {
                Fit::Some { region: r, account: a } => {
                    Fit::Some { region: r.or(region), account: a.or(account) }
                }
                Fit::Unknown | Fit::None => Fit::Some { region, account },
            };
        }
        fit
    }
}

impl Field {
    fn of(format: &str) -> Self {
        if format.is_empty() { Self::Empty } else { Self::Filled }
    }

    fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Either }
    }
}

/// Whether ARNs can have this service in their third field, in this case: the prefix of a service, or the name under
/// which a service keeps its own resources. AWS does not know a name that a service only points to, as Amazon EC2 does
/// to the accelerators of a service that is gone.
pub(crate) fn is_service(name: &str) -> bool {
    catalogue().service(name).is_some_and(|service| service.prefix() == name)
        || OWN_NAMES.contains(name)
}

/// Whether the field holds no wildcard and no variable.
pub(crate) fn is_plain(field: &str) -> bool {
    !field.contains(['*', '?']) && !field.contains("${")
}

/// The forms of the ARNs of a service, when there are any.
fn formats(service: &str) -> Option<&'static [ArnFormat]> {
    FORMATS.get(service).map(Vec::as_slice)
}

/// The forms of ARNs by their third field, which is not always the prefix of the service that documents them: the
/// ARNs of AWS Service Catalog say `catalog`.
static FORMATS: LazyLock<BTreeMap<&'static str, Vec<ArnFormat>>> = LazyLock::new(|| {
    let mut formats: BTreeMap<&'static str, Vec<ArnFormat>> = BTreeMap::new();
    let types = catalogue().services().flat_map(|service| service.resource_types());
    for format in types.flat_map(|resource_type| resource_type.arn_formats()) {
        if let Some(arn) = ArnText::parse(format) {
            let ArnText { region, account, resource, .. } = arn;
            formats.entry(arn.service).or_default().push(ArnFormat { region, account, resource });
        }
    }
    formats
});

/// The third fields that are those of at least half of the ARNs of a service, where they are not its prefix.
static OWN_NAMES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let mut names = BTreeSet::new();
    for service in catalogue().services() {
        let types = service.resource_types();
        let formats: Vec<_> =
            types.flat_map(|t| t.arn_formats()).filter_map(ArnText::parse).collect();
        for arn in &formats {
            let same = formats.iter().filter(|other| other.service == arn.service).count();
            if arn.service != service.prefix() && 2 * same >= formats.len() && is_plain(arn.service)
            {
                names.insert(arn.service);
            }
        }
    }
    names
});

/// The first colon that is not inside `${…}`.
fn colon(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let next = rest.find([':', '$'])?;
        let here = rest.get(next..)?;
        if here.starts_with(':') {
            return Some(at + next);
        }
        at += next + glob::place_to_fill(here).unwrap_or(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_hold_colons() {
        let arn =
            ArnText::parse("arn:aws:iam::${aws:PrincipalAccount}:role/${aws:username}:x").unwrap();
        assert_eq!(arn.account, "${aws:PrincipalAccount}");
        assert_eq!(arn.resource, "role/${aws:username}:x");
        assert_eq!(ArnText::parse("arn:aws:s3:::b/$x").unwrap().resource, "b/$x");
        assert_eq!(ArnText::parse("arn:aws:s3"), None);
    }
}
