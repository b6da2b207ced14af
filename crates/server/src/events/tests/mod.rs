//! A dispatcher and a sink of a kind that needs nothing but this machine, with time as an argument.

mod outage;
mod poison;
mod sinks;
mod world;
