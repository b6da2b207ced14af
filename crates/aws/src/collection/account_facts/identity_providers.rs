//! The identity providers that roles may trust.

use aws_sdk_iam::Client;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};

use crate::collection::place::{Place, client};
use crate::collection::unit::{Reach, Unit};
use crate::failure::Failure;

pub(super) const ACCOUNT_FACT: Unit = Unit {
    resource_type: None,
    reach: Reach::Account,
    actions: &[
        "iam:ListSAMLProviders",
        "iam:ListOpenIDConnectProviders",
        "iam:GetOpenIDConnectProvider",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: None,
};

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client!(place, aws_sdk_iam);
    if let Err(failure) = saml(&place, &client).await {
        place.not_read(None, &failure);
    }
    open_id_connect(&place, &client).await
}

async fn saml(place: &Place, client: &Client) -> Result<(), Failure> {
    let listed = place.call("iam:ListSAMLProviders", client.list_saml_providers().send()).await?;
    let mut providers = listed.saml_provider_list.unwrap_or_default();
    providers.sort_by(|one, other| one.arn.cmp(&other.arn));
    let written = providers.iter().map(|provider| {
        let time = |time: &Option<aws_smithy_types::DateTime>| {
            time.as_ref().and_then(|time| time.fmt(Format::DateTime).ok())
        };
        json!({
            "Arn": provider.arn,
            "ValidUntil": time(&provider.valid_until),
            "CreateDate": time(&provider.create_date),
        })
    });
    place.account.fact("SAMLProviderList", written.collect());
    Ok(())
}

async fn open_id_connect(place: &Place, client: &Client) -> Result<(), Failure> {
    let listed = client.list_open_id_connect_providers().send();
    let listed = place.call("iam:ListOpenIDConnectProviders", listed).await?;
    let listed = listed.open_id_connect_provider_list.unwrap_or_default();
    let mut arns: Vec<String> = listed.into_iter().filter_map(|provider| provider.arn).collect();
    arns.sort();
    let mut providers: Vec<Value> = Vec::new();
    for arn in arns {
        let mut reading = place.reading(arn.clone());
        let got = client.get_open_id_connect_provider().open_id_connect_provider_arn(&arn).send();
        let Some(got) = reading.part("iam:GetOpenIDConnectProvider", got).await else { continue };
        let mut client_ids = got.client_id_list.unwrap_or_default();
        client_ids.sort();
        providers.push(json!({ "Arn": arn, "Url": got.url, "ClientIDList": client_ids }));
    }
    place.account.fact("OpenIDConnectProviderList", json!(providers));
    Ok(())
}
