//! Reading whole files and folders, good ones and bad ones.

mod bad_input;
mod broken_snapshot;
mod schemas;
mod support;
mod targets;
mod whole_snapshot;
