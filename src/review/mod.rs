//! Looking at a registry: where what it states comes from, and what changed since another one.

mod change;
mod changelog;
mod claims;
mod diff;
mod explain;
mod provenance;
mod read;
mod releases;
mod report;
mod sentences;

pub use change::{Change, Impact, next_version};
pub use changelog::{versions, with_entry};
pub use claims::{ClaimChange, claim_changes};
pub use diff::diff;
pub use explain::{Explanation, explain};
pub use read::read;
pub use releases::{Release, Removed, broken_promises, changes_since, put_back};
pub use report::Report;
pub use sentences::is_question;
