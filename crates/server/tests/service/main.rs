//! The program over HTTP: what it refuses, its limits, how it ends; and AWS's own clients against it.

mod clients;
mod limits;
mod running;
mod transport;
