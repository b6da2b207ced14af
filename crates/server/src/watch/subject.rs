//! What a change may be about.

/// Something that is read again by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    /// A resource. The account is said where the ARN does not say it.
    Resource { arn: String, account: Option<String> },
    /// A role, of which only the name is said.
    Role { account: String, name: String },
    /// The bucket behind an access point, of which only the name is said.
    AccessPoint { account: String, region: String, name: String },
    /// A secret, of which only the name is said, without the characters that its ARN ends with.
    Secret { account: String, region: String, name: String },
    /// The account's S3 Block Public Access.
    S3PublicAccessBlock { account: String },
    /// Block public access for EBS snapshots in a Region.
    EbsSnapshotBlockPublicAccess { account: String, region: String },
    /// Users, groups and policies.
    Identities { account: String },
    /// The organization, its units, accounts and policies.
    Organization,
}

impl Subject {
    /// The account it is in, where that is said.
    pub(super) fn account(&self) -> Option<&str> {
        match self {
            Self::Resource { arn, account } => {
                let in_arn = arn.split(':').nth(4).filter(|own| !own.is_empty());
                in_arn.or(account.as_deref())
            }
            Self::Role { account, .. }
            | Self::AccessPoint { account, .. }
            | Self::Secret { account, .. }
            | Self::S3PublicAccessBlock { account }
            | Self::EbsSnapshotBlockPublicAccess { account, .. }
            | Self::Identities { account } => Some(account),
            Self::Organization => None,
        }
    }
}
