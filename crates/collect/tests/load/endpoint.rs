//! An endpoint with any number of accounts, each of which has a hundred secrets and nothing else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Secrets of an account.
pub(crate) const SECRETS: usize = 100;

pub(crate) struct Endpoint {
    port: u16,
    calls: Arc<AtomicUsize>,
}

impl Endpoint {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || while serve(&connection, &counted).is_some() {});
            }
        });
        Self { port, calls }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

/// Answers one request; nothing when the connection has ended.
fn serve(connection: &TcpStream, calls: &AtomicUsize) -> Option<()> {
    let _ = connection.set_nodelay(true);
    let mut reader = BufReader::new(connection);
    let (mut first, mut length) = (String::new(), 0);
    let (mut operation, mut account, mut service) = (String::new(), String::new(), String::new());
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "x-amz-target" => operation = value.rsplit('.').next()?.to_owned(),
            "authorization" => {
                let scope = value.split("Credential=").nth(1)?;
                account = scope.split('/').next()?.trim_start_matches("AKIA").to_owned();
                service = scope.split('/').nth(3)?.to_owned();
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    if let Some(action) = body.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        operation = action.to_owned();
    }
    calls.fetch_add(1, Ordering::Relaxed);
    let path = first.split(' ').nth(1)?;
    let (status, answer) = answer(&service, &operation, path, &account, &body);
    let mut writer = connection;
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", answer.len());
    writer.write_all([head.as_bytes(), answer.as_bytes()].concat().as_slice()).ok()
}

fn answer(service: &str, operation: &str, path: &str, account: &str, body: &str) -> (u16, String) {
    let query = |result: &str| {
        (
            200,
            format!(
                "<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
            ),
        )
    };
    match (service, operation) {
        ("sts", "GetCallerIdentity") => query(&format!(
            "<Arn>arn:aws:iam::{account}:user/u</Arn><UserId>u</UserId><Account>{account}</Account>"
        )),
        ("sts", _) => {
            let role = body.split("iam%3A%3A").nth(1).unwrap_or_default();
            let other = role.get(..12).unwrap_or_default();
            query(&format!(
                "<Credentials><AccessKeyId>AKIA{other}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
                 <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
                 <AssumedRoleUser><AssumedRoleId>i</AssumedRoleId><Arn>arn:aws:sts::{other}:assumed-role/R/s</Arn></AssumedRoleUser>"
            ))
        }
        ("ec2", "DescribeRegions") => (
            200,
            "<R><regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo></R>".into(),
        ),
        ("ec2", "GetSnapshotBlockPublicAccessState") => (200, "<R><state>unblocked</state></R>".into()),
        ("ec2", _) => (200, "<R/>".into()),
        ("secretsmanager", "ListSecrets") => (200, secrets(account)),
        ("secretsmanager", _) => (
            200,
            "{\"ResourcePolicy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[]}\"}".into(),
        ),
        ("s3", _) if path.starts_with("/v20180820/configuration") => (
            404,
            "<ErrorResponse><Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error></ErrorResponse>"
                .into(),
        ),
        ("s3", _) if path.starts_with("/v20180820/mrap") => {
            (200, "<ListMultiRegionAccessPointsResult/>".into())
        }
        ("s3express", _) => (200, "<ListAllMyDirectoryBucketsResult/>".into()),
        ("s3", _) => (200, "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>".into()),
        ("iam" | "sns" | "rds", _) => query("<IsTruncated>false</IsTruncated>"),
        _ => (200, "{}".into()),
    }
}

fn secrets(account: &str) -> String {
    let secrets = (0..SECRETS).map(|number| {
        format!(
            "{{\"ARN\":\"arn:aws:secretsmanager:eu-west-1:{account}:secret:s{number}-abcdef\",\
             \"Name\":\"s{number}\",\"Tags\":[{{\"Key\":\"team\",\"Value\":\"blue\"}}]}}"
        )
    });
    format!("{{\"SecretList\":[{}]}}", secrets.collect::<Vec<_>>().join(","))
}
