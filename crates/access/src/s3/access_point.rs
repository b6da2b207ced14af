//! Requests through access points: the access point's policy and the bucket's must both allow.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html>. The two policies
//! name different resources for one request. The access point's Resource elements are therefore read as
//! conditions on a key of our own, whose value for the request is known.

use ringfence_policy::{
    Comparison, Condition, ConditionKey, ConditionOperator, IfExists, Located, PolicyDocument,
    Polarity, Qualifier, Statement,
};
use serde_json::json;

use crate::inventory::NetworkOrigin;
use crate::question::Way;
use crate::synthetic;

/// Names no key of AWS.
const RESOURCE_KEY: &str = "ringfence:AccessPointResource";

/// The policy with its Resource elements as conditions.
pub(crate) fn with_resource_as_condition(mut document: PolicyDocument) -> PolicyDocument {
    for statement in &mut document.statements {
        let Some(resource) = statement.resource.take() else { continue };
        let comparison = match resource.polarity {
            Polarity::Plain => Comparison::StringLike,
            Polarity::Not => Comparison::StringNotLike,
        };
        let operator =
            ConditionOperator { qualifier: Qualifier::None, comparison, if_exists: IfExists::No };
        statement.conditions.push(Condition {
            operator: Located::new(operator, resource.key_span),
            key: Located::new(ConditionKey::new(RESOURCE_KEY), resource.key_span),
            value_span: resource.value_span,
            form: resource.form,
            values: resource.patterns,
        });
    }
    document
}

/// A statement that requests for the access point or for objects through it match.
pub(crate) fn through(access_point_arn: &str) -> Option<Statement> {
    let arns = [access_point_arn.to_owned(), format!("{access_point_arn}/object/*")];
    let statement = json!({
        "Effect": "Allow", "Action": "*", "Condition": {"StringLike": {RESOURCE_KEY: arns}},
    });
    synthetic::document(vec![statement]).statements.pop()
}

/// Denies what does not come from the VPC that an access point is bound to.
pub(crate) fn only_from(origin: &NetworkOrigin) -> Option<PolicyDocument> {
    let NetworkOrigin::Vpc(vpc) = origin else { return None };
    Some(synthetic::document(vec![json!({
        "Effect": "Deny", "Principal": "*", "Action": "*",
        "Condition": {"StringNotEquals": {"aws:SourceVpc": vpc}},
    })]))
}

/// Turns the key of our own in a witness into the resource of the request.
pub(crate) fn name_resource(way: &mut Way) {
    if let Some(value) = way.witness.context.remove(&ConditionKey::new(RESOURCE_KEY))
        && let Some(arn) = value.values().first()
    {
        way.witness.resource.clone_from(arn);
    }
}
