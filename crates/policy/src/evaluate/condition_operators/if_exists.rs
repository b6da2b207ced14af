#![doc = include_str!("if_exists.md")]

use crate::condition_operator::IfExists;

/// Whether the condition is met just because the key is absent.
pub(in crate::evaluate) fn settles_absence(if_exists: IfExists) -> bool {
    match if_exists {
        IfExists::Yes => true,
        IfExists::No => false,
    }
}
