//! Who changed what, as CloudTrail has it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ringfence_access::inventory::Resource;
use ringfence_aws::Failure;
use ringfence_aws::live::{Accounts, TagSetters, TagsNow};
use ringfence_findings::finding::Finding;
use ringfence_response::context::{AccessChange, Context, Fact, TagChange};

use super::Responder;
use super::message::target_of;

/// How long CloudTrail may take: a finding does not wait for it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Who changed what.
pub(super) struct History {
    changed_by: Fact<AccessChange>,
    tag_setters: Fact<BTreeMap<String, TagChange>>,
    unexplained_tags: BTreeSet<String>,
}

impl History {
    /// Of which nothing is known.
    pub(super) fn missing(why: &str) -> Self {
        Self {
            changed_by: Fact::missing(why),
            tag_setters: Fact::missing(why),
            unexplained_tags: BTreeSet::new(),
        }
    }

    /// A context with what is known of it.
    pub(super) fn known_in(self, context: Context) -> Context {
        let Self { changed_by, tag_setters, unexplained_tags } = self;
        Context { changed_by, tag_setters, unexplained_tags, ..context }
    }
}

impl Responder {
    /// Who changed the access to a finding's resource last, and who set the tags of it that may decide.
    pub(super) async fn history(
        &self,
        accounts: &Accounts,
        finding: &Finding,
        resource: Option<&Resource>,
    ) -> History {
        let target = target_of(finding);
        let tags = resource.map(|own| self.deciding_tags(own)).unwrap_or_default();
        let setters = async {
            match tags.is_empty() {
                true => Ok(Ok(TagSetters::default())),
                false => tokio::time::timeout(PATIENCE, accounts.tag_setters(&target, &tags)).await,
            }
        };
        let change = tokio::time::timeout(PATIENCE, accounts.last_change(&target));
        let (change, setters) = tokio::join!(change, setters);
        let changed_by = match change {
            Ok(Ok(Some(change))) => Fact::Known(change),
            Ok(Ok(None)) => Fact::missing("CloudTrail knows of no change in 90 days"),
            Ok(Err(failure)) => Fact::missing(not_read(&failure)),
            Err(_) => Fact::missing(LATE),
        };
        let (tag_setters, unexplained_tags) = match setters {
            Ok(Ok(told)) => (Fact::Known(told.by_key), told.unexplained),
            Ok(Err(failure)) => (Fact::missing(not_read(&failure)), BTreeSet::new()),
            Err(_) => (Fact::missing(LATE), BTreeSet::new()),
        };
        History { changed_by, tag_setters, unexplained_tags }
    }

    /// The tags that may decide, as a resource has them now.
    fn deciding_tags(&self, resource: &Resource) -> TagsNow {
        let value = |key: &str| {
            let mut tags = resource.tags.iter();
            tags.find(|tag| tag.key == key).map(|tag| tag.value.clone())
        };
        self.safety.deciding_tags.keys().map(|key| (key.clone(), value(key))).collect()
    }
}

const LATE: &str = "CloudTrail did not answer in time";

fn not_read(failure: &Failure) -> String {
    format!("CloudTrail could not be read: {failure}")
}
