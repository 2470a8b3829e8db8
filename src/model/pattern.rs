//! How values are written, as regular expressions for the schema.

/// The three numbers of a version.
pub const VERSION: &str = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$";
/// A day, a month or a year. It lets days pass that only the calendar refuses.
pub const DATE: &str = "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$";
/// The id of a meaning.
pub const MEANING_ID: &str = "^[1-5][0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*$";
/// The id of a source.
pub const SOURCE_ID: &str = "^[a-z][a-z0-9-]*$";
/// A language, then perhaps a script and a region (BCP 47).
pub const LANGUAGE_TAG: &str = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$";
/// The digits of a SHA-256.
pub const SHA256: &str = "^[0-9a-f]{64}$";
/// An address on the web.
pub const WEB_ADDRESS: &str = "^https?://";
