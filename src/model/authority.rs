use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a source's word weighs. The first weighs most.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// The IANA HTTP Status Code Registry. It wins on what it states.
    Registry,
    /// A specification: an RFC, or a vendor's own for its own codes.
    Standard,
    /// A maintained work of reference.
    Reference,
    /// Anything else: a blog post, a translation, somebody's notes.
    Note,
}

impl Authority {
    /// The name that manifests and exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Standard => "standard",
            Self::Reference => "reference",
            Self::Note => "note",
        }
    }
}
