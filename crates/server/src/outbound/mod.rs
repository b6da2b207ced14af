//! Requests to addresses that somebody configured: webhooks. A URL in a setting must not become a way into the network
//! around the service, so the address that a name stands for is looked up once, checked, and connected to; redirects are
//! not followed; and every request has limits.

mod address;
mod client;
mod secret;
mod settings;
mod url;

pub use address::Network;
pub(crate) use client::Client;
pub use secret::SecretSource;
pub(crate) use secret::{Environment, Secret};
pub(crate) use settings::OpenError;
pub use settings::OutboundSettings;
pub(crate) use url::Url;

#[cfg(test)]
pub(crate) use client::Resolve;
