#![doc = include_str!("key_grant.md")]

use std::collections::BTreeMap;

use aws_sdk_kms::types::{GrantConstraints, GrantListEntry, GrantOperation};
use ringfence_response::slot::{Slot, Target};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::client;
use crate::collection::pages::{self, Page};
use crate::failure::{Cause, Failure};
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::text::parsed;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::KMS::Key"],
    is: |slot| matches!(slot, Slot::KeyGrant { .. }),
    list: Listing::Many(|place, target| Box::pin(list(place, target))),
    read: |place, target, slot| Box::pin(read(place, target, slot)),
    write: |change| Box::pin(write(change)),
    form: Form::Settings { nothing: None, ignored: CHANGES },
    read_actions: &["kms:ListGrants"],
    write_actions: &["kms:CreateGrant", "kms:RevokeGrant"],
};

/// What is another in a grant that is made again.
const CHANGES: &[&str] = &["CreationDate", "GrantId", "IssuingAccount", "KeyId", "Name"];

/// What a grant is made from.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Grant {
    grantee_principal: Option<String>,
    grantee_service_principal: Option<String>,
    retiring_principal: Option<String>,
    retiring_service_principal: Option<String>,
    operations: Vec<String>,
    constraints: Option<Constraints>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Constraints {
    encryption_context_equals: Option<BTreeMap<String, String>>,
    encryption_context_subset: Option<BTreeMap<String, String>>,
    source_arn: Option<String>,
}

async fn list(place: &Place, target: &Target) -> Result<Vec<(Slot, Held)>, Failure> {
    let found = grants(place, &target.arn, None).await?.into_iter().filter_map(|grant| {
        let slot = Slot::KeyGrant { grant_id: grant.grant_id.clone()? };
        Some((slot, Held::new(Some(shown(&grant)))))
    });
    Ok(found.collect())
}

async fn read(place: &Place, target: &Target, slot: &Slot) -> Result<Held, Failure> {
    let id = id(slot)?;
    let grants = grants(place, &target.arn, Some(id)).await?;
    let found = grants.iter().find(|grant| grant.grant_id.as_deref() == Some(id));
    Ok(Held::new(found.map(shown)))
}

fn id(slot: &Slot) -> Result<&str, Failure> {
    match slot {
        Slot::KeyGrant { grant_id } => Ok(grant_id),
        _ => Err(Failure::new("read", Cause::Other, "it is no grant")),
    }
}

async fn grants(
    place: &Place,
    key: &str,
    id: Option<&str>,
) -> Result<Vec<GrantListEntry>, Failure> {
    let client = client!(place, aws_sdk_kms);
    let page = async |token| {
        let asked = client.list_grants().key_id(key).limit(100).set_marker(token);
        let asked = asked.set_grant_id(id.map(str::to_owned)).send();
        // A grant of that id is not there: some endpoints say so by an error.
        let absent: &[&str] = if id.is_some() { &["InvalidGrantIdException"] } else { &[] };
        let listed = place.call_unless("kms:ListGrants", absent, asked).await?;
        Ok(match listed {
            Some(listed) => Page::new(listed.grants, listed.next_marker),
            None => Page::new(None, None),
        })
    };
    pages::all("kms:ListGrants", page).await
}

/// A grant as ListGrants shows it, its members in alphabetical order.
fn shown(grant: &GrantListEntry) -> String {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.to_owned(), value);
        }
    };
    let constraints = grant.constraints.as_ref().map(constraints).filter(|it| !it.is_empty());
    put("Constraints", constraints.map(Value::Object));
    put("CreationDate", grant.creation_date.as_ref().map(|date| json!(date.secs())));
    put("GrantId", grant.grant_id.as_ref().map(|it| json!(it)));
    put("GranteePrincipal", grant.grantee_principal.as_ref().map(|it| json!(it)));
    put("GranteeServicePrincipal", grant.grantee_service_principal.as_ref().map(|it| json!(it)));
    put("IssuingAccount", grant.issuing_account.as_ref().map(|it| json!(it)));
    put("KeyId", grant.key_id.as_ref().map(|it| json!(it)));
    put("Name", grant.name.as_ref().filter(|name| !name.is_empty()).map(|it| json!(it)));
    let operations = grant.operations.iter().flatten().map(|operation| operation.as_str());
    put("Operations", Some(json!(operations.collect::<Vec<_>>())));
    put("RetiringPrincipal", grant.retiring_principal.as_ref().map(|it| json!(it)));
    put("RetiringServicePrincipal", grant.retiring_service_principal.as_ref().map(|it| json!(it)));
    Value::Object(members).to_string()
}

fn constraints(constraints: &GrantConstraints) -> Map<String, Value> {
    let mut members = Map::new();
    let contexts = [
        ("EncryptionContextEquals", &constraints.encryption_context_equals),
        ("EncryptionContextSubset", &constraints.encryption_context_subset),
    ];
    for (name, context) in contexts {
        if let Some(context) = context.as_ref().filter(|context| !context.is_empty()) {
            members.insert(name.to_owned(), json!(context.iter().collect::<BTreeMap<_, _>>()));
        }
    }
    if let Some(arn) = &constraints.source_arn {
        members.insert("SourceArn".to_owned(), json!(arn));
    }
    members
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_kms);
    let (key, id) = (&change.target.arn, id(change.slot)?);
    let Some(text) = change.after else {
        let asked = client.revoke_grant().key_id(key).grant_id(id).send();
        change.place.call("kms:RevokeGrant", asked).await?;
        return change.written();
    };
    if change.held.text.is_some() {
        let detail = "a grant cannot be changed, only revoked".to_owned();
        return Err(WriteFailure::Malformed { detail });
    }
    let grant: Grant = parsed(text)?;
    // With the same name and members, KMS gives the same grant however often it is asked.
    let name = grant.name.unwrap_or_else(|| {
        format!("ringfence-restored-{}", id.chars().take(24).collect::<String>())
    });
    let constraints = grant.constraints.map(|it| {
        GrantConstraints::builder()
            .set_encryption_context_equals(it.encryption_context_equals.map(hashed))
            .set_encryption_context_subset(it.encryption_context_subset.map(hashed))
            .set_source_arn(it.source_arn)
            .build()
    });
    let operations = grant.operations.iter().map(|name| GrantOperation::from(name.as_str()));
    let asked = client
        .create_grant()
        .key_id(key)
        .set_grantee_principal(grant.grantee_principal)
        .set_grantee_service_principal(grant.grantee_service_principal)
        .set_retiring_principal(grant.retiring_principal)
        .set_retiring_service_principal(grant.retiring_service_principal)
        .set_operations(Some(operations.collect()))
        .set_constraints(constraints)
        .name(name)
        .send();
    let made = change.place.call("kms:CreateGrant", asked).await?;
    let new = made.grant_id.unwrap_or_default();
    let note = format!("the grant `{id}` was made again and has the id `{new}`");
    Ok(Written { slot: Slot::KeyGrant { grant_id: new }, note: Some(note) })
}

fn hashed(context: BTreeMap<String, String>) -> std::collections::HashMap<String, String> {
    context.into_iter().collect()
}
