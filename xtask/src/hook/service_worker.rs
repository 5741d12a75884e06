//! Fills the service worker's template.
//!
//! Never contains service worker logic: that is all in `public/sw.js`.

use serde_json::{Value, json};

use super::build::Entry;

const VERSION: &str = "__VERSION__";
const PRECACHE: &str = "__PRECACHE__";
const CHUNKS: &str = "__CHUNKS__";

/// The template with its three placeholders replaced; an error names a placeholder that is not there
/// exactly once.
pub fn fill(template: &str, version: &str, precache: &[Entry], chunks: &[Entry]) -> Result<String, String> {
    for placeholder in [VERSION, PRECACHE, CHUNKS] {
        let count = template.matches(placeholder).count();
        if count != 1 {
            return Err(format!("has {placeholder} {count} times instead of once"));
        }
    }
    let list = |entries| format!("{:#}", as_json(entries));
    Ok(template.replace(VERSION, version).replace(PRECACHE, &list(precache)).replace(CHUNKS, &list(chunks)))
}

/// `[{ "url", "hash" }, …]`
pub fn as_json(entries: &[Entry]) -> Value {
    entries.iter().map(|entry| json!({ "url": entry.url, "hash": entry.hash })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_placeholders_are_replaced() {
        let entry = |url: &str| [Entry { url: url.into(), hash: "00".into() }];
        let filled = fill("v='__VERSION__';p=[__PRECACHE__,__CHUNKS__];", "ab", &entry("/"), &entry("/c")).unwrap();
        let lists = filled.strip_prefix("v='ab';p=").and_then(|rest| rest.strip_suffix(';')).unwrap();
        let expected = json!([[{ "url": "/", "hash": "00" }], [{ "url": "/c", "hash": "00" }]]);
        assert_eq!(serde_json::from_str::<Value>(lists).unwrap(), expected);
    }

    #[test]
    fn a_template_without_a_placeholder_is_refused() {
        assert_eq!(fill("v='__VERSION__'", "ab", &[], &[]).unwrap_err(), "has __PRECACHE__ 0 times instead of once");
    }
}
