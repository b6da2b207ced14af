//! Writing edits to an account, and finding those that take a plan back.

use jiff::Timestamp;
use ringfence_aws::live::Written;
use ringfence_response::plan::Edit;
use ringfence_response::resolution::undo;
use ringfence_response::workflow::remade::Remade;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::Happening;
use ringfence_store::resolutions::Circumstances;

use super::advance::{Mover, WORKER};
use super::live::{Live, Trouble};

impl<L: Live> Mover<'_, L> {
    /// Writes edits in their order. What has another name after it was written is noted at once, so that nobody who goes
    /// on after a break makes it a second time.
    pub(super) async fn write_all(&self, own: &Resolution, edits: &[Edit]) -> Result<(), Trouble> {
        let target = &own.plan.target;
        for edit in edits {
            let (before, after) = (edit.before.as_deref(), edit.after.as_deref());
            let slot = own.slot_now(&edit.slot);
            let written = self.live.write(target, slot, before, after).await?;
            if written.slot != *slot {
                let Written { slot: is, note } = written;
                self.note(own, Remade { was: edit.slot.clone(), is, note }).await?;
            }
        }
        Ok(())
    }

    async fn note(&self, own: &Resolution, remade: Remade) -> Result<(), Trouble> {
        let (happening, who) = (Happening::Remade(remade), Circumstances::of(WORKER));
        let noted = self.store.move_resolution(&own.id, &happening, &who, Timestamp::now()).await;
        noted.map(drop).map_err(|error| Trouble::Busy(error.to_string()))
    }

    /// The edits that take the plan back from what is there now.
    pub(super) async fn edits_back(&self, own: &Resolution) -> Result<Vec<Edit>, Trouble> {
        let slots = own.as_planned(self.live.read(&own.plan.target).await?);
        undo(&own.plan, &slots).map_err(|own| Trouble::Refused(own.to_string()))
    }
}
