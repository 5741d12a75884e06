//! `cargo xtask test`: everything that is tested, browsers included.
//!
//! Never lints, and never lets a test tool download a browser of its own.

use std::ffi::OsString;
use std::path::Path;

use crate::args::Mode;
use crate::dist;
use crate::error::Error;
use crate::files;
use crate::process;
use crate::project::Project;
use crate::tools::{Toolbox, binaryen, browser};

/// Runs the Rust tests, then (unless `e2e` is off) the browser tests against the app as shipped.
pub fn test(project: &Project, e2e: bool, filter: &[OsString]) -> Result<(), Error> {
    let mut toolbox = Toolbox::new()?;
    toolbox.tests()?;
    // Asked for before the long part, so that what is missing shows at once.
    let chromium = if e2e { Some(browser::find_or_install()?) } else { None };

    process::run(toolbox.command(project, "cargo")?.args(["nextest", "run", "--workspace"]).args(filter))?;
    if filter.is_empty() {
        process::run(toolbox.command(project, "cargo")?.args(["test", "--workspace", "--doc"]))?;
    }
    match chromium {
        Some(chromium) => browsers(project, &toolbox, &chromium),
        None => Ok(()),
    }
}

fn browsers(project: &Project, toolbox: &Toolbox, chromium: &Path) -> Result<(), Error> {
    dist::build(project, Mode::Release)?;
    let folder = project.root().join("tests/e2e");
    install_packages(project, toolbox, &folder)?;
    process::run(
        toolbox
            .command(project, "npm")?
            .args(["test", "--prefix"])
            .arg(&folder)
            .env("LIAISON_SERVER", project.tested_relay())
            .env("LIAISON_DIST", project.dist())
            .env("CHROMIUM", chromium),
    )
}

/// `npm ci`, unless `node_modules` was made from this very lock file.
fn install_packages(project: &Project, toolbox: &Toolbox, folder: &Path) -> Result<(), Error> {
    binaryen::require_npm()?;
    let wanted = files::short_hash(&files::read(&folder.join("package-lock.json"))?);
    let stamp = folder.join("node_modules/.liaison-stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    process::run(
        toolbox
            .command(project, "npm")?
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    files::write(&stamp, wanted)
}
