//! Unique ids of IAM: `AROADBQP57FF2AEXAMPLE`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>

/// Whether the text is a unique id that begins with this prefix. A session's name may follow behind a colon.
pub(crate) fn is_unique_id(text: &str, prefix: &str) -> bool {
    let id = text.split(':').next().unwrap_or_default();
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    id.len() >= 16 && id.starts_with(prefix) && id.bytes().all(is_part)
}
