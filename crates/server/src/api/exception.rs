//! Errors as AWS's exceptions: name, status, members. The one place where errors of the domain become AWS's.
//!
//! What went wrong inside goes to the log; a caller learns what they can act on.

use serde_json::{Map, Value, json};

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{kind:?}: {message}")]
pub(crate) struct Exception {
    /// Which exception.
    pub(crate) kind: ExceptionKind,
    /// What a person reads.
    pub(crate) message: String,
}

/// Which exception, with its members. Each variant is AWS's exception of that name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ExceptionKind {
    AccessDenied,
    Conflict { resource_id: String, resource_type: &'static str },
    InternalServer,
    InvalidParameter,
    ResourceNotFound { resource_id: String, resource_type: &'static str },
    ServiceQuotaExceeded { resource_id: String, resource_type: &'static str },
    Throttling { retry_after_seconds: u64 },
    UnprocessableEntity,
    Validation { reason: Reason, fields: Vec<Field> },
    UnknownOperation,
    MethodNotAllowed,
    MissingAuthenticationToken,
    IncompleteSignature,
    InvalidSignature,
    UnrecognizedClient,
    RequestTooLarge,
    ServiceUnavailable,
}

/// Why an input is not valid: AWS's `ValidationExceptionReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    CannotParse,
    FieldValidationFailed,
    Other,
    NotSupported,
}

/// A member that is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its path, such as `filter.status.eq`.
    pub(crate) name: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl Exception {
    /// An exception without members of its own.
    #[must_use]
    pub(crate) fn new(kind: ExceptionKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// An input whose members are not valid.
    #[must_use]
    pub(crate) fn validation(reason: Reason, fields: Vec<Field>) -> Self {
        let told = |field: &Field| format!("`{}` {}", field.name, field.message);
        let message = fields.iter().map(told).collect::<Vec<_>>().join("; ");
        Self::new(ExceptionKind::Validation { reason, fields }, message)
    }

    /// One member that is not valid.
    #[must_use]
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        let field = Field { name: name.to_owned(), message: message.into() };
        Self::validation(Reason::FieldValidationFailed, vec![field])
    }

    /// A request that is not JSON, or other JSON than the model's.
    #[must_use]
    pub(crate) fn cannot_parse(message: &str) -> Self {
        let kind = ExceptionKind::Validation { reason: Reason::CannotParse, fields: Vec::new() };
        Self::new(kind, message)
    }

    /// Something that Ringfence does not do.
    #[must_use]
    pub(crate) fn not_supported(message: impl Into<String>) -> Self {
        let kind = ExceptionKind::Validation { reason: Reason::NotSupported, fields: Vec::new() };
        Self::new(kind, message)
    }

    /// A call that makes no sense although each member is valid.
    #[must_use]
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        let kind = ExceptionKind::Validation { reason: Reason::Other, fields: Vec::new() };
        Self::new(kind, message)
    }

    /// Something went wrong inside; `cause` goes to the log.
    #[must_use]
    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed inside");
        Self::new(ExceptionKind::InternalServer, "the request failed inside the service")
    }

    /// Something that does not exist.
    #[must_use]
    pub(crate) fn not_found(resource_type: &'static str, resource_id: &str) -> Self {
        let kind =
            ExceptionKind::ResourceNotFound { resource_id: resource_id.to_owned(), resource_type };
        Self::new(kind, format!("{resource_type} `{resource_id}` does not exist"))
    }

    /// Something that exists already.
    #[must_use]
    pub(crate) fn conflict(resource_type: &'static str, resource_id: &str) -> Self {
        let kind = ExceptionKind::Conflict { resource_id: resource_id.to_owned(), resource_type };
        Self::new(kind, format!("{resource_type} `{resource_id}` exists already"))
    }

    /// AWS's name, as `x-amzn-ErrorType` has it.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        self.kind.wire().0
    }

    /// The status of HTTP.
    #[must_use]
    pub(crate) fn status(&self) -> u16 {
        self.kind.wire().1
    }

    /// The seconds to wait, for the header `Retry-After`.
    #[must_use]
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self.kind {
            ExceptionKind::Throttling { retry_after_seconds } => Some(retry_after_seconds),
            ExceptionKind::InternalServer | ExceptionKind::ServiceUnavailable => Some(1),
            _ => None,
        }
    }

    /// The body.
    #[must_use]
    pub(crate) fn body(&self) -> Value {
        let mut body = Map::from_iter([("message".to_owned(), json!(self.message))]);
        match &self.kind {
            ExceptionKind::Conflict { resource_id, resource_type }
            | ExceptionKind::ResourceNotFound { resource_id, resource_type }
            | ExceptionKind::ServiceQuotaExceeded { resource_id, resource_type } => {
                body.insert("resourceId".to_owned(), json!(resource_id));
                body.insert("resourceType".to_owned(), json!(resource_type));
            }
            ExceptionKind::Validation { reason, fields } => {
                body.insert("reason".to_owned(), json!(reason.as_str()));
                let field = |own: &Field| json!({ "name": own.name, "message": own.message });
                let fields: Vec<Value> = fields.iter().map(field).collect();
                if !fields.is_empty() {
                    body.insert("fieldList".to_owned(), Value::Array(fields));
                }
            }
            _ => {}
        }
        Value::Object(body)
    }
}

impl ExceptionKind {
    /// Name and status. Those behind UnprocessableEntity come from the signature and HTTP layers in front of AWS's
    /// services, and are not in the model.
    fn wire(&self) -> (&'static str, u16) {
        match self {
            Self::AccessDenied => ("AccessDeniedException", 403),
            Self::Conflict { .. } => ("ConflictException", 409),
            Self::InternalServer => ("InternalServerException", 500),
            Self::InvalidParameter => ("InvalidParameterException", 400),
            Self::ResourceNotFound { .. } => ("ResourceNotFoundException", 404),
            Self::ServiceQuotaExceeded { .. } => ("ServiceQuotaExceededException", 402),
            Self::Throttling { .. } => ("ThrottlingException", 429),
            Self::Validation { .. } => ("ValidationException", 400),
            Self::UnprocessableEntity => ("UnprocessableEntityException", 422),
            Self::UnknownOperation => ("UnknownOperationException", 404),
            Self::MethodNotAllowed => ("UnknownOperationException", 405),
            Self::MissingAuthenticationToken => ("MissingAuthenticationTokenException", 403),
            Self::IncompleteSignature => ("IncompleteSignatureException", 400),
            Self::InvalidSignature => ("InvalidSignatureException", 403),
            Self::UnrecognizedClient => ("UnrecognizedClientException", 403),
            Self::RequestTooLarge => ("RequestEntityTooLargeException", 413),
            Self::ServiceUnavailable => ("ServiceUnavailableException", 503),
        }
    }
}

impl Reason {
    /// AWS's word.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::CannotParse => "cannotParse",
            Self::FieldValidationFailed => "fieldValidationFailed",
            Self::Other => "other",
            Self::NotSupported => "notSupported",
        }
    }
}
