//! Parts of the Rust toolchain itself.
//!
//! Never changes which toolchain is used.

use std::path::Path;
use std::process::Command;

use crate::error::Error;
use crate::process;

const WASM: &str = "wasm32-unknown-unknown";

/// Adds the standard library for WebAssembly when it is missing.
pub fn ensure_wasm_target() -> Result<(), Error> {
    let sysroot = process::answer(Command::new("rustc").args(["--print", "sysroot"]));
    let present = sysroot.is_some_and(|root| Path::new(root.trim()).join("lib/rustlib").join(WASM).is_dir());
    if present {
        return Ok(());
    }
    require_rustup()?;
    eprintln!("xtask: adding the Rust target {WASM}, for the app");
    process::run(Command::new("rustup").args(["target", "add", WASM]))
}

/// Adds `component` when `cargo subcommand` does not work.
pub fn ensure_component(component: &str, subcommand: &str) -> Result<(), Error> {
    if process::answer(Command::new("cargo").args([subcommand, "--version"])).is_some() {
        return Ok(());
    }
    require_rustup()?;
    eprintln!("xtask: adding {component} to the Rust toolchain");
    process::run(Command::new("rustup").args(["component", "add", component]))
}

fn require_rustup() -> Result<(), Error> {
    process::on_path("rustup").map(|_| ()).ok_or(Error::Missing {
        what: "A part of the Rust toolchain (wasm32-unknown-unknown, rustfmt or clippy)",
        hint: "Install Rust with rustup, or add that part the way your system does.",
    })
}
