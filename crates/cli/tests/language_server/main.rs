//! The language server as an editor meets it: the real program, spoken to over its pipe.

mod configuration;
mod editor;
mod features;
mod other_client;
mod session;
mod typing;
