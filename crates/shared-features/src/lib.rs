//! Dependencies with the features that all of the workspace needs, so that each is compiled once.
//!
//! Cargo compiles a dependency again wherever other features are asked of it, and with it all that depends on it:
//! building one program, or everything without its tests, would compile what the tests have compiled already. Programs
//! depend on this package, which asks for the features of all. It has no code.
