//! `[archive_rules]`.

use ringfence_findings::broad_rule::BroadRules;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done about archive rules that could hide a public exposure.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveRules {
    /// What happens to a rule that could archive a public finding and does not name `isPublic`: nothing (`off`), it is
    /// accepted and the log, the audit log and `ringfence doctor` tell of it (`warn`), or it is refused (`enforce`).
    #[schemars(with = "Broad")]
    pub broad: BroadRules,
}

/// [`BroadRules`] for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum Broad {
    Off,
    Warn,
    Enforce,
}
