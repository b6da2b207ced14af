//! Names of files and folders of a snapshot.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Every byte that is not in `A-Z a-z 0-9 . _ -`.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');

/// Longer names do not fit into a folder of most file systems.
const MAX_NAME: usize = 200;

/// The file of a resource. A name that starts with a dot would be skipped by readers, and one that is too long not be
/// written: the first is encoded, the second cut and told apart by a hash. Names are never parsed.
pub(super) fn resource_file(name: &str) -> String {
    let mut encoded = utf8_percent_encode(name, UNSAFE).to_string();
    if encoded.starts_with('.') {
        encoded.replace_range(..1, "%2E");
    }
    if encoded.len() > MAX_NAME {
        let hash = fnv(name.as_bytes());
        encoded.truncate(MAX_NAME - 17);
        encoded = format!("{encoded}-{hash:016x}");
    }
    format!("{encoded}.json")
}

/// The folder of a type, `AWS-S3-Bucket` for `AWS::S3::Bucket`.
pub(super) fn type_folder(resource_type: &str) -> String {
    resource_type.replace("::", "-")
}

/// FNV-1a, which is the same in every version of this program.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        assert_eq!(resource_file("payments/key-Ab"), "payments%2Fkey-Ab.json");
        assert_eq!(resource_file("../x"), "%2E.%2Fx.json");
        assert_eq!(resource_file("a:7"), "a%3A7.json");
        let (one, other) = ("a".repeat(512) + "1", "a".repeat(512) + "2");
        assert!(resource_file(&one).len() < 255);
        assert_ne!(resource_file(&one), resource_file(&other));
        assert_eq!(type_folder("AWS::EC2::Snapshot"), "AWS-EC2-Snapshot");
    }
}
