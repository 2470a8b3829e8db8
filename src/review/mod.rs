//! Looking at a registry: where what it states comes from.

mod explain;

pub use explain::{Explanation, explain};
