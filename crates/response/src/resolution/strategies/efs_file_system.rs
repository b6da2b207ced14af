#![doc = include_str!("efs_file_system.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, deny_or_removal_of_one};
use crate::resolution::rules::{Administration, Anonymous, PolicyRules, Size, itself};
use crate::slot::Slot;

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::EfsFileSystem,
    policy: Some(PolicyRules {
        slot: Slot::FileSystemPolicy,
        size: Size::Characters(20_000),
        statements: None,
        actions: None,
        resources: itself,
        validated_as: None,
        administration: Administration::NotDenied(&[
            "elasticfilesystem:DeleteFileSystemPolicy",
            "elasticfilesystem:PutFileSystemPolicy",
        ]),
        anonymous: Anonymous::MayBeOwn,
    }),
    offers: deny_or_removal_of_one,
    how: "a Deny; for everybody, one that spares the zone of trust and services; else the principal is taken out",
    closes: "the file system policy",
    cannot: "everybody, without asking: own clients that mount without IAM are anonymous too and would lose it",
};
