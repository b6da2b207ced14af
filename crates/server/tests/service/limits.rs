//! What the service answers without a signature, and where its limits are.

use crate::running::{Folder, Running, create_key, keys, read_log};

const ACCOUNT: [&str; 3] = ["--account", "111122223333", "--full-access"];

#[test]
fn answers_about_itself_without_a_key_and_ends_when_told() {
    let folder = Folder::new();
    let service = Running::start(&folder, &[]);
    assert!(service.get("/health").starts_with("HTTP/1.1 200 OK"));
    assert!(service.get("/ready").starts_with("HTTP/1.1 200 OK"));
    let refused = service.get("/analyzer");
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    let head = refused.to_lowercase();
    assert!(head.contains("x-amzn-errortype: missingauthenticationtokenexception"), "{refused}");
    assert!(head.contains("x-amzn-requestid: "), "{refused}");
    let counted = "ringfence_request_duration_seconds_count{operation=\"none\",status=\"403\"} 1";
    assert!(service.get("/metrics").contains(counted));
    assert_eq!(service.terminate(), Some(0));
    assert!(read_log(&folder).contains("stopping"));
}

#[test]
fn a_body_has_a_limit() {
    let folder = Folder::new();
    let service = Running::start(&folder, &["--max-body-bytes", "1000"]);
    let request = |length: usize| {
        let body = "x".repeat(length);
        let head = "POST /finding HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
        service.raw(format!("{head}content-length: {length}\r\n\r\n{body}").as_bytes())
    };
    assert!(request(1000).starts_with("HTTP/1.1 403"));
    assert!(request(1001).starts_with("HTTP/1.1 413"));
    let chunks = "POST /finding HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("{chunks}7d0\r\n{}\r\n0\r\n\r\n", "x".repeat(2000));
    assert!(service.raw(chunk.as_bytes()).starts_with("HTTP/1.1 413"));
}

#[test]
fn nonsense_is_answered_and_harms_nobody() {
    let folder = Folder::new();
    let service = Running::start(&folder, &[]);
    for request in [
        &b"\x16\x03\x01\x00\x00"[..],
        b"GET\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /?%zz=%zz HTTP/1.1\r\nhost: x\r\nauthorization: \xff\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nauthorization: AWS4-HMAC-SHA256 Credential=////,\r\nconnection: close\r\n\r\n",
        b"POST /finding HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
    ] {
        let answer = service.raw(request);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    assert!(service.get("/health").starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn keys_are_made_shown_rotated_and_revoked() {
    let folder = Folder::new();
    let key = create_key(&folder, &ACCOUNT);
    let listed = keys(&folder, &["list"]);
    assert!(listed.contains(&key.id) && listed.contains("active") && !listed.contains(&key.secret));
    let rotated = keys(&folder, &["rotate", &key.id]);
    assert!(rotated.contains("AWS_SECRET_ACCESS_KEY=") && !rotated.contains(&key.id));
    assert!(keys(&folder, &["list"]).contains("until "));
    keys(&folder, &["revoke", &key.id]);
    assert!(keys(&folder, &["list"]).contains("ended"));
    for file in ["ringfence.db", "ringfence.db-wal"] {
        let stored = std::fs::read(folder.path().join(file)).unwrap_or_default();
        assert!(!stored.windows(40).any(|own| own == key.secret.as_bytes()), "{file}");
    }
}
