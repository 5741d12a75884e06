//! The browser of the end-to-end tests: the system's own Chromium.
//!
//! Never downloads a browser build; at most asks Debian's package manager.

use std::env;
use std::path::PathBuf;

use super::debian;
use crate::error::Error;
use crate::process;

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// `$CHROMIUM`, or one on PATH, or a freshly installed one.
pub fn find_or_install() -> Result<PathBuf, Error> {
    if let Some(given) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        let path = PathBuf::from(given);
        let hint = "Correct the environment variable CHROMIUM, or unset it.";
        return path.is_file().then_some(path).ok_or(Error::Missing { what: "The file named by CHROMIUM", hint });
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install("chromium", "for the end-to-end tests")?;
    find().ok_or(missing())
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::on_path(name))
}

fn missing() -> Error {
    Error::Missing {
        what: "A browser for the end-to-end tests",
        hint: "Install Chromium (Debian: `apt install chromium`), or name one in the environment variable CHROMIUM, \
               or leave these tests out: `cargo xtask test --no-e2e`.",
    }
}
