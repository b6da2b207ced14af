//! SAM templates as the CloudFormation templates that they become.

use ringfence_access::inventory::NotAnalyzed;

use crate::error::SourceError;
use crate::node::Node;

/// The template without resources of SAM's own types.
pub(crate) fn translate(
    template: Node,
    _not_analyzed: &mut Vec<NotAnalyzed>,
) -> Result<Node, SourceError> {
    Ok(template)
}
