//! What Trunk calls while it builds the app: joins the styles before, finishes the files after.
//!
//! Never compiles anything: cargo is Trunk's business.

mod build;
mod chunks;
mod compress;
mod inline_scripts;
mod report;
mod service_worker;
mod styles;
mod wasm;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::files;
use crate::project::Project;

/// In `public/`, but not copied as they are: joined into the style sheet, or a template.
const NOT_COPIED: [&str; 3] = ["sw.js", "tokens.css", "shell.css"];

/// Joins all style sheets into the one that `app/index.html` links.
pub fn pre(project: &Project) -> Result<(), Error> {
    let joined = styles::join(&styles::sources(project.root())?, project.root())?;
    let target = project.scratch().join("app.css");
    // Unchanged files are left alone, or `trunk watch` would never rest.
    if fs::read(&target).is_ok_and(|present| present == joined.as_bytes()) {
        return Ok(());
    }
    files::write(&target, joined)
}

/// Turns Trunk's output into what the relay serves.
pub fn post(project: &Project) -> Result<(), Error> {
    let staging = required("TRUNK_STAGING_DIR")?;
    let public = project.root().join("public");
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    copy_public(&public, &staging)?;
    chunks::cut(project, &staging, release)?;
    if release {
        wasm::optimise(&staging)?;
    }
    let build = build::finish(&staging, &public.join("sw.js"))?;
    let sizes = compress::all(&staging, release)?;
    report::print_and_check(&build, &sizes, release)
}

fn copy_public(public: &Path, staging: &Path) -> Result<(), Error> {
    for source in files::below(public)? {
        let name = files::relative_name(&source, public);
        if !NOT_COPIED.contains(&name.as_str()) {
            files::write(&staging.join(&name), files::read(&source)?)?;
        }
    }
    Ok(())
}

fn required(variable: &'static str) -> Result<PathBuf, Error> {
    let hint = "Hooks are called by Trunk; to build the app, run `cargo xtask dist`.";
    env::var_os(variable).map(PathBuf::from).ok_or(Error::Missing { what: variable, hint })
}
