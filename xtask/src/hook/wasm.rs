//! Makes the WebAssembly smaller.
//!
//! Never lets wasm-opt use a feature that rustc does not emit: with all of them switched on it writes
//! modules that browsers refuse.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::error::Error;
use crate::files;
use crate::process;
use crate::tools::binaryen;

/// What rustc 1.95 emits for wasm32-unknown-unknown (`rustc --print cfg --target …`).
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// As small as possible to download. The first KiB of memory is the far end of the stack: only a stack that overflows gets
/// there. Functions that are alike have alike names: beside each other, they compress better by three percent.
const SMALL: [&str; 7] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=20",
    "--reorder-functions-by-name",
];

/// Replaces every `.wasm` file in `staging` by an equivalent, smaller one.
pub fn optimise(staging: &Path) -> Result<(), Error> {
    let wasm_opt = binaryen::wasm_opt()?;
    for path in files::below(staging)? {
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let smaller = path.with_extension("wasm.smaller");
            process::run(Command::new(&wasm_opt).args(SMALL).args(FEATURES).arg(&path).arg("--output").arg(&smaller))?;
            fs::rename(&smaller, &path).map_err(Error::file("replace", &path))?;
        }
    }
    Ok(())
}
