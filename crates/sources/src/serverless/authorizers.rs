//! Authorizers of APIs: the permissions by which an API calls the functions that decide who may call it.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html>

use super::build::{Made, Resource, boolean, map, reference, sub, text};
use crate::node::{Key, Node, NodeKind};

/// The two kinds of APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// `AWS::Serverless::Api`.
    Rest,
    /// `AWS::Serverless::HttpApi`.
    Http,
}

/// The permissions for the authorizers that the properties of an API name.
pub(super) fn of_api(
    made: &mut Made<'_>,
    api: &Key,
    condition: Option<&Node>,
    kind: Api,
    properties: &Node,
) {
    let all = properties.get("Auth").and_then(|auth| auth.get("Authorizers"));
    for (name, authorizer) in all.map(Node::members).unwrap_or_default() {
        let Some(function) = authorizer.get("FunctionArn") else { continue };
        if !may_call(made, kind, authorizer) {
            continue;
        }
        let place = &name.place;
        let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*";
        let source = sub(place, arn, vec![("__ApiId__", reference(place, &api.name))]);
        let permission = map(
            place,
            vec![
                ("Action", text(place, "lambda:InvokeFunction")),
                ("FunctionName", function.clone()),
                ("Principal", text(place, "apigateway.amazonaws.com")),
                ("SourceArn", source),
            ],
        );
        let own = Resource { name: api, condition: condition.cloned(), properties };
        let id = format!("{}{}AuthorizerPermission", api.name, name.name);
        made.add_at(place, &own, &id, "AWS::Lambda::Permission", permission);
    }
}

/// A REST API gets the permission unless that is switched off, an HTTP API only where it is switched on. What is not
/// known yet counts as on.
fn may_call(made: &Made<'_>, kind: Api, authorizer: &Node) -> bool {
    let name = match kind {
        Api::Rest => "DisableFunctionDefaultPermissions",
        Api::Http => "EnableFunctionDefaultPermissions",
    };
    let setting = authorizer.get(name).filter(|own| !matches!(own.kind, NodeKind::Null));
    let setting = setting.map(|own| boolean(own).or_else(|| made.literal(own)?.parse().ok()));
    match (kind, setting) {
        (Api::Rest, Some(Some(true))) | (Api::Http, None | Some(Some(false))) => false,
        (Api::Rest, _) | (Api::Http, Some(_)) => true,
    }
}
