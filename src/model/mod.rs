//! The vocabulary: what a code, a claim, a meaning and a conflict are. Depends on nothing else here.

mod authority;
mod claim;
mod code;
mod conflict;
mod date;
mod layout;
mod meaning;
pub mod pattern;
mod reference;
mod registry;
mod semantics;
mod stats;
pub mod text;

pub use authority::Authority;
pub use claim::{Claim, Entry, Facts};
pub use code::{Class, Code, CodeError, CodeRange};
pub use conflict::{Conflict, Kind, Settlement, Side};
pub use date::Date;
pub use layout::{FactRule, Layout, LayoutKind, State};
pub use meaning::{Evidence, FormerPhrase, Meaning, Origin, Registration};
pub use reference::Reference;
pub use registry::{
    At, ClaimRef, CodeEntry, LICENSE, MeaningEntry, Place, Registry, SCHEMA_VERSION, Snapshot,
    SourceEntry, Support, Unassigned, Variant, version_numbers,
};
pub use semantics::{
    Answer, FieldClaim, FieldRequirement, RedirectMethod, Requirement, RetryClaim,
    RetryRequirement, Semantics, StandardClaim, qualified,
};
pub use stats::{ClassStats, KindStats, LanguageStats, SourceStats, Stats, Tally};
