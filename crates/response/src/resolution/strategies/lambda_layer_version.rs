#![doc = include_str!("lambda_layer_version.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, removal};

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::LambdaLayerVersion,
    policy: None,
    offers: removal,
    how: "the statement is removed (RemoveLayerVersionPermission)",
    closes: "accounts, everybody",
    cannot: "one of several findings of one statement, which a removal does not tell apart; an organization or everybody, without a loss inside: somebody has to agree",
};
