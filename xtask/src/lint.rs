//! `cargo xtask lint`: style and hygiene.
//!
//! Never changes a file, and never needs a network once its tools are installed.

use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::tools::Toolbox;

const CHECKS: [&[&str]; 4] = [
    &["fmt", "--all", "--check"],
    &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
    // What the app compiles for browsers only is invisible to the line above.
    &["clippy", "--package", "liaison-app", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
    &["machete"],
];

/// Runs every check, stopping at the first that fails.
pub fn lint(project: &Project) -> Result<(), Error> {
    let mut toolbox = Toolbox::new()?;
    toolbox.lint()?;
    CHECKS.iter().try_for_each(|arguments| process::run(toolbox.command(project, "cargo")?.args(*arguments)))
}
