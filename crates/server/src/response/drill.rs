//! A drill: a harmless finding is planted, followed to the end, and cleaned up.
//!
//! What is planted is a role that trusts the account `999988887777` of AWS's documentation under an external id that
//! nobody is told, and whose own policy denies everything: whoever assumed it could do nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ringfence_aws::Failure;
use ringfence_aws::live::{Accounts, RoleDefinition, WriteFailure};
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_response::slot::Target;
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_store::resolutions::ResolutionFilter;
use ringfence_store::{Store, StoreError};
use serde_json::json;

use super::settings::AccountSettings;

/// The account that AWS's documentation names for somebody else.
const STRANGER: &str = "999988887777";
/// How often is looked.
const LOOK: Duration = Duration::from_millis(200);

/// Why a drill ended early. What was planted is cleaned up all the same, where that can be done.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// An account cannot be reached.
    #[error("the account cannot be reached")]
    Account(#[from] Failure),
    /// The role cannot be made or deleted.
    #[error("the role cannot be made or deleted")]
    Role(#[from] WriteFailure),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing was seen of it in time.
    #[error("{0} within {1} seconds")]
    TooLate(&'static str, u64),
    /// There are no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// What a drill is about.
#[derive(Clone, Debug)]
pub struct Drill<'d> {
    /// How accounts are reached.
    pub accounts: &'d AccountSettings,
    /// The account in which the role is planted.
    pub account: &'d str,
    /// How long each step may take.
    pub patience: Duration,
}

impl Drill<'_> {
    /// Runs it; `tell` gets each step with the seconds since the role was planted.
    ///
    /// # Errors
    /// When a step takes too long or fails.
    pub async fn run(
        &self,
        store: &Store,
        tell: &mut (dyn FnMut(f64, String) + Send),
    ) -> Result<(), DrillError> {
        let accounts = Accounts::open(super::reach(self.accounts)).await?;
        let role = role(accounts.partition(), self.account).ok_or(DrillError::Random)?;
        let target = Target {
            resource_type: "AWS::IAM::Role".to_owned(),
            arn: role.arn.clone(),
            account: self.account.to_owned(),
            region: "global".to_owned(),
        };
        accounts.restore_role(self.account, &role).await?;
        let start = Instant::now();
        let mut say = |text: String| tell(start.elapsed().as_secs_f64(), text);
        say(format!("{} is planted", role.arn));
        let followed = self.follow(store, &target, &mut say).await;
        let (now, _) = accounts.role(&target).await?;
        accounts.delete_role(&target, &now).await?;
        say("the role is deleted".to_owned());
        followed?;
        self.until("the finding was not resolved", || async {
            let found = finding(store, &target.arn).await?;
            Ok(found.is_none_or(|own| own.status == FindingStatus::Resolved).then_some(()))
        })
        .await?;
        say("the finding is resolved".to_owned());
        Ok(())
    }

    async fn follow(
        &self,
        store: &Store,
        target: &Target,
        say: &mut (dyn FnMut(String) + Send),
    ) -> Result<(), DrillError> {
        let seen = self
            .until("no finding was seen", || async { finding(store, &target.arn).await })
            .await?;
        say(format!("the finding {} is there", seen.id()));
        let decided = self
            .until("no rule decided", || async {
                let record = store.record_of(seen.id()).await?;
                let body = record.into_iter().map(|own| own.body);
                Ok(body.into_iter().find(|own| own["kind"] == "decided"))
            })
            .await?;
        let action = decided.pointer("/decision/action").and_then(|own| own.as_str());
        say(format!("the rules say {}", action.unwrap_or_default()));
        if let Some(own) = resolution(store, &target.arn).await? {
            let end = self
                .until("the resolution did not end", || async {
                    let own = store.resolution(&own.id).await?;
                    let is_waiting = matches!(
                        own.state,
                        ResolutionState::Approved
                            | ResolutionState::Applying
                            | ResolutionState::Applied
                    );
                    Ok((!is_waiting).then_some(own))
                })
                .await?;
            say(format!("the resolution {} is {}", end.id, end.state.as_str()));
        }
        Ok(())
    }

    async fn until<T, F>(&self, what: &'static str, look: impl Fn() -> F) -> Result<T, DrillError>
    where
        F: Future<Output = Result<Option<T>, StoreError>>,
    {
        let end = Instant::now() + self.patience;
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            if Instant::now() >= end {
                return Err(DrillError::TooLate(what, self.patience.as_secs()));
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// The finding about the role, of whichever analyzer saw it first.
async fn finding(store: &Store, arn: &str) -> Result<Option<Finding>, StoreError> {
    for analyzer in store.all_analyzers().await? {
        let found = store.findings_of_resource(&analyzer.arn, arn).await?;
        if let Some(own) = found.into_iter().next() {
            return Ok(Some(own));
        }
    }
    Ok(None)
}

async fn resolution(store: &Store, arn: &str) -> Result<Option<Resolution>, StoreError> {
    let filter = ResolutionFilter { resource: arn, ..ResolutionFilter::default() };
    Ok(store.list_resolutions(&filter, None, 1).await?.items.into_iter().next())
}

/// The role that is planted; nothing where there are no random numbers.
fn role(partition: &str, account: &str) -> Option<RoleDefinition> {
    let secret = super::links::secret()?;
    let name = format!("ringfence-drill-{}", Timestamp::now().as_second());
    let external_id = URL_SAFE_NO_PAD.encode(secret.as_bytes());
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{partition}:iam::{STRANGER}:root") },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "sts:ExternalId": external_id } },
        }],
    });
    let nothing = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*" }],
    });
    Some(RoleDefinition {
        arn: format!("arn:{partition}:iam::{account}:role/{name}"),
        role_id: String::new(),
        path: "/".to_owned(),
        role_name: name,
        assume_role_policy_document: trust.to_string(),
        description: Some("Planted by ringfence drill; it can do nothing".to_owned()),
        max_session_duration: Some(3600),
        permissions_boundary: None,
        tags: BTreeMap::new(),
        attached_policies: BTreeSet::new(),
        inline_policies: BTreeMap::from([("nothing".to_owned(), nothing.to_string())]),
        instance_profiles: BTreeSet::new(),
    })
}
