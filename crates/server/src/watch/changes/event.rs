//! What a message of the change queue is about.

use jiff::Timestamp;
use serde_json::Value;

use super::table::{Kind, ROWS};
use crate::watch::subject::Subject;

/// What a message says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Something may have changed at this time.
    Changed(Subject, Option<Timestamp>),
    /// Nothing that decides about access.
    Other,
    /// It is none of the forms that are understood.
    Unreadable(&'static str),
}

/// Reads a message: an event of EventBridge, such an event behind an SNS topic, a record of CloudTrail, or a hint
/// `{"resource": ARN}`.
pub(super) fn read(text: &str) -> Message {
    let Ok(message) = serde_json::from_str::<Value>(text) else {
        return Message::Unreadable("it is no JSON");
    };
    let behind = message.get("Message").and_then(Value::as_str);
    match (behind, message.get("TopicArn")) {
        (Some(text), Some(_)) => match serde_json::from_str(text) {
            Ok(inner) => of(&inner),
            Err(_) => Message::Other,
        },
        _ => of(&message),
    }
}

fn of(message: &Value) -> Message {
    let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
    if let Some(arn) = text("/resource") {
        let account = text("/account").map(str::to_owned);
        return match arn.starts_with("arn:") {
            true => Message::Changed(Subject::Resource { arn: arn.to_owned(), account }, None),
            false => Message::Unreadable("`resource` is no ARN"),
        };
    }
    match (text("/detail-type"), message.get("detail"), text("/eventName")) {
        (Some("AWS API Call via CloudTrail"), Some(detail), _) => of_call(detail),
        (Some(_), _, _) => Message::Other,
        (None, _, Some(_)) => of_call(message),
        // S3 and others send such to see whether they may.
        (None, _, None) if text("/Event").is_some() => Message::Other,
        (None, _, None) => Message::Unreadable("it is neither an event nor a hint"),
    }
}

/// A call of an API, as CloudTrail records it.
fn of_call(detail: &Value) -> Message {
    let text = |pointer: &str| detail.pointer(pointer).and_then(Value::as_str);
    let (Some(source), Some(name)) = (text("/eventSource"), text("/eventName")) else {
        return Message::Unreadable("the event has no `eventSource` or no `eventName`");
    };
    // What failed changed nothing.
    if text("/errorCode").is_some() || detail.get("readOnly") == Some(&Value::Bool(true)) {
        return Message::Other;
    }
    let source = source.split('.').next().unwrap_or_default();
    let name = without_version(name);
    let place = Place {
        account: text("/recipientAccountId").or_else(|| text("/userIdentity/accountId")),
        region: text("/awsRegion").unwrap_or_default(),
    };
    let mut rows = ROWS.iter().filter(|row| row.source == source && row.events.contains(&name));
    let subject = rows.find_map(|row| {
        let named = row
            .at
            .iter()
            .filter_map(|at| text(at))
            .find_map(|value| subject(row.kind, &place, value, detail));
        named.or_else(
            || if row.at.is_empty() { subject(row.kind, &place, "", detail) } else { None },
        )
    });
    let at = text("/eventTime").and_then(|time| time.parse().ok());
    subject.map_or(Message::Other, |subject| Message::Changed(subject, at))
}

/// Where a call was made.
struct Place<'e> {
    account: Option<&'e str>,
    region: &'e str,
}

fn subject(kind: Kind, place: &Place<'_>, value: &str, detail: &Value) -> Option<Subject> {
    let account = place.account.unwrap_or_default().to_owned();
    let region = place.region.to_owned();
    let partition = match place.region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let resource = |arn: String| {
        let account = place.account.map(str::to_owned);
        Some(Subject::Resource { arn, account })
    };
    // A name, or already the ARN.
    let arn = |service: &str, beginning: &str| match value.starts_with("arn:") {
        true => resource(value.to_owned()),
        false => {
            resource(format!("arn:{partition}:{service}:{region}:{account}:{beginning}{value}"))
        }
    };
    match kind {
        Kind::Bucket if value.starts_with("arn:") => resource(value.to_owned()),
        Kind::Bucket => resource(format!("arn:{partition}:s3:::{value}")),
        Kind::DirectoryBucket => arn("s3express", "bucket/"),
        Kind::AccessPoint => {
            let name = value.rsplit('/').next().unwrap_or(value).to_owned();
            Some(Subject::AccessPoint { account, region, name })
        }
        Kind::S3PublicAccessBlock => Some(Subject::S3PublicAccessBlock { account }),
        Kind::EbsSnapshotBlockPublicAccess => {
            Some(Subject::EbsSnapshotBlockPublicAccess { account, region })
        }
        Kind::Identities => Some(Subject::Identities { account }),
        Kind::Organization => Some(Subject::Organization),
        Kind::Role => Some(Subject::Role { account, name: value.to_owned() }),
        // An alias does not say which key it stands for.
        Kind::Key if value.contains("alias/") => None,
        Kind::Key => arn("kms", "key/"),
        Kind::Function => function(value).and_then(|name| match value.starts_with("arn:") {
            true => {
                let place: Vec<&str> = value.split(':').take(5).collect();
                resource(format!("{}:function:{name}", place.join(":")))
            }
            false => resource(format!("arn:{partition}:lambda:{region}:{account}:function:{name}")),
        }),
        Kind::LayerVersion => {
            let number = detail.pointer("/requestParameters/versionNumber")?;
            let number = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
            match arn("lambda", "layer:")? {
                Subject::Resource { arn, .. } => resource(format!("{arn}:{number}")),
                _ => None,
            }
        }
        Kind::Queue => {
            let mut parts = value.rsplit('/');
            let (name, owner) = (parts.next()?, parts.next().unwrap_or(&account));
            resource(format!("arn:{partition}:sqs:{region}:{owner}:{name}"))
        }
        Kind::Secret if value.starts_with("arn:") => resource(value.to_owned()),
        Kind::Secret => Some(Subject::Secret { account, region, name: value.to_owned() }),
        Kind::Table => arn("dynamodb", "table/"),
        Kind::Repository => arn("ecr", "repository/"),
        Kind::FileSystem => arn("elasticfilesystem", "file-system/"),
        Kind::Snapshot if value.starts_with("snap-") => {
            resource(format!("arn:{partition}:ec2:{region}::snapshot/{value}"))
        }
        Kind::Snapshot => None,
        Kind::DbSnapshot => arn("rds", "snapshot:"),
        Kind::DbClusterSnapshot => arn("rds", "cluster-snapshot:"),
        Kind::Arn => value.starts_with("arn:").then(|| resource(value.to_owned()))?,
    }
}

/// The name in a function's name, its ARN, or a part of that; a version or alias behind it left out.
fn function(value: &str) -> Option<&str> {
    let name = match value.split_once("function:") {
        Some((_, behind)) => behind,
        None if value.contains("arn:") => return None,
        None => value,
    };
    name.split(':').next().filter(|name| !name.is_empty())
}

/// Lambda's events end with a version: `AddPermission20150331v2`.
fn without_version(name: &str) -> &str {
    match name.find(|char: char| char.is_ascii_digit()) {
        Some(at) if name.len() >= at + 8 => name.get(..at).unwrap_or(name),
        _ => name,
    }
}

#[cfg(test)]
mod tests;
