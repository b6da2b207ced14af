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
    own("ringfence:DeleteRole", "have the role of a resolution deleted"),
    own("ringfence:GetFindingRecord", "read what the record has of a finding"),
    own("ringfence:GetResolution", "read a resolution: its plan, its proof, its finding's record"),
    own("ringfence:ListHints", "list what came in and waits, or was set aside"),
    own("ringfence:ListResolutions", "list resolutions, with their plans"),
    own("ringfence:LookAtRole", "have the role of a resolution looked at, and what else uses it"),
    own(
        "ringfence:MarkIntended",
        "say that access was intended: archive it and undo the resolution",
    ),
    own("ringfence:RejectResolution", "reject a proposed resolution"),
    own("ringfence:RollbackResolution", "undo a resolution that was applied"),
    own("ringfence:StartResponse", "let changes of accounts go on, for everybody"),
    own("ringfence:StopResponse", "stop all changes of accounts, for everybody"),
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
