//! Between what is stored and what is on the wire.

mod act;
pub(crate) mod wire;

pub(crate) use act::Doing;

use ringfence_findings::field::Use;
use ringfence_findings::filter::Filter;
use ringfence_store::page::Cursor;
use ringfence_store::{Item, StoreError};
use serde_json::Value;

use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::pagination::Page;
use crate::service::Call;

/// What the store says, as AWS's exceptions.
impl From<StoreError> for Exception {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::NotFound(item) => {
                let (resource_type, id) = named(item);
                Self::not_found(resource_type, &id)
            }
            StoreError::AlreadyExists(item) => {
                let (resource_type, id) = named(item);
                Self::conflict(resource_type, &id)
            }
            StoreError::QuotaExceeded { what, .. } => {
                let kind = ExceptionKind::ServiceQuotaExceeded {
                    resource_id: String::new(),
                    resource_type: what,
                };
                Self::new(kind, error.to_string())
            }
            StoreError::TokenReused(_) => {
                Self::field("clientToken", "was used for a call with other members")
            }
            _ => Self::internal(&error),
        }
    }
}

fn named(item: &Item) -> (&'static str, String) {
    match item {
        Item::Analyzer(id) => ("Analyzer", id.clone()),
        Item::ArchiveRule(id) => ("ArchiveRule", id.clone()),
        Item::Finding(id) => ("Finding", id.clone()),
        Item::Resource(id) => ("Resource", id.clone()),
        Item::AccessPreview(id) => ("AccessPreview", id.clone()),
        Item::AccessKey(id) => ("AccessKey", id.clone()),
        Item::Event(position) => ("Event", position.to_string()),
        Item::Resolution(id) => ("Resolution", id.clone()),
        Item::Notification(position) => ("Notification", position.to_string()),
        Item::NotificationId(id) => ("Notification", id.clone()),
    }
}

/// The member `filter` of an input.
///
/// # Errors
/// `ValidationException` where it names a key that means nothing there, or asks nothing.
pub(crate) fn filter(input: &Value, place: Use) -> Result<Filter, Exception> {
    let Some(value) = input.get("filter") else { return Ok(Filter::default()) };
    let filter: Filter =
        serde_json::from_value(value.clone()).map_err(|error| Exception::internal(&error))?;
    filter.check(place).map_err(|error| Exception::field("filter", error.to_string()))?;
    Ok(filter)
}

/// A text member that the model requires.
pub(crate) fn text<'i>(input: &'i Value, name: &str) -> &'i str {
    input.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Page {
    /// Behind which item of a stored list the page starts.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.after.as_ref().and_then(|after| serde_json::from_str(after).ok())
    }

    /// The token of the page that starts behind `next`.
    pub(crate) fn next(&self, call: &Call<'_>, next: Option<Cursor>) -> Option<String> {
        let next = serde_json::to_string(&next?).ok()?;
        Some(self.token(call, &next))
    }
}
