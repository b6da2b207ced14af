#![doc = include_str!("lambda_function.md")]

use ringfence_access::inventory::ResourceType;

use super::{Strategy, removal};

pub(super) const UNIT: Strategy = Strategy {
    resource_type: ResourceType::LambdaFunction,
    policy: None,
    offers: removal,
    how: "the statement is removed (RemovePermission): Lambda writes statements that allow only",
    closes: "every statement of the function policy, function URLs among them",
    cannot: "one of several findings of one statement, which a removal does not tell apart; everybody, without a loss inside: the statement was for the account too, and somebody has to agree",
};
