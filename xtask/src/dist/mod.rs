//! Builds the app into `dist/` with Trunk, unless it is there already.
//!
//! What happens to the files inside is decided in Trunk.toml and the hooks, so that a bare
//! `trunk build` gives the same.

mod stamp;

use std::env;
use std::fs::File;

use crate::args::Mode;
use crate::error::Error;
use crate::files;
use crate::process;
use crate::project::Project;
use crate::tools::Toolbox;

/// Makes `dist/` hold what the sources say.
pub fn build(project: &Project, mode: Mode) -> Result<(), Error> {
    let scratch = project.scratch();
    files::create_folder(&scratch)?;
    let lock_path = scratch.join("dist.lock");
    let lock = File::create(&lock_path).map_err(Error::file("create", &lock_path))?;
    // Two builds at once would mix their files; the second one waits, then finds nothing to do.
    lock.lock().map_err(Error::file("lock", &lock_path))?;

    // Taken before the build: an edit made while it runs counts as a change next time.
    let sources = stamp::of_sources(project, mode)?;
    if stamp::is_current(project, &sources) {
        eprintln!("xtask: dist/ is up to date");
        return Ok(());
    }
    let mut toolbox = Toolbox::new()?;
    toolbox.app_build(project)?;
    let mut trunk = toolbox.command(project, "trunk")?;
    trunk.arg("build").arg("--skip-version-check");
    if mode == Mode::Release {
        trunk.arg("--release");
    }
    // Trunk takes only `true` or `false` here, where the convention is any value.
    trunk.env_remove("NO_COLOR");
    if let Some(this) = env::current_exe().ok().filter(|path| path.is_file()) {
        trunk.env("LIAISON_XTASK", this);
    }
    process::run(&mut trunk)?;
    stamp::write(project, &sources)
}
