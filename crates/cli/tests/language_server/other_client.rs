//! A client that others wrote reads what the server sends as the protocol defines it.

use std::process::Command;

#[test]
#[ignore = "needs the Python environment"]
fn pygls_works_with_the_server() {
    let python = std::env::var_os("RINGFENCE_PYTHON").expect("RINGFENCE_PYTHON names the Python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/language_server/other_client.py");
    let done =
        Command::new(python).args([script, env!("CARGO_BIN_EXE_ringfence")]).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{}\n{said}", done.status);
    assert!(String::from_utf8_lossy(&done.stdout).contains(", 1 repair"), "{said}");
}
