//! What every store does.

mod analyzers;
mod life;
mod lists;
mod notifications;
mod others;
mod outbox;
mod record;
mod response;

use std::pin::Pin;

use ringfence_store::Store;

type Case = fn(Store) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Each gets a store of its own that has nothing in it.
pub(crate) const ALL: &[(&str, Case)] = &[
    ("analyzers_within_quota", |store| Box::pin(analyzers::within_quota(store))),
    ("analyzers_deleted_with_events", |store| Box::pin(analyzers::deleted_with_events(store))),
    ("analyzers_tags", |store| Box::pin(analyzers::tags(store))),
    ("client_tokens", |store| Box::pin(analyzers::client_tokens(store))),
    ("findings_live", |store| Box::pin(life::findings_live(store))),
    ("archive_rules", |store| Box::pin(life::archive_rules(store))),
    ("same_resource_at_once", |store| Box::pin(life::same_resource_at_once(store))),
    ("retention", |store| Box::pin(life::retention(store))),
    ("lists_agree_with_filters", |store| Box::pin(lists::agree_with_filters(store))),
    ("pages_are_stable", |store| Box::pin(lists::pages_are_stable(store))),
    ("rare_among_many", |store| Box::pin(lists::rare_among_many(store))),
    ("outbox", |store| Box::pin(outbox::in_order_until_taken(store))),
    ("record_chained", |store| Box::pin(record::chained(store))),
    ("record_added_at_once", |store| Box::pin(record::added_at_once(store))),
    ("notifications", |store| Box::pin(notifications::once_to_each_channel(store))),
    ("keys", |store| Box::pin(others::keys(store))),
    ("previews", |store| Box::pin(others::previews(store))),
    ("resources", |store| Box::pin(others::resources(store))),
    ("settings", |store| Box::pin(others::settings(store))),
    ("hints", |store| Box::pin(response::hints(store))),
    ("resolutions", |store| Box::pin(response::resolutions(store))),
    ("conclusions", |store| Box::pin(response::conclusions(store))),
];
