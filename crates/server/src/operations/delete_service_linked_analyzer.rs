#![doc = include_str!("delete_service_linked_analyzer.md")]

use super::Operation;
use super::create_service_linked_analyzer::refused;
use crate::authorization::Target;

pub(super) const OPERATION: Operation = Operation {
    name: "DeleteServiceLinkedAnalyzer",
    action: "DeleteServiceLinkedAnalyzer",
    target: Target::AnalyzerName,
    differs: "",
    answer: |_, _| Box::pin(async { Err(refused()) }),
};
