//! The packages of a folder with a `package-lock.json`.
//!
//! Never installs other versions than the lock file says, and never lets a test tool download a browser of its own.

use std::path::Path;
use std::process::Command;

use super::binaryen;
use crate::error::Error;
use crate::{files, process};

/// Installs what the lock file says, unless `node_modules` was made from this very one; `command` is npm, `how` what is asked of
/// it (`ci`, and its options).
pub fn install(command: &mut Command, folder: &Path, how: &[&str]) -> Result<(), Error> {
    binaryen::require_npm()?;
    let wanted = files::short_hash(&files::read(&folder.join("package-lock.json"))?);
    let stamp = folder.join("node_modules/.liaison-stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    command.args(how).args(["--no-audit", "--no-fund"]).arg("--prefix").arg(folder);
    process::run(command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    files::write(&stamp, wanted)
}
