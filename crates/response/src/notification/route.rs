//! Which channels get a notification: by tags, organizational unit, account or kind.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Notification, NotificationKind};

/// The routes in their order: the first that matches decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Routes {
    /// Channels that get everything. Whoever may tag a resource could otherwise lead what is told of it elsewhere.
    pub always: Vec<String>,
    /// The routes.
    pub route: Vec<Route>,
}

/// Where what matches goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Route {
    /// What it takes.
    #[serde(rename = "match")]
    pub matches: Match,
    /// The channels, by name.
    pub channels: Vec<String>,
}

/// What a route takes: everything that is given has to hold. What is not known does not match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Match {
    /// Kinds, by name.
    pub kinds: Vec<NotificationKind>,
    /// Accounts, by id.
    pub accounts: Vec<String>,
    /// An organizational unit the account is below: its id, or its path from the organization down.
    pub ou: Option<String>,
    /// Tags of the resource.
    pub tags: BTreeMap<String, String>,
    /// Tags of the account.
    pub account_tags: BTreeMap<String, String>,
}

impl Routes {
    /// The channels that get the notification, of those that there are. Where no route matches all get it, so that
    /// nothing is told to nobody.
    #[must_use]
    pub fn channels<'a>(
        &self,
        notification: &Notification,
        all: &BTreeSet<&'a str>,
    ) -> BTreeSet<&'a str> {
        let matching = self.route.iter().find(|route| route.matches.takes(notification));
        let Some(route) = matching else { return all.clone() };
        let named = |name: &&&str| {
            route.channels.iter().chain(&self.always).any(|own| own.as_str() == **name)
        };
        all.iter().filter(named).copied().collect()
    }

    /// The channels that routes name.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let routes = self.route.iter().flat_map(|route| &route.channels);
        routes.chain(&self.always).map(String::as_str)
    }
}

impl Match {
    fn takes(&self, own: &Notification) -> bool {
        let account = own.account.as_ref();
        let has = |tags: Option<&BTreeMap<String, String>>, wanted: &BTreeMap<String, String>| {
            wanted.iter().all(|(key, value)| tags.and_then(|tags| tags.get(key)) == Some(value))
        };
        (self.kinds.is_empty() || self.kinds.contains(&own.kind))
            && (self.accounts.is_empty() || self.accounts.contains(&own.target.account))
            && self
                .ou
                .as_deref()
                .is_none_or(|ou| account.is_some_and(|account| is_below(&account.ou_path, ou)))
            && has(Some(&own.tags), &self.tags)
            && has(account.map(|account| &account.tags), &self.account_tags)
    }
}

/// Whether the path `o-…/r-…/ou-…/` has the unit in it, or begins with its path.
fn is_below(path: &str, ou: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (path, ou) = (parts(path), parts(ou));
    match ou.as_slice() {
        [] => false,
        [id] => path.contains(id),
        several => path.starts_with(several),
    }
}
