//! What stands above rules and plans.

use ringfence_response::workflow::gate::{ChangeLimits, Mode, QuietHours};

/// What stands above rules and plans.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) mode: Mode,
    pub(crate) limits: ChangeLimits,
    pub(crate) quiet: Option<QuietHours>,
}
