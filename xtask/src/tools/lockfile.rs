//! Reads one package's version from `Cargo.lock`.
//!
//! Not a TOML parser: `Cargo.lock` is written by cargo alone, one `name` and one `version` line per
//! package. Never writes it.

use crate::error::Error;
use crate::files;
use crate::project::Project;

/// The locked version of `package`.
pub fn version_of(project: &Project, package: &str) -> Result<String, Error> {
    let path = project.root().join("Cargo.lock");
    find(&files::read_text(&path)?, package)
        .map(str::to_owned)
        .ok_or_else(|| Error::Malformed { path, problem: format!("has no package `{package}`") })
}

fn find<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| value(line, "name") == Some(package))?;
    value(lines.next()?, "version")
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = [
 "wasm-bindgen-macro",
]
"#;

    #[test]
    fn finds_the_package_by_its_whole_name() {
        assert_eq!(find(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(find(LOCK, "wasm"), None);
        assert_eq!(find(LOCK, "wasm-bindgen-macro"), None);
    }
}
