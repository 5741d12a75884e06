//! `cargo xtask run`: the demo agency, from nothing to a page in the browser.
//!
//! Never used to run a real agency: the demo's accounts are public.

use std::process::Command;

use crate::args::RunOptions;
use crate::dist;
use crate::error::Error;
use crate::files;
use crate::process;
use crate::project::Project;

/// Builds, then becomes the relay.
pub fn run(project: &Project, options: &RunOptions) -> Result<(), Error> {
    let demo = project.demo();
    if options.fresh {
        files::delete_folder(&demo)?;
    }
    files::create_folder(&demo)?;
    dist::build(project, options.mode)?;
    build_server(project)?;
    process::become_program(
        Command::new(project.server("release"))
            .current_dir(project.root())
            .args(["demo", "--dossiers", &options.dossiers.to_string(), "--seed", &options.seed.to_string()])
            .args(["--listen", &options.listen])
            .arg("--store")
            .arg(format!("sqlite:{}", demo.join("demo.db").display()))
            .arg("--static")
            .arg(project.dist()),
    )
}

/// The relay as it is deployed.
pub fn build_server(project: &Project) -> Result<(), Error> {
    process::run(Command::new("cargo").current_dir(project.root()).args([
        "build",
        "--release",
        "--package",
        "liaison-server",
    ]))
}
