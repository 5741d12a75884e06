//! `cargo xtask lint`: style and hygiene.
//!
//! Never changes a file, and never needs a network once its tools are installed.

use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::tools::Toolbox;

const CHECKS: [&[&str]; 3] = [
    &["fmt", "--all", "--check"],
    &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
    // What the app compiles for browsers only is invisible to the line above.
    &["clippy", "--package", "liaison-app", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
];

/// Runs every check, stopping at the first that fails.
pub fn lint(project: &Project) -> Result<(), Error> {
    let mut toolbox = Toolbox::new()?;
    toolbox.lint()?;
    CHECKS.iter().try_for_each(|arguments| process::run(toolbox.command(project, "cargo")?.args(*arguments)))?;
    // Not as a cargo subcommand: it would take its own name for a folder, having cargo above it twice.
    process::run(&mut toolbox.command(project, "cargo-machete")?)
}
