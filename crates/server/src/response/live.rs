//! What a resolution needs of the world: reading and writing a resource's slots, planning on what is there, and the
//! word of whoever keeps the finding.

use std::future::Future;

use ringfence_aws::live::Written;
use ringfence_response::plan::Plan;
use ringfence_response::slot::{Slot, Slots, Target};
use ringfence_response::workflow::resolution::Resolution;
use serde_json::Value;

/// The world as the steps of a resolution see it. The service has [`super::accounts::LiveAccounts`]; the tests of
/// faults have one that stops at any chosen moment and outlives the process.
pub(crate) trait Live: Send + Sync {
    /// What the slots of a resource hold now.
    fn read(&self, target: &Target) -> impl Future<Output = Result<Slots, Trouble>> + Send;

    /// Makes a slot hold `after` where it holds `before`, or `after` already, and reads it again.
    fn write(
        &self,
        target: &Target,
        slot: &Slot,
        before: Option<&str>,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Written, Trouble>> + Send;

    /// Whether the finding is active in the word of whoever keeps it.
    fn is_active(
        &self,
        resolution: &Resolution,
    ) -> impl Future<Output = Result<bool, Trouble>> + Send;

    /// The plan for what the slots hold now, proved.
    fn plan(
        &self,
        resolution: &Resolution,
        slots: &Slots,
    ) -> impl Future<Output = Result<Planned, Trouble>> + Send;

    /// Analyzes the resource again and says where the finding stands.
    fn look_again(
        &self,
        resolution: &Resolution,
    ) -> impl Future<Output = Result<Standing, Trouble>> + Send;

    /// Leaves a rule that archives the finding when it comes back. One that is there stays.
    fn leave_archive_rule(
        &self,
        resolution: &Resolution,
        name: &str,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// What a role is, and what else uses it.
    fn role(&self, target: &Target)
    -> impl Future<Output = Result<(Value, Value), Trouble>> + Send;

    /// Deletes a role that is what `definition` says.
    fn delete_role(
        &self,
        target: &Target,
        definition: &Value,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;
}

/// What planning gave.
#[derive(Clone, Debug)]
pub(crate) enum Planned {
    /// A plan with its hash.
    Plan(Box<Plan>, String),
    /// Nobody gets in that way any more.
    Closed,
    /// There is no plan.
    None(String),
}

/// Where a finding stands after another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The access is gone.
    Gone,
    /// It is there.
    There,
    /// Whoever keeps the finding has not said yet.
    NotSaidYet,
}

/// Why the world did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// Somebody else changed the slot.
    #[error("it was changed in the meantime")]
    Changed,
    /// It will not do it however often it is asked.
    #[error("{0}")]
    Refused(String),
    /// It may do it later.
    #[error("{0}")]
    Busy(String),
}
