//! The accounts that are reached, each through the role that its work asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::Client;
use tokio::sync::Mutex;

use super::place::Place;
use super::settings::{Managed, OwnAccount, Settings};
use crate::connection::Connection;
use crate::failure::{Cause, Failure};

/// Live accounts. Clones share what is open.
#[derive(Clone, Debug)]
pub struct Accounts {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    own: Connection,
    own_account: String,
    partition: String,
    open: Mutex<BTreeMap<(Purpose, String), Connection>>,
    places: Mutex<BTreeMap<(Purpose, String, String), Place>>,
}

/// What somebody wants to do in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Read,
    Change,
}

impl Accounts {
    /// Finds out who runs the program. No role is assumed before it is needed.
    ///
    /// # Errors
    /// When there are no credentials, or AWS refuses them.
    pub async fn open(settings: Settings) -> Result<Self, Failure> {
        let own = Connection::open(&settings.access).await;
        Self::of(settings, own).await
    }

    /// The same with these credentials, instead of what the ordinary chain finds.
    ///
    /// # Errors
    /// When AWS refuses them.
    pub async fn open_with(settings: Settings, credentials: Credentials) -> Result<Self, Failure> {
        let own = Connection::open(&settings.access).await;
        let own = own.with_credentials(SharedCredentialsProvider::new(credentials));
        Self::of(settings, own).await
    }

    async fn of(settings: Settings, own: Connection) -> Result<Self, Failure> {
        let action = "sts:GetCallerIdentity";
        let asked = Client::new(own.config()).get_caller_identity().send().await;
        let caller = asked.map_err(|error| Failure::of(action, &error))?;
        let arn = caller.arn.unwrap_or_default();
        let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
        let own_account = caller.account.unwrap_or_default();
        let (open, places) = (Mutex::default(), Mutex::default());
        let inner = Inner { settings, own, own_account, partition, open, places };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How they are reached.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The account whose credentials the program has.
    #[must_use]
    pub fn own_account(&self) -> &str {
        &self.inner.own_account
    }

    /// The partition of all of them, such as `aws`.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.inner.partition
    }

    /// Whether an account may be read and changed.
    #[must_use]
    pub fn manages(&self, account: &str) -> bool {
        let is_id = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        is_id
            && match &self.inner.settings.managed {
                Managed::EveryAccount => true,
                Managed::Only(accounts) => accounts.contains(account),
            }
    }

    /// An account and Region, in the role for a purpose. `global` is where IAM is.
    ///
    /// # Errors
    /// When the account is none of ours, or its role cannot be assumed.
    pub(super) async fn place(
        &self,
        purpose: Purpose,
        account: &str,
        region: &str,
    ) -> Result<Place, Failure> {
        let region = match region {
            "" | "global" => global_region(&self.inner.partition),
            region => region,
        };
        let key = (purpose, account.to_owned(), region.to_owned());
        if let Some(place) = self.inner.places.lock().await.get(&key) {
            return Ok(place.clone());
        }
        let connection = self.connection(purpose, account).await?.in_region(region);
        let place = Place::new(connection, &self.inner.partition, account, purpose);
        self.inner.places.lock().await.insert(key, place.clone());
        Ok(place)
    }

    async fn connection(&self, purpose: Purpose, account: &str) -> Result<Connection, Failure> {
        let inner = &self.inner;
        if !self.manages(account) {
            let detail = format!("account `{account}` is none of those that are managed");
            return Err(Failure::new("sts:AssumeRole", Cause::Denied, detail));
        }
        if account == inner.own_account && inner.settings.own_account == OwnAccount::Credentials {
            return Ok(inner.own.clone());
        }
        let key = (purpose, account.to_owned());
        // The lock is held while the role is assumed, so that many who wait for one account ask once.
        let mut open = inner.open.lock().await;
        if let Some(connection) = open.get(&key) {
            return Ok(connection.clone());
        }
        let (role, session) = match purpose {
            Purpose::Read => (&inner.settings.reading, "ringfence-read"),
            Purpose::Change => (&inner.settings.remediation, "ringfence-remediation"),
        };
        let arn = format!("arn:{}:iam::{account}:role/{}", inner.partition, role.name);
        let assumed = inner.own.assuming_as(session, &arn, role.external_id.as_deref()).await;
        let connection = assumed.map_err(|failure| Failure {
            detail: format!("`{arn}` cannot be assumed: {}", failure.detail),
            ..failure
        })?;
        open.insert(key, connection.clone());
        Ok(connection)
    }
}

/// Where services are that have no Regions:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub(super) fn global_region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    }
}
