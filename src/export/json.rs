//! Everything, as JSON (RFC 8259).

use crate::model::Registry;

pub fn render(registry: &Registry) -> String {
    // No map in a registry has keys other than strings, so this cannot fail.
    let mut json = serde_json::to_string_pretty(registry).unwrap_or_default();
    json.push('\n');
    json
}
