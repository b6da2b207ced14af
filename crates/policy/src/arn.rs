//! Amazon Resource Names: `arn:partition:service:region:account-id:resource`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use std::fmt;

use crate::account_id::AccountId;

/// The partitions that AWS documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`: the commercial Regions.
    Aws,
    /// `aws-cn`: China.
    AwsCn,
    /// `aws-us-gov`: AWS GovCloud (US).
    AwsUsGov,
}

impl Partition {
    /// The partition called `name`.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        match name {
            "aws" => Some(Self::Aws),
            "aws-cn" => Some(Self::AwsCn),
            "aws-us-gov" => Some(Self::AwsUsGov),
            _ => None,
        }
    }

    /// The name as it stands in an ARN.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
        }
    }
}

/// An ARN, split at its first five colons. The fields may hold wildcards when it comes from a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// The service prefix, `s3`.
    pub service: String,
    /// The Region, empty where a service has none.
    pub region: String,
    /// The account id, empty where a service has none.
    pub account: String,
    /// All behind the fifth colon.
    pub resource: String,
}

impl Arn {
    /// Splits `text`; nothing when it does not start with `arn:` or has fewer than five colons.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        if fields.next() != Some("arn") {
            return None;
        }
        let mut field = || fields.next().map(str::to_owned);
        Some(Self {
            partition: field()?,
            service: field()?,
            region: field()?,
            account: field()?,
            resource: field()?,
        })
    }

    /// The account, when the field holds one.
    #[must_use]
    pub fn account_id(&self) -> Option<AccountId> {
        AccountId::new(&self.account)
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(formatter, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}
