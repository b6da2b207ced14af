//! What requests through an access point say of it, and documents for requests that say just that.

use std::collections::BTreeMap;

use ringfence_policy::evaluate::{Match, statement_matches};
use ringfence_policy::{
    Caller, Condition, ConditionKey, ContextValue, Pattern, PolicyDocument, RequestContext,
};

use crate::inventory::NetworkOrigin;
use crate::question::Way;
use crate::synthetic;

/// The keys of requests through an access point of a bucket; other requests do not have them.
pub(crate) const OF_BUCKETS: [&str; 3] =
    ["s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin"];

/// The same for directory buckets.
pub(crate) const OF_DIRECTORY_BUCKETS: [&str; 3] = [
    "s3express:DataAccessPointArn",
    "s3express:DataAccessPointAccount",
    "s3express:AccessPointNetworkOrigin",
];

/// Values of keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestKeys(BTreeMap<ConditionKey, ContextValue>);

impl RequestKeys {
    /// What requests through the access point have for `names`: its ARN, its account, its origin.
    pub(crate) fn through(names: [&str; 3], access_point: &str, origin: &NetworkOrigin) -> Self {
        let account = access_point.split(':').nth(4).unwrap_or("");
        let origin = match origin {
            NetworkOrigin::Internet => "Internet",
            NetworkOrigin::Vpc(_) => "VPC",
        };
        let values = [access_point, account, origin];
        let all = names
            .into_iter()
            .zip(values)
            .map(|(name, value)| (ConditionKey::new(name), ContextValue::Single(value.to_owned())));
        Self(all.collect())
    }

    /// One key.
    pub(crate) fn one(name: &str, value: &str) -> Self {
        let value = ContextValue::Single(value.to_owned());
        Self(BTreeMap::from([(ConditionKey::new(name), value)]))
    }

    /// The document as requests with these values meet it: without the conditions on them that hold, and
    /// without the statements of those that do not. Conditions with policy variables stay.
    pub(crate) fn resolve(&self, mut document: PolicyDocument) -> PolicyDocument {
        document.statements.retain_mut(|statement| {
            let decided = |condition: &Condition| {
                let has_variable = |value: &Pattern| value.variables().next().is_some();
                self.0.contains_key(&condition.key.value)
                    && !condition.values.iter().any(|value| has_variable(&value.value))
            };
            let possible = statement.conditions.iter().all(|own| !decided(own) || self.meet(own));
            statement.conditions.retain(|own| !decided(own));
            possible
        });
        document
    }

    fn meet(&self, condition: &Condition) -> bool {
        let Some(mut alone) = synthetic::within(&serde_json::json!({})) else { return true };
        alone.conditions.push(condition.clone());
        statement_matches(&alone, &self.request()) == Match::Matches
    }

    fn request(&self) -> RequestContext {
        RequestContext {
            caller: Caller::Anonymous,
            action: "s3:GetObject".to_owned(),
            resource: "*".to_owned(),
            resource_account: None,
            context: self.0.clone(),
        }
    }

    /// Says the values in the witness, as every such request does.
    pub(crate) fn say(&self, way: &mut Way) {
        way.witness.context.extend(self.0.clone());
    }
}
