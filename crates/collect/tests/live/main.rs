//! Collection against endpoints on this machine: one that behaves like AWS, filled by an AWS client; one that breaks every
//! answer it can; and none at all.

mod accounts;
#[path = "../../../../tests/support/actions.rs"]
mod actions;
mod bad_input;
mod faults;
mod installed;
mod moto;
mod organizations;
mod pages;
mod partitions;
mod proxy;
mod remediation;
mod roles;
mod run;
#[path = "../../../../tests/support/terraform.rs"]
mod terraform_program;
