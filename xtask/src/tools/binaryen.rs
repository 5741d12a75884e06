//! `wasm-opt`, from the npm package `binaryen`: no compiler needed, the same on every system.
//!
//! Never uses another version than the pinned one: the same source must give the same bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::install;
use crate::error::Error;
use crate::process;
use crate::versions::BINARYEN;

/// The folder to put on PATH for `wasm-opt`; none when PATH has the pinned version already.
pub fn ensure(cache: &Path) -> Result<Option<PathBuf>, Error> {
    if on_path_fits() {
        return Ok(None);
    }
    let folder = folder(cache);
    let executable = folder.join("wasm-opt");
    if !executable.exists() {
        require_npm()?;
        eprintln!("xtask: installing binaryen {BINARYEN}, whose wasm-opt makes the app smaller");
        install::atomically(
            cache,
            &name(),
            || executable.exists(),
            |root| {
                process::run(
                    Command::new("npm")
                        .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
                        .arg(root)
                        .arg(format!("binaryen@{BINARYEN}")),
                )
            },
        )?;
    }
    Ok(Some(folder))
}

/// The `wasm-opt` to call, for a hook: Trunk may have been started without xtask.
pub fn wasm_opt() -> Result<PathBuf, Error> {
    if on_path_fits() {
        return Ok("wasm-opt".into());
    }
    let cached = folder(&crate::project::tool_cache()?).join("wasm-opt");
    cached.exists().then_some(cached).ok_or(Error::Missing { what: "wasm-opt", hint: "Run `cargo xtask setup` once." })
}

/// npm, or what to do without.
pub fn require_npm() -> Result<(), Error> {
    let hint = "Install Node 20 or newer (it brings npm).";
    process::on_path("npm").map(|_| ()).ok_or(Error::Missing { what: "npm", hint })
}

fn on_path_fits() -> bool {
    let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
    process::answer(Command::new("wasm-opt").arg("--version"))
        .is_some_and(|printed| printed.split_whitespace().any(|word| word == major))
}

fn name() -> String {
    format!("binaryen-{BINARYEN}")
}

fn folder(cache: &Path) -> PathBuf {
    cache.join(name()).join("node_modules/.bin")
}
