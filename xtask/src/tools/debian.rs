//! Debian's package manager, for what the tests need of the system.
//!
//! Never asks for a password: without root or `sudo -n`, nothing is installed.

use std::process::Command;

use crate::error::Error;
use crate::process;

/// Installs a package; false when this is not Debian or not allowed.
pub fn install(package: &str, purpose: &str) -> Result<bool, Error> {
    let is_root = process::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    let may_sudo = || process::answer(Command::new("sudo").args(["-n", "true"])).is_some();
    if process::on_path("apt-get").is_none() || !(is_root || may_sudo()) {
        return Ok(false);
    }
    eprintln!("xtask: installing Debian's {package}, {purpose}");
    for arguments in [&["update"][..], &["install", "-y", "--no-install-recommends", package][..]] {
        let mut command = if is_root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        process::run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(true)
}
