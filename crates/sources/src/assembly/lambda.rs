//! Lambda functions and layers, whose policies are made of single permissions:
//! <https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>.

use ringfence_access::inventory::{
    Configuration, FunctionUrlAuthType, LambdaFunction, LambdaLayerVersion, ResourceType,
};

use super::draft::Draft;
use super::simple::arn_of;
use super::{Assembly, PlannedResource, Whereabouts};
use crate::planned::{Part, Planned, PlannedKind, Presence, Text};

pub(super) fn function(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let configuration = Configuration::LambdaFunction(LambdaFunction::default());
    assembly.push(Draft::new(own, arn, configuration));
}

pub(super) fn layer_version(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let configuration = Configuration::LambdaLayerVersion(LambdaLayerVersion::default());
    assembly.push(Draft::new(own, arn, configuration));
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let properties = &own.properties;
    match own.resource_type.as_str() {
        "AWS::Lambda::LayerVersionPermission" => {
            let Some(name) = properties.get("LayerVersionArn").and_then(Planned::as_text) else {
                return;
            };
            let otherwise = |place: &Whereabouts| {
                let configuration =
                    Configuration::LambdaLayerVersion(LambdaLayerVersion::default());
                (arn_of(&name, "lambda", "layer:", place), configuration)
            };
            let draft = assembly.target(own, ResourceType::LambdaLayerVersion, &name, otherwise);
            let arn = draft.arn.clone();
            draft.statements.push(layer_statement(own, &arn));
        }
        "AWS::Lambda::Url" => {
            let Some(draft) = function_named(assembly, own, "TargetFunctionArn") else { return };
            let auth_type = properties.get("AuthType");
            if let Some(unknown) = auth_type.and_then(Planned::first_unknown) {
                draft.policies.assume(unknown, &properties.place);
            }
            let auth_type = match auth_type.and_then(Planned::as_known_text).as_deref() {
                Some("AWS_IAM") => FunctionUrlAuthType::AwsIam,
                Some(_) | None => FunctionUrlAuthType::None,
            };
            if let Configuration::LambdaFunction(function) = &mut draft.configuration {
                function.function_url_auth_type = Some(auth_type);
            }
        }
        _ => {
            let Some(draft) = function_named(assembly, own, "FunctionName") else { return };
            let arn = draft.arn.clone();
            draft.statements.push(statement(own, &arn));
        }
    }
}

/// The function that a property names by name, ARN or partial ARN, with or without a version or alias.
fn function_named<'a>(
    assembly: &'a mut Assembly,
    own: &PlannedResource,
    property: &str,
) -> Option<&'a mut Draft> {
    let name = own.properties.get(property).and_then(Planned::as_text)?;
    let pieces = name.split(":");
    let is_arn =
        matches!(name.parts().first(), Some(Part::Known(text)) if text.starts_with("arn:"));
    // What the name is without version or alias.
    let unqualified = match (is_arn, pieces.as_slice()) {
        (true, [fields @ .., _qualifier]) if fields.len() == 7 => joined(fields),
        (false, [_account, function, name, ..]) if function.as_known() == Some("function") => {
            name.clone()
        }
        (false, [name, _qualifier]) => name.clone(),
        _ => name.clone(),
    };
    let otherwise = |place: &Whereabouts| {
        let configuration = Configuration::LambdaFunction(LambdaFunction::default());
        (arn_of(&unqualified, "lambda", "function:", place), configuration)
    };
    Some(assembly.target(own, ResourceType::LambdaFunction, &unqualified, otherwise))
}

fn joined(pieces: &[Text]) -> Text {
    let mut all = Text::default();
    for (index, piece) in pieces.iter().enumerate() {
        all.push_known(if index > 0 { ":" } else { "" });
        all.push(piece);
    }
    all
}

/// The statement that Lambda makes of a permission. A permission for a version or alias counts for the function.
fn statement(own: &PlannedResource, arn: &Text) -> Planned {
    let properties = &own.properties;
    let place = &properties.place;
    let text = |text: &str| Planned::text(place, text);
    let mut conditions: Vec<(&str, Vec<(&str, Planned)>)> = Vec::new();
    let mut condition = |operator, key, property: &str| {
        if let Some(value) = properties.get(property) {
            conditions.push((operator, vec![(key, value.clone())]));
        }
    };
    condition("ArnLike", "AWS:SourceArn", "SourceArn");
    condition("StringEquals", "AWS:SourceAccount", "SourceAccount");
    condition("StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID");
    condition("StringEquals", "lambda:EventSourceToken", "EventSourceToken");
    condition("StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType");
    condition("Bool", "lambda:InvokedViaFunctionUrl", "InvokedViaFunctionUrl");
    let mut members = vec![
        ("Sid", text(&own.address)),
        ("Effect", text("Allow")),
        ("Principal", principal(properties)),
        (
            "Action",
            properties.get("Action").cloned().unwrap_or_else(|| text("lambda:InvokeFunction")),
        ),
        ("Resource", Planned::new(place, PlannedKind::Text(arn.clone()))),
    ];
    if !conditions.is_empty() {
        members.push(("Condition", by_operator(properties, conditions)));
    }
    present(own, Planned::map(place, members))
}

fn by_operator(properties: &Planned, conditions: Vec<(&str, Vec<(&str, Planned)>)>) -> Planned {
    let mut merged: Vec<(&str, Vec<(&str, Planned)>)> = Vec::new();
    for (operator, keys) in conditions {
        match merged.iter_mut().find(|(own, _)| *own == operator) {
            Some((_, all)) => all.extend(keys),
            None => merged.push((operator, keys)),
        }
    }
    let place = &properties.place;
    let maps = merged.into_iter().map(|(operator, keys)| (operator, Planned::map(place, keys)));
    Planned::map(place, maps.collect())
}

fn principal(properties: &Planned) -> Planned {
    let place = &properties.place;
    let Some(value) = properties.get("Principal") else { return Planned::text(place, "*") };
    let kind = match value.as_text().map(|text| text.pattern()) {
        Some(text) if text == "*" => return value.clone(),
        Some(text) if text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn") => {
            "Service"
        }
        Some(text) if text.contains('.') && !text.starts_with("arn:") => "Service",
        Some(_) | None => "AWS",
    };
    Planned::map(place, vec![(kind, value.clone())])
}

fn layer_statement(own: &PlannedResource, arn: &Text) -> Planned {
    let properties = &own.properties;
    let place = &properties.place;
    let text = |text: &str| Planned::text(place, text);
    let principal = match properties.get("Principal") {
        Some(value) if value.as_known_text().as_deref() == Some("*") => value.clone(),
        Some(value) => Planned::map(place, vec![("AWS", value.clone())]),
        None => text("*"),
    };
    let mut members = vec![
        ("Sid", text(&own.address)),
        ("Effect", text("Allow")),
        ("Principal", principal),
        (
            "Action",
            properties.get("Action").cloned().unwrap_or_else(|| text("lambda:GetLayerVersion")),
        ),
        ("Resource", Planned::new(place, PlannedKind::Text(arn.clone()))),
    ];
    if let Some(organization) = properties.get("OrganizationId") {
        let keys = Planned::map(place, vec![("aws:PrincipalOrgID", organization.clone())]);
        members.push(("Condition", Planned::map(place, vec![("StringEquals", keys)])));
    }
    present(own, Planned::map(place, members))
}

/// The statement, which may not be there where its resource may not.
fn present(own: &PlannedResource, statement: Planned) -> Planned {
    match &own.presence {
        Presence::Certain => statement,
        Presence::Possible(unknown) => {
            let place = statement.place.clone();
            Planned::new(&place, PlannedKind::OneOf(vec![statement], unknown.clone()))
        }
    }
}

/// Makes a policy of the statements.
pub(super) fn finish(draft: &mut Draft) {
    if draft.statements.is_empty() {
        return;
    }
    let place = draft.place.clone();
    let statements = std::mem::take(&mut draft.statements);
    let document = Planned::map(
        &place,
        vec![
            ("Version", Planned::text(&place, "2012-10-17")),
            ("Statement", Planned::new(&place, PlannedKind::List(statements))),
        ],
    );
    let policy = draft.policy("policy", Some(&document), &Presence::Certain);
    match &mut draft.configuration {
        Configuration::LambdaFunction(function) => function.function_policy = policy,
        Configuration::LambdaLayerVersion(layer) => layer.layer_policy = policy,
        _ => {}
    }
}
