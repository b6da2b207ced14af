//! Collection against endpoints on this machine: one that behaves like AWS, filled by an AWS client; one that breaks every
//! answer it can; and none at all.

mod accounts;
mod bad_input;
mod faults;
mod moto;
mod organizations;
mod proxy;
mod roles;
mod run;
