//! Live accounts on this machine: an endpoint that behaves like AWS, filled and read back by an official client, and
//! recorded answers for what it does not have.

#[path = "../../../../tests/support/actions.rs"]
mod actions;
#[path = "../../../collect/tests/live/proxy.rs"]
#[expect(dead_code, reason = "shared with the tests of collection, which break more")]
mod proxy;

mod deploy;
mod faults;
mod moto;
mod queue;
mod reach;
mod recorded;
mod roles;
mod slots;
mod tag_history;
mod tags;
