//! Names of files as URIs.

use std::path::Path;

use crate::validate::fingerprint::normal_path;

/// A file as a URI: relative where it is in the working folder, which is where reports are read from.
pub(super) fn uri(file: &str) -> String {
    let name = normal_path(file);
    let encoded: String = name.bytes().map(encode).collect();
    match Path::new(&name).is_absolute() {
        true if encoded.starts_with('/') => format!("file://{encoded}"),
        true => format!("file:///{encoded}"),
        false => encoded,
    }
}

/// A byte of a path: as it is where a path of a URI may hold it.
fn encode(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_what_uris_do_not_hold() {
        assert_eq!(uri("./a b/ä%2F.json"), "a%20b/%C3%A4%252F.json");
        assert_eq!(uri("/x/y:z.json"), "file:///x/y%3Az.json");
        assert_eq!(uri("a:b.json"), "a%3Ab.json");
    }
}
