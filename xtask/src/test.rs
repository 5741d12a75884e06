//! `cargo xtask test`: everything that is tested, browsers included.
//!
//! Never lints, and never lets a test tool download a browser of its own.

use std::ffi::OsString;
use std::path::Path;

use crate::args::Mode;
use crate::dist;
use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::tools::{Toolbox, browser, npm, postgres};

/// Runs the Rust tests, then (unless `e2e` is off) the browser tests against the app as shipped.
pub fn test(project: &Project, e2e: bool, filter: &[OsString]) -> Result<(), Error> {
    let mut toolbox = Toolbox::new()?;
    toolbox.tests()?;
    // Asked for before the long part, so that what is missing shows at once.
    let chromium = if e2e { Some(browser::find_or_install()?) } else { None };

    let has_postgres = postgres::find_or_install()?;

    rust(project, &toolbox, has_postgres, filter)?;
    if filter.is_empty() {
        process::run(toolbox.command(project, "cargo")?.args(["test", "--workspace", "--doc"]))?;
    }
    match chromium {
        Some(chromium) => browsers(project, &toolbox, &chromium),
        None => Ok(()),
    }
}

/// The Rust tests, with a PostgreSQL server that they share as long as they run.
fn rust(project: &Project, toolbox: &Toolbox, has_postgres: bool, filter: &[OsString]) -> Result<(), Error> {
    let nextest = ["nextest", "run", "--workspace"];
    if has_postgres {
        // Everything at once, so that what lends the server is built like the rest.
        process::run(toolbox.command(project, "cargo")?.args(nextest).arg("--no-run"))?;
        let mut lender = toolbox.command(project, project.with_postgres())?;
        return process::run(lender.arg("cargo").args(nextest).args(filter));
    }
    let mut command = toolbox.command(project, "cargo")?;
    command.args(nextest).args(filter);
    if filter.is_empty() {
        // Said before. Whoever names tests is told by those that cannot run.
        command.args(["--filterset", "not test(/postgres/)"]);
    }
    process::run(&mut command)
}

fn browsers(project: &Project, toolbox: &Toolbox, chromium: &Path) -> Result<(), Error> {
    dist::build(project, Mode::Release)?;
    let folder = project.root().join("tests/e2e");
    npm::install(&mut toolbox.command(project, "npm")?, &folder, &["ci", "--ignore-scripts"])?;
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
