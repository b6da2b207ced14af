//! Where else in its account a role is named.

use std::collections::BTreeSet;

use aws_sdk_iam::types::EntityType;

use super::place::Place;
use super::role::decoded;
use crate::client::client;
use crate::failure::Failure;

/// What a set of names holds.
type Arns = BTreeSet<String>;

/// The ARNs of roles whose trust policies name a role, and of whatever has permissions that name it. A policy with a
/// wildcard that fits names nobody.
///
/// # Errors
/// When the account's policies cannot be read.
pub(super) async fn mentions(place: &Place, arn: &str) -> Result<(Arns, Arns), Failure> {
    let client = client!(place, aws_sdk_iam);
    let quoted = format!("\"{arn}\"");
    let names = |text: Option<&str>| text.is_some_and(|text| decoded(text).contains(&quoted));
    let (mut trusted_by, mut mentioned_by) = (Arns::new(), Arns::new());
    let mut token = None;
    loop {
        let asked = client
            .get_account_authorization_details()
            .filter(EntityType::Group)
            .filter(EntityType::LocalManagedPolicy)
            .filter(EntityType::Role)
            .filter(EntityType::User)
            .set_marker(token)
            .send();
        let page = place.call("iam:GetAccountAuthorizationDetails", asked).await?;
        for role in page.role_detail_list.unwrap_or_default() {
            let Some(own) = role.arn.filter(|own| own != arn) else { continue };
            if names(role.assume_role_policy_document.as_deref()) {
                trusted_by.insert(own.clone());
            }
            let inline = role.role_policy_list.unwrap_or_default();
            if inline.iter().any(|policy| names(policy.policy_document.as_deref())) {
                mentioned_by.insert(own);
            }
        }
        for user in page.user_detail_list.unwrap_or_default() {
            let inline = user.user_policy_list.unwrap_or_default();
            if inline.iter().any(|policy| names(policy.policy_document.as_deref())) {
                mentioned_by.extend(user.arn);
            }
        }
        for group in page.group_detail_list.unwrap_or_default() {
            let inline = group.group_policy_list.unwrap_or_default();
            if inline.iter().any(|policy| names(policy.policy_document.as_deref())) {
                mentioned_by.extend(group.arn);
            }
        }
        for policy in page.policies.unwrap_or_default() {
            let versions = policy.policy_version_list.unwrap_or_default();
            let mut versions = versions.iter().filter(|version| version.is_default_version);
            if versions.any(|version| names(version.document.as_deref())) {
                mentioned_by.extend(policy.arn);
            }
        }
        token = page.marker.filter(|_| page.is_truncated);
        if token.is_none() {
            return Ok((trusted_by, mentioned_by));
        }
    }
}
