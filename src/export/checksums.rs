//! The SHA-256 of each other export, for `sha256sum -c`.

use super::Export;
use crate::digest::sha256;

pub fn render(exports: &[Export]) -> String {
    exports
        .iter()
        .map(|export| format!("{}  {}\n", sha256(export.content.as_bytes()), export.name))
        .collect()
}
