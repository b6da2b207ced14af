//! Clients of the SDK's services.

/// A client of one of the SDK's services for a place: with the place's retries, which no other place shares.
macro_rules! client {
    ($place:expr, $sdk:ident) => {
        $sdk::Client::from_conf(
            $sdk::config::Builder::from($place.config())
                .retry_partition($place.retry_partition())
                .retry_classifier($crate::retry::ExpiredTokens)
                .build(),
        )
    };
}
pub(crate) use client;
