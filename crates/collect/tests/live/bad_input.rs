//! One clear message for each thing that keeps a run from beginning.

use std::net::TcpListener;
use std::process::Command;

use crate::proxy::{Fate, Proxy};
use crate::run::{Folder, collector, ringfence, said};

/// What a run says that fails, in one line.
fn message(command: &mut Command) -> String {
    let done = command.args(["--max-attempts", "1", "--call-timeout", "5"]).output().unwrap();
    let text = said(&done);
    assert_eq!(done.status.code(), Some(1), "{text}");
    assert!(done.stdout.is_empty());
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[test]
fn no_credentials() {
    let folder = Folder::new("no-credentials");
    let mut command = collector(&folder.out(), "http://127.0.0.1:9");
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let text = message(&mut command);
    assert!(text.starts_with("error: no usable AWS credentials: "), "{text}");
    assert!(text.contains("--profile"), "{text}");
    assert!(!folder.out().exists());
}

#[test]
fn a_profile_that_does_not_exist() {
    let folder = Folder::new("no-profile");
    let mut command = collector(&folder.out(), "http://127.0.0.1:9");
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let text = message(command.args(["--profile", "nobody"]));
    assert!(text.contains("credentials") && text.contains("nobody"), "{text}");
}

#[test]
fn an_endpoint_that_is_down() {
    let folder = Folder::new("down");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let text = message(&mut collector(&folder.out(), &url));
    assert!(text.starts_with(&format!("error: cannot reach `{url}`: ")), "{text}");
}

#[test]
fn credentials_that_are_refused_or_expired() {
    let folder = Folder::new("refused");
    for (code, said) in [
        ("InvalidClientTokenId", "error: the AWS credentials are not valid: InvalidClientTokenId"),
        (
            "SignatureDoesNotMatch",
            "error: the AWS credentials are not valid: SignatureDoesNotMatch",
        ),
        ("ExpiredToken", "error: the AWS credentials have expired; renew them"),
    ] {
        let proxy = Proxy::start(9, move |_| {
            let error = format!("<Error><Code>{code}</Code><Message>no</Message></Error>");
            let body = format!("<ErrorResponse>{error}</ErrorResponse>");
            Fate::Instead(403, "text/xml", body)
        });
        let text = message(&mut collector(&folder.out(), &proxy.url()));
        assert!(text.starts_with(said), "{text}");
    }
}

#[test]
fn an_endpoint_that_is_no_aws() {
    let folder = Folder::new("no-aws");
    let proxy = Proxy::start(9, |_| Fate::Instead(200, "text/html", "<html>hello".to_owned()));
    let text = message(&mut collector(&folder.out(), &proxy.url()));
    assert!(text.contains("does not answer as AWS does"), "{text}");
}

#[test]
fn usage() {
    let folder = Folder::new("usage");
    let done = collector(&folder.out(), "http://127.0.0.1:9").args(["--accounts", "12"]).output();
    let done = done.unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(said(&done).contains("an account id has twelve digits"));
}

#[test]
fn the_command_hands_over() {
    let folder = Folder::new("hand-over");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let more = ["--endpoint-url", &url, "--region", "eu-west-1", "--max-attempts", "1"];
    let mut collect = ringfence();
    let collect = collect.arg("collect").arg("--out").arg(folder.out()).args(more);
    let mut live = ringfence();
    let live = live.args(["scan", "--live"]).args(more);
    for command in [collect, live] {
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(1));
        assert!(said(&done).starts_with("error: cannot reach"), "{}", said(&done));
    }
    let done = ringfence().args(["scan", "examples", "--profile", "p"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(said(&done).contains("need --live"), "{}", said(&done));
}
