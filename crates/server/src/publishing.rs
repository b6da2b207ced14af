//! The account and Region that events and notifications are published in. Nothing is asked before it is needed, so that
//! the service starts when AWS cannot be reached.

use std::time::Duration;

use ringfence_aws::publish::{Publisher, PublishingRole};
use ringfence_aws::{Access, Failure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

/// How to reach AWS. What is not given comes from the environment and the configuration files, as for the AWS CLI.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AwsSettings {
    /// A profile of the shared configuration files.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// Where every call goes, instead of AWS's endpoints.
    pub endpoint_url: Option<String>,
    /// A role to assume.
    pub role_arn: Option<String>,
    /// What the role's trust policy may ask for.
    pub external_id: Option<String>,
}

/// Longer no attempt of a call may take; each is made twice before the caller hears of it.
const TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 2;

/// AWS as these settings reach it.
#[derive(Debug)]
pub(crate) struct Publishing {
    settings: AwsSettings,
    publisher: OnceCell<Publisher>,
}

impl Publishing {
    pub(crate) fn new(settings: AwsSettings) -> Self {
        Self { settings, publisher: OnceCell::new() }
    }

    /// Opens it, once it could be opened.
    ///
    /// # Errors
    /// When the role cannot be assumed.
    pub(crate) async fn publisher(&self) -> Result<&Publisher, Failure> {
        let open = || async {
            let AwsSettings { profile, region, endpoint_url, role_arn, external_id } =
                self.settings.clone();
            let access = Access {
                profile,
                endpoint_url,
                region,
                call_timeout: TIMEOUT,
                max_attempts: ATTEMPTS,
            };
            let role = role_arn.map(|arn| PublishingRole { arn, external_id });
            Publisher::open(&access, role.as_ref()).await
        };
        self.publisher.get_or_try_init(open).await
    }
}
