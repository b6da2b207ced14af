//! What one attribute of a request can be: for a set of tests on it, which of them can be true
//! together while which others are false, and a value that shows it.

pub(crate) mod attribute;
pub(crate) mod candidates;
mod choices;
pub(crate) mod glob;
pub(crate) mod identity;
pub(crate) mod ranges;
pub(crate) mod search;
pub(crate) mod template;
pub(crate) mod value;
pub(crate) mod variants;
