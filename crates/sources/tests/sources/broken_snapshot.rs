//! A snapshot in which nearly every file is broken: each is an entry, and what is good is read.
//! `UPDATE_EXPECT=1` rewrites the expected entries.

use std::fs;
use std::path::Path;

use ringfence_sources::read_snapshot;

#[test]
fn each_broken_file_is_an_entry_and_the_rest_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/broken");
    let inventory = read_snapshot(&root).unwrap();
    let found = crate::support::entries(&inventory, &root).join("\n") + "\n";
    let expected = root.with_file_name("broken.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(expected).unwrap());

    // A resource is there although its policy has problems, unless its file is not even readable.
    let arns: Vec<_> = inventory.resources.iter().map(|resource| resource.arn.as_str()).collect();
    assert_eq!(
        arns,
        [
            "arn:aws:sqs:eu-west-1:111122223333:good",
            "arn:aws:sqs:eu-west-1:111122223333:numbers",
            "arn:aws:sqs:eu-west-1:111122223333:string-with-broken-policy",
            "arn:aws:sqs:eu-west-1:111122223333:twice-in-policy",
            "arn:aws:sqs:eu-west-1:111122223333:unknown-operator",
            "arn:aws:iam::111122223333:role/broken-policy",
            "arn:aws:iam::111122223333:role/encoded",
            "arn:aws:iam::111122223333:role/good",
        ]
    );
    assert!(inventory.organization.is_none());
}
