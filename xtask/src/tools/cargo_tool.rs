//! A tool that `cargo install` builds from source.
//!
//! Never uses a prebuilt binary from the network, and never a different version than asked for.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::install;
use super::version::Fit;
use crate::error::Error;
use crate::process;
use crate::versions;

/// Which tool, and how to get it.
pub struct CargoTool {
    /// The crate's name.
    pub package: &'static str,
    /// Its executable's name, which also names the folder in the cache.
    pub binary: &'static str,
    /// The version to install.
    pub version: String,
    /// Which installed versions are as good.
    pub fit: Fit,
    /// Build with the lock file the crate was published with?
    pub locked: bool,
    /// Feature arguments of `cargo install`.
    pub features: &'static [&'static str],
    /// What makes the executable print its version.
    pub version_arguments: &'static [&'static str],
    /// For the message: "to …".
    pub purpose: &'static str,
}

impl CargoTool {
    /// The folder to put on PATH so that the tool is found; none when PATH has a fitting one already.
    pub fn ensure(&self, cache: &Path) -> Result<Option<PathBuf>, Error> {
        let on_path = process::answer(Command::new(self.binary).args(self.version_arguments));
        if on_path.is_some_and(|printed| self.fit.accepts(&printed, &self.version)) {
            return Ok(None);
        }
        let name = format!("{}-{}", self.binary, self.version);
        let folder = cache.join(&name).join("bin");
        let executable = folder.join(format!("{}{}", self.binary, std::env::consts::EXE_SUFFIX));
        if !executable.is_file() {
            eprintln!("xtask: installing {} {} {}", self.package, self.version, self.purpose);
            eprintln!("xtask: this happens once, and takes several minutes");
            install::atomically(cache, &name, || executable.is_file(), |root| self.install(cache, root))?;
        }
        Ok(Some(folder))
    }

    fn install(&self, cache: &Path, root: &Path) -> Result<(), Error> {
        let build = root.join("build");
        let mut cargo = Command::new("cargo");
        cargo
            .args(["install", self.package, "--version", &self.version, "--no-track", "--root"])
            .arg(root)
            .args(self.features)
            // Away from the repository: its cargo configuration is about the application.
            .current_dir(cache)
            .env("CARGO_TARGET_DIR", &build)
            .env_remove("RUSTFLAGS")
            .envs(versions::QUICK_INSTALL);
        if self.locked {
            cargo.arg("--locked");
        }
        process::run(&mut cargo)?;
        crate::files::delete_folder(&build)
    }
}
