//! Fills the service worker's template.
//!
//! Never contains service worker logic: that is all in `public/sw.js`.

use serde_json::{Value, json};

use super::build::Entry;

const VERSION: &str = "__VERSION__";
const PRECACHE: &str = "__PRECACHE__";

/// The template with its two placeholders replaced; an error names a placeholder that is not there
/// exactly once.
pub fn fill(template: &str, version: &str, entries: &[Entry]) -> Result<String, String> {
    for placeholder in [VERSION, PRECACHE] {
        let count = template.matches(placeholder).count();
        if count != 1 {
            return Err(format!("has {placeholder} {count} times instead of once"));
        }
    }
    Ok(template.replace(VERSION, version).replace(PRECACHE, &format!("{:#}", as_json(entries))))
}

/// `[{ "url", "hash" }, …]`
pub fn as_json(entries: &[Entry]) -> Value {
    entries.iter().map(|entry| json!({ "url": entry.url, "hash": entry.hash })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_placeholders_are_replaced() {
        let entries = [Entry { url: "/".into(), hash: "00".into() }];
        let filled = fill("v='__VERSION__';p=__PRECACHE__;", "ab", &entries).unwrap();
        let list = filled.strip_prefix("v='ab';p=").and_then(|rest| rest.strip_suffix(';')).unwrap();
        assert_eq!(serde_json::from_str::<Value>(list).unwrap(), json!([{ "url": "/", "hash": "00" }]));
    }

    #[test]
    fn a_template_without_a_placeholder_is_refused() {
        assert_eq!(fill("v='__VERSION__'", "ab", &[]).unwrap_err(), "has __PRECACHE__ 0 times instead of once");
    }
}
