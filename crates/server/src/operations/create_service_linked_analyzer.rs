#![doc = include_str!("create_service_linked_analyzer.md")]

use super::Operation;
use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::authorization::Target;

pub(super) const OPERATION: Operation = Operation {
    name: "CreateServiceLinkedAnalyzer",
    action: "CreateServiceLinkedAnalyzer",
    target: Target::Any,
    differs: "",
    answer: |_, _| Box::pin(async { Err(refused()) }),
};

pub(super) fn refused() -> Exception {
    Exception::new(
        ExceptionKind::AccessDenied,
        "service-linked analyzers are made and deleted by AWS services only",
    )
}
