//! What somebody would see go wrong: a change that is half done without anybody knowing, done twice, or done although
//! somebody else was quicker.

mod burst;
mod faults;
mod killed;
mod links;
mod page;
mod world;
