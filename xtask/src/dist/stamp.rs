//! Remembers from which sources `dist/` was built, by content.
//!
//! Never looks at modification times: a checkout that switches back and forth rebuilds nothing.

use crate::args::Mode;
use crate::error::Error;
use crate::files;
use crate::project::Project;

const FOLDERS: [&str; 4] = ["app", "shared", "public", "xtask/src"];
const FILES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "Trunk.toml", "xtask/Cargo.toml", ".cargo/config.toml"];

/// One hash over everything the app is built from.
pub fn of_sources(project: &Project, mode: Mode) -> Result<String, Error> {
    let mut paths: Vec<_> = FILES.iter().map(|name| project.root().join(name)).collect();
    for folder in FOLDERS {
        paths.extend(files::below(&project.root().join(folder))?);
    }
    let mut pairs = vec![("mode".to_owned(), format!("{mode:?}"))];
    for path in paths {
        let hash = files::short_hash(&files::read(&path)?);
        pairs.push((files::relative_name(&path, project.root()), hash));
    }
    Ok(files::combined_hash(pairs.iter().map(|(name, hash)| (name.as_str(), hash.as_str()))))
}

/// Was the present `dist/` built from these sources?
pub fn is_current(project: &Project, sources: &str) -> bool {
    let stamp = std::fs::read_to_string(project.scratch().join("dist.stamp"));
    matches!((stamp, content(project, sources)), (Ok(stamp), Ok(content)) if stamp == content)
}

/// Notes that the present `dist/` was built from these sources.
pub fn write(project: &Project, sources: &str) -> Result<(), Error> {
    files::write(&project.scratch().join("dist.stamp"), content(project, sources)?)
}

/// Names the build as well, so that a `trunk build` by hand in between is noticed.
fn content(project: &Project, sources: &str) -> Result<String, Error> {
    let build = files::read(&project.dist().join("build.json"))?;
    Ok(format!("sources {sources}\nbuild {}\n", files::short_hash(&build)))
}
