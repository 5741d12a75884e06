//! The version of every tool the build needs, in one place.
//!
//! `wasm-bindgen` is absent on purpose: its command-line tool must equal the library's version, which
//! only `Cargo.lock` knows. Raising a number here is all it takes: the cache keeps versions apart.

/// Bundles the app. 0.22 needs a newer rustc.
pub const TRUNK: &str = "0.21.14";

/// Runs the tests; any later 0.9 that is already installed will do.
pub const NEXTEST: &str = "0.9.143";

/// Finds unused dependencies.
pub const MACHETE: &str = "0.9.2";

/// Cuts the app's WebAssembly into chunks. Must know what the `wasm_split_helpers` of `Cargo.lock` writes.
pub const WASM_SPLIT: &str = "0.2.4";

/// The npm package that brings `wasm-opt`. Exact, so that the same source gives the same bytes.
pub const BINARYEN: &str = "132.0.0";

/// What `cargo install` is told so that a tool compiles in minutes: tools need not be fast.
pub const QUICK_INSTALL: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "false"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];
