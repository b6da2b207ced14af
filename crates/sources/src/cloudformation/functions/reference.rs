//! `Ref`, `Fn::GetAtt` and `Fn::ImportValue`.

use super::Call;
use crate::cloudformation::attributes;
use crate::cloudformation::stack::Evaluated;
use crate::node::NodeKind;
use crate::planned::{Planned, PlannedKind, Text, Unknown};

pub(super) fn reference(call: &Call<'_>) -> Evaluated {
    let Some(name) = call.argument.as_text() else {
        return call.wrong("`Ref` takes the name of a parameter or resource");
    };
    named(call, name)
}

/// The value of a parameter, pseudo parameter or resource.
pub(super) fn named(call: &Call<'_>, name: &str) -> Evaluated {
    if name == "AWS::NoValue" {
        return Ok(None);
    }
    if let Some(value) = pseudo(call, name) {
        return call.known(value);
    }
    if let Some(value) = call.stack.parameters.get(name) {
        return call.moved(value);
    }
    match attributes::identity(call.stack, name, call.place)? {
        Some(identity) => call.known(PlannedKind::Text(identity.reference.clone())),
        None => {
            call.wrong(format!("`{name}` is neither a parameter nor a resource of the template"))
        }
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
fn pseudo(call: &Call<'_>, name: &str) -> Option<PlannedKind> {
    let environment = &call.stack.environment;
    let place = &environment.whereabouts;
    let partition = place.partition.as_str();
    let text = |text: &str| Some(PlannedKind::Text(Text::known(text)));
    let unknown = |form: String, reason: &str| {
        let unknown = Unknown::new(name, form, reason, call.place);
        Text::unknown(unknown)
    };
    match name {
        "AWS::AccountId" => text(place.account.as_str()),
        "AWS::Region" => text(&place.region),
        "AWS::Partition" => text(partition),
        "AWS::StackName" if environment.stack_name.contains('*') => {
            let reason = "the name of the nested stack is chosen at deployment";
            Some(PlannedKind::Text(unknown(environment.stack_name.clone(), reason)))
        }
        "AWS::StackName" => text(&environment.stack_name),
        "AWS::URLSuffix" => text(match partition {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        }),
        "AWS::StackId" => {
            let start = format!(
                "arn:{partition}:cloudformation:{}:{}:stack/{}/",
                place.region, place.account, environment.stack_name
            );
            let id = unknown("*".to_owned(), "the id of the stack is chosen at deployment");
            Some(PlannedKind::Text(Text::joined([&Text::known(start), &id])))
        }
        "AWS::NotificationARNs" => {
            let reason = "the notification ARNs of the stack are given at deployment";
            Some(PlannedKind::Unknown(Unknown::new(name, "arn:*", reason, call.place)))
        }
        _ => None,
    }
}

pub(super) fn get_att(call: &Call<'_>) -> Evaluated {
    let (name, attribute) = match &call.argument.kind {
        NodeKind::Text(text) => match text.split_once('.') {
            Some((name, attribute)) => (name.to_owned(), Text::known(attribute)),
            None => {
                return call
                    .wrong("`Fn::GetAtt` takes a resource and an attribute: `Resource.Attribute`");
            }
        },
        NodeKind::List(parts) => match parts.as_slice() {
            [name, rest @ ..] if !rest.is_empty() => {
                let Some(name) = name.as_text() else {
                    return call.wrong("`Fn::GetAtt` takes the name of a resource");
                };
                let mut attribute = Text::default();
                for (index, part) in rest.iter().enumerate() {
                    attribute.push_known(if index > 0 { "." } else { "" });
                    attribute.push(&call.stack.text(part)?);
                }
                (name.to_owned(), attribute)
            }
            _ => return call.wrong("`Fn::GetAtt` takes a list of a resource and an attribute"),
        },
        _ => return call.wrong("`Fn::GetAtt` takes a resource and an attribute"),
    };
    attribute_of(call, &name, &attribute.pattern())
}

/// An attribute of a resource.
pub(super) fn attribute_of(call: &Call<'_>, name: &str, attribute: &str) -> Evaluated {
    match attributes::attribute(call.stack, name, attribute, call.place)? {
        Some(value) => call.moved(&value),
        None => call.wrong(format!("`{name}` is no resource of the template")),
    }
}

pub(super) fn import_value(call: &Call<'_>) -> Evaluated {
    let name = call.stack.text(call.argument)?;
    if let Some(value) = name.as_known().and_then(|name| call.stack.environment.imports.get(name)) {
        return call.moved(&Planned::text(call.place, value));
    }
    let name = name.pattern();
    let reason = format!("the value that another stack exports as `{name}` is not given");
    call.known(PlannedKind::Unknown(Unknown::new(
        format!("import:{name}"),
        "*",
        reason,
        call.place,
    )))
}

/// What a name of `Fn::Sub` means: `Resource.Attribute`, or what `Ref` takes.
pub(super) fn of_sub(call: &Call<'_>, name: &str) -> Evaluated {
    match name.split_once('.') {
        Some((resource, attribute)) => attribute_of(call, resource, attribute),
        None => named(call, name),
    }
}
