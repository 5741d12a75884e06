//! The browser of the end-to-end tests: the system's own Chromium.
//!
//! Never downloads a browser build; at most asks Debian's package manager.

use std::env;
use std::path::PathBuf;
use std::process::Command;

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
    install()?;
    find().ok_or(missing())
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::on_path(name))
}

fn install() -> Result<(), Error> {
    let is_root = process::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let may_sudo = || process::answer(Command::new("sudo").args(["-n", "true"])).is_some();
    if process::on_path("apt-get").is_none() || !(is_root || may_sudo()) {
        return Err(missing());
    }
    eprintln!("xtask: installing Debian's chromium, for the end-to-end tests");
    for arguments in [&["update"][..], &["install", "-y", "--no-install-recommends", "chromium"][..]] {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        process::run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

fn missing() -> Error {
    Error::Missing {
        what: "A browser for the end-to-end tests",
        hint: "Install Chromium (Debian: `apt install chromium`), or name one in the environment variable CHROMIUM, \
               or leave these tests out: `cargo xtask test --no-e2e`.",
    }
}
