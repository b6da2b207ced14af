//! The names of the schema, read once.

use std::str::FromStr;

use cedar_policy::{EntityId, EntityTypeName, EntityUid};

use super::ByAction;
use crate::decision::ResponseAction;

#[derive(Debug)]
pub(super) struct Names {
    pub(super) principal: EntityUid,
    pub(super) actions: ByAction<EntityUid>,
    pub(super) finding: EntityTypeName,
    pub(super) texts: EntityTypeName,
}

impl Names {
    /// # Errors
    /// Never: the names are written here.
    pub(super) fn read() -> Result<Self, String> {
        let name = |text: &str| EntityTypeName::from_str(text).map_err(|error| error.to_string());
        let action = name("Action")?;
        let uid = |kind: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
        };
        Ok(Self {
            principal: uid(&name("Ringfence")?, "ringfence"),
            actions: ByAction::try_from_fn(|own| Ok::<_, String>(uid(&action, own.as_str())))?,
            finding: name("Finding")?,
            texts: name("Texts")?,
        })
    }

    pub(super) fn finding_of(&self, id: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.finding.clone(), EntityId::new(id))
    }

    pub(super) fn texts_of(&self, id: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.texts.clone(), EntityId::new(id))
    }

    pub(super) fn action(&self, uid: &EntityUid) -> Option<ResponseAction> {
        ResponseAction::ALL.into_iter().find(|own| self.actions.of(*own) == uid)
    }
}
