//! Names the build by its content and writes that name wherever it is needed: `index.html`, `sw.js`
//! and `build.json`.
//!
//! Never uses the time or a counter: the same files are the same build, on every machine.

use std::path::Path;

use serde_json::json;

use super::{chunks, inline_scripts, service_worker};
use crate::error::Error;
use crate::files;

/// Stands in `index.html` where the build's version belongs.
const PLACEHOLDER: &str = "__BUILD__";

/// One file that the service worker keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path on the relay, starting with `/`.
    pub url: String,
    /// First 16 hex digits of the content's SHA-256.
    pub hash: String,
}

/// A finished build.
#[derive(Debug, PartialEq, Eq)]
pub struct Build {
    /// 16 hex digits over all names and contents.
    pub version: String,
    /// What a first visit fetches, besides `sw.js`.
    pub precache: Vec<Entry>,
    /// What comes after it.
    pub chunks: Vec<Entry>,
}

/// Finishes the files in `staging`, which is all that gets served.
pub fn finish(staging: &Path, worker_template: &Path) -> Result<Build, Error> {
    let template = files::read_text(worker_template)?;
    let mut entries = entries(staging)?;

    // The version goes into index.html, so it is taken over index.html as it was without it.
    let template_hash = files::short_hash(template.as_bytes());
    let pairs = entries.iter().map(|entry| (entry.url.as_str(), entry.hash.as_str()));
    let version = files::combined_hash(pairs.chain([("sw.js", template_hash.as_str())]));

    let index_path = staging.join("index.html");
    let index = files::read_text(&index_path)?;
    if !index.contains(PLACEHOLDER) {
        return Err(Error::Malformed { path: index_path, problem: format!("has no {PLACEHOLDER}") });
    }
    let index = index.replace(PLACEHOLDER, &version);
    files::write(&index_path, &index)?;
    for entry in entries.iter_mut().filter(|entry| entry.url == "/") {
        entry.hash = files::short_hash(index.as_bytes());
    }

    let (chunks, precache): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| chunks::is_chunk(entry.url.trim_start_matches('/')));
    let worker = service_worker::fill(&template, &version, &precache, &chunks)
        .map_err(|problem| Error::Malformed { path: worker_template.to_owned(), problem })?;
    files::write(&staging.join("sw.js"), worker)?;

    let description = json!({
        "version": version,
        "script_hashes": inline_scripts::csp_hashes(&index),
        "precache": service_worker::as_json(&precache),
        "chunks": service_worker::as_json(&chunks),
    });
    files::write(&staging.join("build.json"), format!("{description:#}\n"))?;
    Ok(Build { version, precache, chunks })
}

fn entries(staging: &Path) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for path in files::below(staging)? {
        let name = files::relative_name(&path, staging);
        // Launcher icons are fetched by the system when the application is installed, not by the page.
        if name.starts_with("icons/") && name.ends_with(".png") {
            continue;
        }
        // The page itself is kept under the address it is visited at.
        let url = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        entries.push(Entry { url, hash: files::short_hash(&files::read(&path)?) });
    }
    entries.sort_by(|one, other| one.url.cmp(&other.url));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(name: &str, app: &str) -> (Build, String, serde_json::Value) {
        let root = std::env::temp_dir().join(format!("liaison-xtask-build-{name}-{}", std::process::id()));
        let staging = root.join("staging");
        let template = root.join("sw.js");
        files::write(&template, "const VERSION = '__VERSION__'; const LISTS = [__PRECACHE__, __CHUNKS__];").unwrap();
        files::write(&staging.join("index.html"), "<p>__BUILD__</p><script>1</script>").unwrap();
        files::write(&staging.join("icons/a.svg"), "<svg/>").unwrap();
        files::write(&staging.join("app.js"), app).unwrap();
        files::write(&staging.join("app-chunks/load.js"), "").unwrap();
        files::write(&staging.join("app-chunks/split_a.wasm"), "").unwrap();
        let build = finish(&staging, &template).unwrap();
        let index = files::read_text(&staging.join("index.html")).unwrap();
        let json = serde_json::from_slice(&files::read(&staging.join("build.json")).unwrap()).unwrap();
        files::delete_folder(&root).unwrap();
        (build, index, json)
    }

    #[test]
    fn the_version_follows_the_content() {
        let (first, index, json) = built("one", "1");
        let (same, ..) = built("two", "1");
        let (changed, ..) = built("three", "2");
        assert_eq!(first, same);
        assert_ne!(first.version, changed.version);
        assert_eq!(index, format!("<p>{}</p><script>1</script>", first.version));
        assert_eq!(json["version"], first.version.as_str());
        assert_eq!(json["script_hashes"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn the_precache_names_the_page_by_its_address_and_final_content() {
        let (build, index, json) = built("four", "1");
        let urls: Vec<_> = build.precache.iter().map(|entry| entry.url.as_str()).collect();
        assert_eq!(urls, ["/", "/app-chunks/load.js", "/app.js", "/icons/a.svg"]);
        assert_eq!(build.precache[0].hash, files::short_hash(index.as_bytes()));
        assert_eq!(json["precache"][0], json!({ "url": "/", "hash": build.precache[0].hash }));
    }

    #[test]
    fn chunks_are_named_apart() {
        let (build, _, json) = built("five", "1");
        assert_eq!(build.chunks, [Entry { url: "/app-chunks/split_a.wasm".into(), hash: files::short_hash(b"") }]);
        assert_eq!(json["chunks"][0]["url"], "/app-chunks/split_a.wasm");
    }
}
