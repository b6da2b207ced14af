//! Resources of the AWS provider as those of CloudFormation that they are.
//!
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs>

use super::mappings::{INLINE, MAPPINGS, Mapping, NOT_READ};
use super::plan::{Change, Plan};
use super::values::Values;
use crate::assembly::{NOT_READ_ATTRIBUTE, PlannedResource, Whereabouts};
use crate::planned::{Planned, PlannedKind, Presence, Text, Unknown};

/// The resources that are there after the plan.
pub(super) fn resources(plan: &Plan<'_>, whereabouts: &Whereabouts) -> Vec<PlannedResource> {
    let there =
        plan.changes.iter().filter(|own| !own.is_data && !own.is_delete && own.after.is_some());
    there
        .flat_map(|change| {
            let values = Values { plan, change, whereabouts };
            let mut all = match MAPPINGS.iter().find(|own| own.terraform == change.resource_type) {
                Some(mapping) => mapped(&values, mapping),
                None => vec![other(&values)],
            };
            all.extend(not_read(&values));
            all
        })
        .collect()
}

/// A name by which policies find what they belong to.
fn address_of(change: &Change<'_>) -> Text {
    Text::known(format!("plan:{}", change.address))
}

fn resource(
    values: &Values<'_, '_>,
    resource_type: &str,
    properties: Vec<(&str, Planned)>,
) -> PlannedResource {
    let change = values.change;
    PlannedResource {
        address: change.address.to_owned(),
        resource_type: resource_type.to_owned(),
        properties: Planned::map(change.place, properties),
        presence: Presence::Certain,
        arn: None,
        names: vec![address_of(change)],
        whereabouts: values.whereabouts.clone(),
    }
}

fn mapped(values: &Values<'_, '_>, mapping: &Mapping) -> Vec<PlannedResource> {
    let mut properties: Vec<(&str, Planned)> = Vec::new();
    for (property, attribute) in mapping.properties {
        properties.extend(values.attribute(attribute).map(|value| (*property, value)));
    }
    if let Some((property, attribute)) = mapping.policy {
        properties.extend(values.policy(attribute).map(|value| (property, value)));
    }
    let mut all = match mapping.target {
        Some((property, attribute)) => {
            of_targets(values, mapping, (property, attribute), &properties)
        }
        None => vec![resource(values, mapping.cloudformation, properties)],
    };
    if let Some((service, prefix)) = mapping.arn {
        let arn = arn(values, mapping, service, prefix);
        for own in &mut all {
            own.names.extend(values.text(mapping.name));
            own.names.push(arn.clone());
            own.arn = Some(arn.clone());
        }
    }
    let inline = INLINE.iter().find(|(name, ..)| *name == values.change.resource_type);
    if let Some((_, resource_type, target, document)) = inline
        && let Some(policy) = values.policy("policy")
    {
        let name = Planned::new(values.change.place, PlannedKind::Text(address_of(values.change)));
        all.push(resource(values, resource_type, vec![(*target, name), (*document, policy)]));
    }
    all
}

/// What stands for attributes that let somebody in and are not read.
fn not_read(values: &Values<'_, '_>) -> Vec<PlannedResource> {
    let own = NOT_READ.iter().filter(|(of, _)| *of == values.change.resource_type);
    let is_set = |value: &Planned| !matches!(&value.kind, PlannedKind::List(all) if all.is_empty());
    own.filter(|(_, attribute)| values.attribute(attribute).as_ref().is_some_and(is_set))
        .map(|(of, attribute)| {
            resource(values, &format!("{NOT_READ_ATTRIBUTE}{of}.{attribute}"), Vec::new())
        })
        .collect()
}

/// The resource once for each that it may belong to.
fn of_targets(
    values: &Values<'_, '_>,
    mapping: &Mapping,
    (property, attribute): (&str, &str),
    properties: &[(&str, Planned)],
) -> Vec<PlannedResource> {
    let place = values.change.place;
    let references = values.plan.references(values.change, values.expression(attribute));
    let mut changes: Vec<&Change<'_>> =
        references.iter().flat_map(|own| own.changes.clone()).collect();
    changes.retain(|own| !own.is_data);
    changes.dedup_by_key(|own| own.address);
    let with = |target: Option<Planned>| {
        let target = target.map(|target| (property, target));
        let all =
            target.into_iter().chain(properties.iter().map(|(name, value)| (*name, value.clone())));
        resource(values, mapping.cloudformation, all.collect())
    };
    if changes.is_empty() {
        return vec![with(values.attribute(attribute))];
    }
    let several = changes.len() > 1;
    let one = |change: &Change<'_>| {
        let mut own = with(Some(Planned::new(place, PlannedKind::Text(address_of(change)))));
        if several {
            let reason = format!(
                "which resource `{}` belongs to is known after apply",
                values.change.address
            );
            let identity = format!("plan:{}.{attribute}", values.change.address);
            own.presence = Presence::Possible(Unknown::new(identity, "*", reason, place));
        }
        own
    };
    changes.into_iter().map(one).collect()
}

/// The ARN of a resource, where its type is one that is read.
pub(super) fn arn_of(values: &Values<'_, '_>) -> Option<Text> {
    let mapping = MAPPINGS.iter().find(|own| own.terraform == values.change.resource_type)?;
    let (service, prefix) = mapping.arn?;
    Some(arn(values, mapping, service, prefix))
}

/// The ARN: as the plan knows it, or made of the name.
fn arn(values: &Values<'_, '_>, mapping: &Mapping, service: &str, prefix: &str) -> Text {
    let known =
        values.change.after.and_then(|own| own.get("arn")).and_then(crate::node::Node::as_text);
    if let Some(known) = known {
        return Text::known(known);
    }
    let change = values.change;
    let chosen = |what: &str, form: &str| {
        let reason = format!("{what} of `{}` is known after apply", change.address);
        Text::unknown(Unknown::new(
            format!("{}.{what}", change.address),
            form,
            reason,
            change.place,
        ))
    };
    let name = values.text(mapping.name).unwrap_or_else(|| chosen("the name", "*"));
    let place = values.whereabouts;
    let (partition, account, region) = (place.partition.as_str(), &place.account, &place.region);
    let start = match service {
        "s3" if prefix.is_empty() => format!("arn:{partition}:s3:::"),
        "ec2" => format!("arn:{partition}:ec2:{region}::{prefix}"),
        "iam" => {
            let path = values.text("path").map_or_else(|| "/".to_owned(), |path| path.pattern());
            format!("arn:{partition}:iam::{account}:{prefix}{path}")
        }
        _ => format!("arn:{partition}:{service}:{region}:{account}:{prefix}"),
    };
    let end = match mapping.terraform {
        "aws_secretsmanager_secret" => {
            Text::joined([&Text::known("-"), &chosen("the end of the ARN", "??????")])
        }
        "aws_lambda_layer_version" => Text::joined([&Text::known(":"), &chosen("the number", "*")]),
        _ => Text::default(),
    };
    Text::joined([&Text::known(start), &name, &end])
}

/// A resource of another type, which is looked through for policies.
fn other(values: &Values<'_, '_>) -> PlannedResource {
    let properties = values.change.after.map(Planned::of_node);
    let mut own = resource(values, values.change.resource_type, Vec::new());
    if let Some(mut properties) = properties {
        properties.place = values.change.place.clone();
        own.properties = properties;
    }
    own
}
