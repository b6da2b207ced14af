//! AWS's published examples, and everything that must not pass.
//!
//! The signatures are those of AWS's test suite for Signature Version 4, which `aws-sigv4` ships.

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};

use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const CREDENTIAL: &str = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const SIGNED_AT: &str = "2015-08-30T12:36:00Z";

/// A request of which each test changes one thing.
#[derive(Clone)]
struct Example {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: &'static str,
    seconds_later: i64,
    region: &'static str,
    service: &'static str,
    secret: &'static str,
}

/// Signed in headers.
fn header(
    method: &'static str,
    target: &str,
    more: &[(&'static str, &str)],
    signature: &str,
) -> Example {
    let mut names: Vec<&str> =
        more.iter().map(|(name, _)| *name).chain(["host", "x-amz-date"]).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.join(";");
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders={names}, Signature={signature}"
    );
    let mut headers: Vec<(&'static str, String)> =
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    headers.push(("host", "example.amazonaws.com".to_owned()));
    headers.push(("x-amz-date", "20150830T123600Z".to_owned()));
    headers.push(("authorization", authorization));
    Example {
        method,
        target: target.to_owned(),
        headers,
        body: "",
        seconds_later: 60,
        region: "us-east-1",
        service: "service",
        secret: SECRET,
    }
}

/// Signed in the query, valid for an hour.
fn query(target: &str, signature: &str) -> Example {
    let separator = if target.contains('?') { '&' } else { '?' };
    let credential = CREDENTIAL.replace('/', "%2F");
    let target = format!(
        "{target}{separator}X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date=20150830T123600Z\
         &X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature={signature}"
    );
    let mut example = header("GET", &target, &[], "");
    example.headers.retain(|(name, _)| *name == "host");
    example
}

fn outcome(example: &Example) -> Result<(), SignatureError> {
    let (path, query) = example.target.split_once('?').unwrap_or((&example.target, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in &example.headers {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    let signed_at: Timestamp = SIGNED_AT.parse().unwrap();
    let request = SignedRequest {
        method: example.method,
        path,
        query,
        headers: &headers,
        body: example.body.as_bytes(),
    };
    let expected = Expected {
        region: example.region,
        service: example.service,
        now: signed_at.checked_add(SignedDuration::from_secs(example.seconds_later)).unwrap(),
    };
    let claim = Claim::read(request.headers, request.query)?;
    assert_eq!(claim.access_key_id, "AKIDEXAMPLE");
    verify(&request, &claim, example.secret, &expected)
}

const VANILLA: &str = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

fn vanilla() -> Example {
    header("GET", "/", &[], VANILLA)
}

fn ordered() -> Example {
    let signature = "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac";
    header("GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", &[], signature)
}

fn with_body() -> Example {
    let hash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    let more = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", "13"),
        ("x-amz-content-sha256", hash),
    ];
    let signature = "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b";
    Example { body: "Param1=value1", ..header("POST", "/", &more, signature) }
}

fn with_header() -> Example {
    let signature = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c";
    header("POST", "/", &[("my-header1", "value1")], signature)
}

fn presigned() -> Example {
    query("/", "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d")
}

fn presigned_ordered() -> Example {
    let signature = "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787";
    query("/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", signature)
}

#[test]
fn published_examples_pass() {
    let duplicate = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea";
    let values = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
    let trimmed = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736";
    let spaces = [("my-header1", "value1"), ("my-header2", "\"a   b   c\"")];
    for (number, example) in [
        vanilla(),
        ordered(),
        with_body(),
        with_header(),
        header("GET", "/", &values, duplicate),
        header("GET", "/", &spaces, trimmed),
        presigned(),
        presigned_ordered(),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(outcome(example), Ok(()), "example {number}");
    }
}

#[test]
fn the_order_and_the_way_of_writing_the_query_do_not_matter() {
    for query in [
        "/?Param=Value2&%E1%88%B4=Value1&Param-3=Value3",
        "/?Param-3=Value3&Param=Value2&%e1%88%b4=Value1",
        "/?Param%2D3=Value3&Param=Value2&%E1%88%B4=Value1",
    ] {
        assert_eq!(outcome(&Example { target: query.to_owned(), ..ordered() }), Ok(()), "{query}");
    }
}

#[test]
fn what_was_changed_does_not_pass() {
    let target = |example: Example, target: &str| Example { target: target.to_owned(), ..example };
    let value = |mut example: Example, name: &str, value: &str| {
        let found = example.headers.iter_mut().find(|(own, _)| *own == name);
        found.unwrap().1 = value.to_owned();
        example
    };
    let query = presigned_ordered().target;
    for (what, example) in [
        ("method", Example { method: "POST", ..vanilla() }),
        ("path", target(vanilla(), "/a")),
        ("encoded path", target(vanilla(), "/%61")),
        ("added query", target(vanilla(), "/?a=b")),
        ("query value", target(ordered(), "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value2")),
        ("swapped values", target(ordered(), "/?Param-3=Value2&Param=Value3&%E1%88%B4=Value1")),
        (
            "repeated member",
            target(ordered(), "/?Param-3=Value3&Param=Value2&Param=Value2&%E1%88%B4=Value1"),
        ),
        (
            "encoded twice",
            target(ordered(), "/?Param-3=Value3&Param=Value2&%25E1%2588%25B4=Value1"),
        ),
        ("host", value(vanilla(), "host", "example.com")),
        ("signed header", value(with_header(), "my-header1", "value2")),
        ("time", value(vanilla(), "x-amz-date", "20150830T123601Z")),
        ("body without a hash", Example { body: "x", ..vanilla() }),
        ("secret", Example { secret: "other", ..vanilla() }),
        ("presigned body", Example { body: "x", ..presigned() }),
        ("presigned method", Example { method: "DELETE", ..presigned() }),
        ("presigned query", target(presigned(), &query.replace("Value1", "Value4"))),
        ("presigned validity", target(presigned(), &presigned().target.replace("=3600", "=7200"))),
        ("empty signature", header("GET", "/", &[], "")),
        ("upper case", header("GET", "/", &[], &VANILLA.to_uppercase())),
    ] {
        assert_eq!(outcome(&example), Err(SignatureError::Mismatch), "{what}");
    }
}

#[test]
fn a_request_is_valid_around_its_time_only() {
    for (seconds, valid) in [(-901, false), (-900, true), (900, true), (901, false)] {
        let outcome = outcome(&Example { seconds_later: seconds, ..vanilla() });
        assert_eq!(outcome.is_ok(), valid, "{seconds}");
        assert!(valid || matches!(outcome, Err(SignatureError::Time { .. })), "{seconds}");
    }
    for (seconds, valid) in [(-901, false), (-900, true), (3600, true), (3601, false)] {
        let outcome = outcome(&Example { seconds_later: seconds, ..presigned() });
        assert_eq!(outcome.is_ok(), valid, "{seconds}");
    }
}

#[test]
fn other_scopes_bodies_and_tokens_are_refused() {
    let add = |mut example: Example, name: &'static str, value: &str| {
        example.headers.push((name, value.to_owned()));
        example
    };
    let replace = |mut example: Example, from: &str, to: &str| {
        for (_, value) in &mut example.headers {
            *value = value.replace(from, to);
        }
        example
    };
    let token = presigned().target + "&X-Amz-Security-Token=x";
    let hash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    for (what, example) in [
        ("Region", Example { region: "eu-west-1", ..vanilla() }),
        ("service", Example { service: "iam", ..vanilla() }),
        ("date of the scope", replace(vanilla(), "/20150830/", "/20150829/")),
        ("algorithm", replace(vanilla(), "AWS4-HMAC", "AWS4-ECDSA")),
        ("host not signed", replace(vanilla(), "host;", "")),
        ("date not signed", replace(vanilla(), ";x-amz-date", "")),
        ("absent header", replace(vanilla(), "host;", "host;missing;")),
        ("x-amz header not signed", add(vanilla(), "x-amz-target", "x")),
        ("session token", add(vanilla(), "x-amz-security-token", "x")),
        ("session token in the query", Example { target: token, ..presigned() }),
        ("chunks", add(vanilla(), "content-encoding", "aws-chunked")),
        ("another body", Example { body: "Param1=value2", ..with_body() }),
        ("unsigned body", replace(with_body(), hash, "UNSIGNED-PAYLOAD")),
        ("streamed body", replace(with_body(), hash, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
        ("both places", Example { headers: vanilla().headers, ..presigned() }),
    ] {
        assert!(matches!(outcome(&example), Err(SignatureError::Refused(_))), "{what}");
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    let authorization = |text: &str| {
        let mut example = vanilla();
        for (name, value) in &mut example.headers {
            if *name == "authorization" {
                *value = text.to_owned();
            }
        }
        outcome(&example)
    };
    for text in [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a, Credential=b, SignedHeaders=host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=Host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=x;host, Signature=x",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=, Signature=x",
    ] {
        assert!(matches!(authorization(text), Err(SignatureError::Malformed(_))), "{text}");
    }
    let mut twice = vanilla();
    twice.headers.push(("x-amz-date", "20150830T123600Z".to_owned()));
    assert!(matches!(outcome(&twice), Err(SignatureError::Malformed(_))));
    let mut none = vanilla();
    none.headers.retain(|(name, _)| *name == "host");
    assert_eq!(outcome(&none), Err(SignatureError::Missing));
    for (from, to) in
        [("=3600", "=0"), ("=3600", "=604801"), ("&X-Amz-Expires=3600", ""), ("T123600Z", "")]
    {
        let target = presigned().target.replace(from, to);
        let outcome = outcome(&Example { target, ..presigned() });
        assert!(matches!(outcome, Err(SignatureError::Malformed(_))), "{from} {to}");
    }
}

/// Two paths can have one signature; the router takes neither of them.
#[test]
fn paths_with_slashes_to_spare_lead_nowhere() {
    let signature = "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84";
    for path in ["//example//", "/example/", "/example/./", "/a/../example/"] {
        assert_eq!(outcome(&header("GET", path, &[], signature)), Ok(()), "{path}");
        let route = crate::api::route::route("GET", path);
        assert!(matches!(route, crate::api::route::Route::Unknown), "{path}");
    }
}
