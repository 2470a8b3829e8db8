//! Looking at a registry: where what it states comes from, and what changed since another one.

mod changelog;
mod diff;
mod explain;
mod read;
mod releases;
mod report;
mod sentences;

pub use changelog::with_entry;
pub use diff::{Change, Impact, diff, next_version};
pub use explain::{Explanation, explain};
pub use read::read;
pub use releases::{Release, Removed, broken_promises, changes_since};
pub use report::Report;
