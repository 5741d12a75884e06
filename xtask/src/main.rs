//! `cargo xtask`: set-up, run, test, bench and lint, the only way in that anyone has to remember.
//!
//! It drives other tools and prepares their files. It never contains a rule of the domain, and the
//! application never depends on it.

mod args;
mod bench;
mod dist;
mod error;
mod files;
mod hook;
mod lint;
mod process;
mod project;
mod run;
mod test;
mod tools;
mod versions;

use std::process::ExitCode;

use args::{HookStage, Task};
use error::Error;
use project::Project;
use tools::Toolbox;

const HELP: &str = include_str!("help.txt");

fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)).and_then(perform) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            error.exit_code()
        }
    }
}

fn perform(task: Task) -> Result<(), Error> {
    if task == Task::Help {
        print!("{HELP}");
        return Ok(());
    }
    let project = Project::find()?;
    match task {
        Task::Help => Ok(()),
        Task::Setup => setup(&project),
        Task::Dist { mode } => dist::build(&project, mode),
        Task::Run(options) => run::run(&project, &options),
        Task::Test { e2e, filter } => test::test(&project, e2e, &filter),
        Task::Bench { arguments } => bench::bench(&project, &arguments),
        Task::Lint => lint::lint(&project),
        Task::Hook(HookStage::Pre) => hook::pre(&project),
        Task::Hook(HookStage::Post) => hook::post(&project),
    }
}

/// Installs everything any other task needs, so that the rest works without a network.
fn setup(project: &Project) -> Result<(), Error> {
    let mut toolbox = Toolbox::new()?;
    toolbox.app_build(project)?;
    toolbox.tests()?;
    toolbox.lint()?;
    let chromium = tools::browser::find_or_install()?;
    tools::postgres::find_or_install()?;
    eprintln!("xtask: ready; browser for the tests: {}", chromium.display());
    Ok(())
}
