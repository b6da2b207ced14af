//! Where the service listens, and how connections are encrypted.

use std::process::Command;

use crate::running::{Folder, PROGRAM, Running};

fn refused(arguments: &[&str]) -> String {
    let folder = Folder::new();
    let output = Command::new(PROGRAM)
        .arg("serve")
        .args(arguments)
        .args(["--data".as_ref(), folder.path().as_os_str()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn others_are_not_let_read_along_by_accident() {
    let error = refused(&["--listen", "0.0.0.0:0"]);
    assert!(
        error.contains("no loopback address") && error.contains("--allow-plaintext"),
        "{error}"
    );
    let folder = Folder::new();
    let service = Running::start(&folder, &["--allow-plaintext"]);
    assert!(service.get("/health").starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn what_cannot_be_used_for_tls_is_named() {
    let folder = Folder::new();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let names = [certificate.to_str().unwrap(), key.to_str().unwrap()];
    let arguments =
        ["--listen", "127.0.0.1:0", "--tls-certificate", names[0], "--tls-key", names[1]];
    assert!(refused(&arguments).contains("certificate.pem"));
    std::fs::write(&certificate, "no certificate").unwrap();
    assert!(refused(&arguments).contains("it holds no certificate"));
}

#[test]
fn a_taken_port_is_named() {
    let folder = Folder::new();
    let service = Running::start(&folder, &[]);
    let error = refused(&["--listen", service.address()]);
    assert!(error.contains(service.address()), "{error}");
}
