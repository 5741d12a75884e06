//! `cargo xtask bench`: the load generator against what is shipped.
//!
//! Never measures anything itself; the numbers come from the `bench` program in `tests/`.

use std::ffi::OsString;
use std::process::Command;

use crate::args::Mode;
use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::tools::browser;
use crate::{dist, run};

/// Builds the app and the relay as shipped, then runs the generator with `arguments`.
pub fn bench(project: &Project, arguments: &[OsString]) -> Result<(), Error> {
    dist::build(project, Mode::Release)?;
    run::build_server(project)?;
    let mut command = Command::new("cargo");
    command
        .current_dir(project.root())
        .args(["run", "--release", "--package", "liaison-tests", "--bin", "bench", "--"])
        .args(arguments)
        .env("LIAISON_SERVER", project.server("release"))
        .env("LIAISON_DIST", project.dist());
    // Most measurements need no browser: without one, those that do say so.
    if let Ok(chromium) = browser::find_or_install() {
        command.env("CHROMIUM", chromium);
    }
    process::run(&mut command)
}
