//! The wire format: AWS's restJson1 with the shapes of Access Analyzer's model.
//!
//! A request becomes an operation and one object of members, wherever they stood (path, query, body), and every
//! constraint of the model holds for what is handed on. Who asks and what is answered is left to others.

pub(crate) mod exception;
mod generated;
pub(crate) mod input;
pub(crate) mod model;
pub(crate) mod route;
mod timestamp;
pub(crate) mod validate;

#[cfg(test)]
mod tests;

pub(crate) use exception::Exception;
pub(crate) use generated::shapes;
pub use generated::types;
pub use timestamp::Timestamp;
