//! The flags and environment variables that have a name of their own. Every key has the variable
//! `RINGFENCE_SECTION__KEY` besides.

/// What all variables begin with.
pub const PREFIX: &str = "RINGFENCE_";

/// A key that has a flag, a short variable, or both.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// The key, with its section.
    pub key: &'static str,
    /// The flag without its dashes, in the spelling of an identifier.
    pub flag: Option<&'static str>,
    /// The variable.
    pub variable: Option<&'static str>,
}

const fn flag(key: &'static str, flag: &'static str) -> Flag {
    Flag { key, flag: Some(flag), variable: None }
}

const fn both(key: &'static str, flag: &'static str, variable: &'static str) -> Flag {
    Flag { key, flag: Some(flag), variable: Some(variable) }
}

/// All of them.
pub const FLAGS: &[Flag] = &[
    both("serve.listen", "listen", "RINGFENCE_LISTEN"),
    both("serve.region", "region", "RINGFENCE_REGION"),
    both("serve.partition", "partition", "RINGFENCE_PARTITION"),
    both("data.folder", "data", "RINGFENCE_DATA"),
    both("data.database", "database", "RINGFENCE_DATABASE"),
    both("data.encryption_key_file", "encryption_key_file", "RINGFENCE_ENCRYPTION_KEY_FILE"),
    Flag { key: "data.encryption_key", flag: None, variable: Some("RINGFENCE_ENCRYPTION_KEY") },
    both("source.path", "source", "RINGFENCE_SOURCE"),
    both("source.scan_interval_seconds", "scan_interval", "RINGFENCE_SCAN_INTERVAL"),
    both("source.live.enabled", "live", "RINGFENCE_LIVE"),
    flag("source.live.organization", "organization"),
    flag("source.live.accounts", "accounts"),
    flag("source.live.regions", "regions"),
    flag("source.live.role_name", "role_name"),
    flag("source.live.endpoint_url", "live_endpoint_url"),
    flag("source.live.collect_interval_seconds", "collect_interval"),
    flag("source.live.max_attempts", "max_attempts"),
    both("source.changes.url", "change_queue", "RINGFENCE_CHANGE_QUEUE"),
    flag("source.changes.endpoint_url", "change_queue_endpoint_url"),
    flag("source.changes.most_receipts", "most_receipts"),
    flag("source.changes.visibility_seconds", "visibility"),
    both("tls.certificate", "tls_certificate", "RINGFENCE_TLS_CERTIFICATE"),
    both("tls.key", "tls_key", "RINGFENCE_TLS_KEY"),
    flag("tls.allow_plaintext", "allow_plaintext"),
    both("limits.requests_per_second", "requests_per_second", "RINGFENCE_REQUESTS_PER_SECOND"),
    both("limits.max_body_bytes", "max_body_bytes", "RINGFENCE_MAX_BODY_BYTES"),
    both("limits.request_timeout_seconds", "request_timeout", "RINGFENCE_REQUEST_TIMEOUT"),
    both("log.format", "log_format", "RINGFENCE_LOG_FORMAT"),
    both("archive_rules.broad", "broad_archive_rules", "RINGFENCE_BROAD_ARCHIVE_RULES"),
];
