//! What the fuzz targets do with one input. Each `run` panics when a law is broken and says otherwise
//! what came of the input, so that a test can see that the inputs reach what they should.
//!
//! The same functions run on a stable toolchain in `crates/reasoning/tests/fuzz_smoke.rs`.

pub mod engine;
pub mod evaluator;
mod generate;
pub mod parser;
