//! `cargo xtask bench`: the load generator against what is shipped.
//!
//! Never measures anything itself; the numbers come from the `bench` program in `tests/`.

use std::ffi::OsString;
use std::process::Command;

use crate::args::Mode;
use crate::dist;
use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::tools::{browser, npm};

/// Builds the app and the relay as shipped, then runs the generator with `arguments`.
pub fn bench(project: &Project, arguments: &[OsString]) -> Result<(), Error> {
    dist::build(project, Mode::Release)?;
    // Both at once: by itself, each would have the libraries with other features, and build them again.
    process::run(Command::new("cargo").current_dir(project.root()).args([
        "build",
        "--release",
        "--package",
        "liaison-server",
        "--package",
        "liaison-tests",
        "--bins",
    ]))?;
    let peers = project.root().join("tests/peers");
    if arguments.iter().any(|argument| argument == "--peers") {
        // With their install scripts: two of them are built on this machine. Not `ci`, which refuses a lock file without
        // the packages for other systems that one of them may do without.
        npm::install(&mut Command::new("npm"), &peers, &["install", "--no-save"])?;
    }
    let mut command = Command::new(project.bench());
    command
        .current_dir(project.root())
        .args(arguments)
        .env("LIAISON_SERVER", project.server("release"))
        .env("LIAISON_DIST", project.dist());
    // Most measurements need no browser: without one, those that do say so.
    if let Ok(chromium) = browser::find_or_install() {
        command.env("CHROMIUM", chromium);
    }
    process::run(&mut command)
}
