//! The Content-Security-Policy hashes of a page's inline scripts.
//!
//! Reads the HTML that we wrote ourselves: not a general HTML parser, and never changes the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// `sha256-…` for every `<script>` without `src`, in the page's order.
pub fn csp_hashes(html: &str) -> Vec<String> {
    contents(html).into_iter().map(|script| format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))).collect()
}

fn contents(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some((attributes, body)) = script_tag(rest) {
            let Some((content, after)) = body.split_once("</script>") else {
                break;
            };
            if !attributes.split_whitespace().any(|attribute| attribute.starts_with("src=")) {
                found.push(content);
            }
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
    found
}

/// The attributes of the script tag that `text` starts with, and what follows the tag.
fn script_tag(text: &str) -> Option<(&str, &str)> {
    let after_name = text.strip_prefix("<script")?;
    after_name.starts_with(|next: char| next == '>' || next.is_whitespace()).then(|| after_name.split_once('>'))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_count() {
        let html = concat!(
            "<!-- <script>not me</script> --><script src=\"/boot.js\"></script>",
            "<script type=\"module\">\nimport '/a.js';\n</script><scripture>no</scripture><script>2 < 3</script>",
        );
        assert_eq!(contents(html), ["\nimport '/a.js';\n", "2 < 3"]);
    }

    #[test]
    fn the_hash_is_the_one_browsers_compute() {
        // The example of the Content Security Policy specification.
        assert_eq!(
            csp_hashes("<script>alert('Hello, world.');</script>"),
            ["sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="]
        );
        assert!(csp_hashes("<p>nothing</p>").is_empty());
    }
}
