//! What is done about a finding: what is known around it, what the rules say, the smallest change that closes it, the
//! proof that it does, and the states that such a change goes through.
//!
//! ```text
//! finding + context ──rules──▶ decision ──resolution──▶ plan + proof ──workflow──▶ applied, verified, undone
//! ```
//!
//! Pure: reading accounts, writing to them and keeping what happened are left to `aws`, `store` and `server`.

pub mod context;
pub mod decision;
pub mod notification;
pub mod partners;
mod place;
pub mod plan;
pub mod record;
pub mod resolution;
pub mod risk_score;
pub mod rules;
pub mod slot;
mod text;
pub mod workflow;
