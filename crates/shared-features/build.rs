//! Nothing to do: without it Cargo would not look at what is needed for building.

fn main() {}
