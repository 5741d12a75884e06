//! The tools a task needs: found when they fit, installed into the per-user cache when they do not.
//!
//! Never installs into the user's own tool folders, and never changes the PATH of anything but the
//! programs that xtask itself starts.

pub mod binaryen;
pub mod browser;
mod cargo_tool;
mod debian;
mod install;
mod lockfile;
pub mod npm;
pub mod postgres;
mod rust;
mod version;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::error::Error;
use crate::process;
use crate::project::{self, Project};
use crate::versions;
use cargo_tool::CargoTool;
use version::Fit;

/// The tools made ready so far.
pub struct Toolbox {
    cache: PathBuf,
    folders: Vec<PathBuf>,
}

impl Toolbox {
    /// An empty toolbox over the user's cache.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { cache: project::tool_cache()?, folders: Vec::new() })
    }

    /// What building the app takes.
    pub fn app_build(&mut self, project: &Project) -> Result<(), Error> {
        rust::ensure_wasm_target()?;
        self.add(&CargoTool {
            package: "trunk",
            binary: "trunk",
            version: versions::TRUNK.into(),
            fit: Fit::Exact,
            locked: true,
            features: &["--no-default-features"],
            version_arguments: &["--version"],
            purpose: "to bundle the app",
        })?;
        self.chunks(project)?;
        self.folders.extend(binaryen::ensure(&self.cache)?);
        Ok(())
    }

    /// What cutting the app into chunks takes.
    pub fn chunks(&mut self, project: &Project) -> Result<(), Error> {
        self.add(&CargoTool {
            package: "wasm_split_cli_support",
            binary: "wasm-split-cli",
            version: versions::WASM_SPLIT.into(),
            fit: Fit::Exact,
            locked: true,
            features: &["--features", "build-binary"],
            // It has none: only the one in the cache is ever used.
            version_arguments: &["--version"],
            purpose: "to cut the app into chunks",
        })?;
        self.add(&CargoTool {
            package: "wasm-bindgen-cli",
            binary: "wasm-bindgen",
            version: lockfile::version_of(project, "wasm-bindgen")?,
            fit: Fit::Exact,
            // Its own lock file may name releases that a registry mirror does not have yet.
            locked: false,
            features: &[],
            version_arguments: &["--version"],
            purpose: "to join the app's WebAssembly and JavaScript",
        })
    }

    /// What running the Rust tests takes.
    pub fn tests(&mut self) -> Result<(), Error> {
        self.add(&CargoTool {
            package: "cargo-nextest",
            binary: "cargo-nextest",
            version: versions::NEXTEST.into(),
            fit: Fit::AtLeast,
            locked: true,
            features: &["--no-default-features", "--features", "default-no-update"],
            version_arguments: &["nextest", "--version"],
            purpose: "to run the tests",
        })
    }

    /// What linting takes.
    pub fn lint(&mut self) -> Result<(), Error> {
        rust::ensure_component("rustfmt", "fmt")?;
        rust::ensure_component("clippy", "clippy")?;
        rust::ensure_wasm_target()?;
        self.add(&CargoTool {
            package: "cargo-machete",
            binary: "cargo-machete",
            version: versions::MACHETE.into(),
            fit: Fit::AtLeast,
            locked: true,
            features: &[],
            version_arguments: &["--version"],
            purpose: "to find unused dependencies",
        })
    }

    /// A command that finds these tools first, started in the repository's top folder.
    pub fn command(&self, project: &Project, program: impl AsRef<OsStr>) -> Result<Command, Error> {
        let mut command = Command::new(program);
        command.current_dir(project.root()).env("PATH", process::path_with(&self.folders)?);
        Ok(command)
    }

    fn add(&mut self, tool: &CargoTool) -> Result<(), Error> {
        self.folders.extend(tool.ensure(&self.cache)?);
        Ok(())
    }
}
