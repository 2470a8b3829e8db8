//! Sources: their manifests, their documents, and the claims locked from them.

mod claims;
mod document;
mod manifest;

pub use claims::{parse_claims, write_claims};
pub use document::{Decoded, Folder, decode};
pub(crate) use manifest::{CLAIMS, MANIFEST};
pub use manifest::{Document, Manifest, MediaType, Reading, is_entity_tag, is_time};
