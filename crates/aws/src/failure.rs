//! Why a call did not give what was asked for, told apart by what its reader can do about it.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// How a call of the SDK ends that got no answer.
pub(crate) type CallError<E> = SdkError<E, HttpResponse>;

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The caller may not do this.
    Denied,
    /// What was asked about is not there.
    NotFound,
    /// The account has not switched on the region.
    RegionNotEnabled,
    /// The service has no endpoint in the region or partition.
    NoSuchService,
    /// The credentials were good and are no more.
    CredentialsExpired,
    /// AWS does not know the credentials, or the signature is wrong.
    CredentialsRefused,
    /// No source of the credential chain has any.
    NoCredentials,
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// Too many calls, in spite of waiting between them.
    Throttled,
    /// The answer is not one of the service's.
    Unintelligible,
    /// A listing whose pages do not end.
    Endless,
    /// The service said something else.
    Other,
}

/// A call that failed for good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action}: {detail}")]
pub struct Failure {
    /// The action that a policy has to allow for this call, such as `kms:GetKeyPolicy`.
    pub action: String,
    /// What kind of failure it was.
    pub cause: Cause,
    /// The service's error code, if it gave one.
    pub code: String,
    /// What the service, or the way to it, said.
    pub detail: String,
}

impl Failure {
    /// A failure that no service reported.
    #[must_use]
    pub fn new(action: &str, cause: Cause, detail: impl Into<String>) -> Self {
        Self { action: action.to_owned(), cause, code: String::new(), detail: detail.into() }
    }

    /// Sorts an error of the SDK.
    pub(crate) fn of<E>(action: &str, error: &CallError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ServiceError(answer) => match answer.err().code() {
                Some(_) => Self::of_answer(action, answer.err().meta(), answer.raw()),
                None => Self::of_no_code(action, answer.raw(), &chain(answer.err())),
            },
            SdkError::TimeoutError(_) => Self::new(action, Cause::TimedOut, "no answer in time"),
            SdkError::ResponseError(answer) => {
                let detail = format!("{} ({})", unintelligible(answer.raw()), chain(error));
                Self::new(action, Cause::Unintelligible, detail)
            }
            SdkError::DispatchFailure(failure) => {
                let told =
                    failure.as_connector_error().map_or_else(|| chain(error), |error| chain(error));
                let cause = match failure.as_connector_error() {
                    Some(error) if error.is_timeout() => Cause::TimedOut,
                    _ => cause_of(&told),
                };
                Self::new(action, cause, told)
            }
            _ => Self::of_text(action, chain(error)),
        }
    }

    fn of_answer(
        action: &str,
        answer: &aws_smithy_types::error::ErrorMetadata,
        raw: &HttpResponse,
    ) -> Self {
        let code = answer.code().unwrap_or_default();
        let failure = Self::of_code(action, code, answer.message().unwrap_or("no message"));
        // Some endpoints say where they do not know an operation what they say of a resource that is not there.
        let is_no_service =
            raw.headers().get("content-type").is_some_and(|kind| kind.contains("html"));
        if is_no_service {
            Self::new(action, Cause::Unintelligible, unintelligible(raw))
        } else {
            failure
        }
    }

    fn of_no_code(action: &str, raw: &HttpResponse, told: &str) -> Self {
        let cause = match raw.status().as_u16() {
            429 => Cause::Throttled,
            _ => Cause::Unintelligible,
        };
        let detail = match raw.status().is_success() {
            true => format!("{} ({told})", unintelligible(raw)),
            false => unintelligible(raw),
        };
        Self::new(action, cause, detail)
    }

    /// Sorts what a service said.
    pub(crate) fn of_code(action: &str, code: &str, message: &str) -> Self {
        let code = code.trim();
        let cause = cause_of_code(code);
        let named = missing_action(message).filter(|_| cause == Cause::Denied);
        Self {
            action: named.unwrap_or(action).to_owned(),
            cause,
            code: code.to_owned(),
            detail: format!("{code}: {}", message.trim()),
        }
    }

    /// Sorts an error by what it says.
    pub(crate) fn of_text(action: &str, told: String) -> Self {
        let cause = match cause_of(&told) {
            Cause::Unreachable => Cause::Other,
            cause => cause,
        };
        Self::new(action, cause, told)
    }

    /// What a reader of the snapshot is told: first what it means, then what was said.
    #[must_use]
    pub fn reason(&self) -> String {
        let meaning = match self.cause {
            Cause::Denied | Cause::Other => return self.detail.clone(),
            Cause::NotFound => "deleted between listing and reading",
            Cause::RegionNotEnabled => "the region is not enabled for this account",
            Cause::NoSuchService => "the service does not exist here",
            Cause::CredentialsExpired => "the credentials have expired",
            Cause::CredentialsRefused => "the credentials are refused",
            Cause::NoCredentials => "there are no credentials",
            Cause::Unreachable => "the endpoint cannot be reached",
            Cause::TimedOut => "the endpoint does not answer",
            Cause::Throttled => "too many calls, in spite of waiting",
            Cause::Unintelligible => "the answer makes no sense",
            Cause::Endless => "the listing does not end",
        };
        format!("{meaning}: {}", self.detail)
    }
}

fn cause_of_code(code: &str) -> Cause {
    let has = |part: &str| code.contains(part);
    if has("AccessDenied")
        || has("NotAuthorized")
        || has("Unauthorized")
        || has("AuthorizationError")
    {
        return Cause::Denied;
    }
    if has("ExpiredToken") || code == "RequestExpired" {
        return Cause::CredentialsExpired;
    }
    if code == "OptInRequired" || code == "RegionDisabledException" {
        return Cause::RegionNotEnabled;
    }
    if REFUSALS.contains(&code) {
        return Cause::CredentialsRefused;
    }
    if has("Throttl") || has("TooManyRequests") || code == "SlowDown" || has("LimitExceeded") {
        return Cause::Throttled;
    }
    if has("NoSuch") || has("NotFound") || has("NonExistent") || has("DoesNotExist") {
        return Cause::NotFound;
    }
    Cause::Other
}

const REFUSALS: &[&str] = &[
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// The causes of an error that no service reported, by what they say: the SDK gives them no type.
fn cause_of(told: &str) -> Cause {
    let has = |part: &str| told.contains(part);
    if has("dns error") || has("failed to lookup address") {
        Cause::NoSuchService
    } else if has("token did not change") {
        Cause::Endless
    } else if has("ExpiredToken") {
        Cause::CredentialsExpired
    } else if has("AccessDenied") {
        Cause::Denied
    } else if has("no credentials found")
        || has("loading credentials")
        || has("credentials provider")
        || has("no providers in chain")
    {
        Cause::NoCredentials
    } else {
        Cause::Unreachable
    }
}

/// The action in `… is not authorized to perform: ACTION on …`.
fn missing_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform")?;
    let word = rest.trim_start_matches([':', ' ']).split([' ', ',']).next()?;
    let (service, name) = word.split_once(':')?;
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (is_name(service) && is_name(name)).then_some(word)
}

fn unintelligible(raw: &HttpResponse) -> String {
    let kind = raw.headers().get("content-type").unwrap_or("no content type");
    format!("HTTP {} with {kind} instead of an answer of the service", raw.status().as_u16())
}

/// The error and all its causes, each once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let own = error.to_string();
        if !text.contains(&own) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&own);
        }
        next = error.source();
    }
    text
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_action_is_named() {
        let said = "User: arn:aws:iam::111111111111:user/a is not authorized to perform: \
                    kms:GetKeyPolicy on resource: arn because no policy allows it";
        let failure = Failure::of_code("kms:DescribeKey", "AccessDeniedException", said);
        assert_eq!(failure.action, "kms:GetKeyPolicy");
        assert_eq!(failure.cause, Cause::Denied);
        assert!(failure.reason().starts_with("AccessDeniedException: User"));
        let bare = Failure::of_code("s3:GetBucketAcl", "AccessDenied", "Access Denied");
        assert_eq!(bare.action, "s3:GetBucketAcl");
    }

    #[test]
    fn codes_are_told_apart() {
        for (code, cause) in [
            ("UnauthorizedOperation", Cause::Denied),
            ("ExpiredTokenException", Cause::CredentialsExpired),
            ("OptInRequired", Cause::RegionNotEnabled),
            ("InvalidClientTokenId", Cause::CredentialsRefused),
            ("AWS.SimpleQueueService.NonExistentQueue", Cause::NotFound),
            ("InvalidSnapshot.NotFound", Cause::NotFound),
            ("ThrottlingException", Cause::Throttled),
            ("InternalFailure", Cause::Other),
        ] {
            assert_eq!(cause_of_code(code), cause, "{code}");
        }
    }
}
