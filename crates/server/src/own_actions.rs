//! The actions that AWS has no name for. Policies of keys name them as they name AWS's; `access-analyzer:*` does not
//! hold them.

/// An action of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnAction {
    /// Its name in policies.
    pub name: &'static str,
    /// What it allows.
    pub allows: &'static str,
}

/// All of them, by name.
pub const OWN_ACTIONS: &[OwnAction] = &[
    own("ringfence:ApproveResolution", "approve a proposed resolution"),
    own("ringfence:ReadAuditLog", "read the audit log"),
    own("ringfence:ReadResolution", "read resolutions, with their plans and what was approved"),
    own("ringfence:RejectResolution", "reject a proposed resolution"),
    own("ringfence:ReplayEvents", "send events again that a sink did not take"),
    own("ringfence:RollBackResolution", "undo a resolution that was applied"),
];

const fn own(name: &'static str, allows: &'static str) -> OwnAction {
    OwnAction { name, allows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_them() {
        let page = include_str!("../../../docs/serve.md");
        for own in OWN_ACTIONS {
            let line = format!("| `{}` | {} |", own.name, own.allows);
            assert!(page.contains(&line), "docs/serve.md lacks {line}");
        }
    }
}
