//! `browser`: what only a browser can tell, measured by `tests/e2e/bench.mjs`.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::{Failure, Place};

/// Measures, or says why not.
pub fn measure(place: &Place, report: &mut Report) -> Result<(), Failure> {
    if std::env::var_os("CHROMIUM").is_none_or(|path| path.is_empty()) {
        println!("browser: skipped, CHROMIUM is not set and no Chromium was found");
        return Ok(());
    }
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e");
    if !scripts.join("node_modules").is_dir() {
        println!("browser: skipped, run `npm ci` in tests/e2e first");
        return Ok(());
    }
    let rows = place.folder.join("browser.json");
    let mut node = Command::new("node");
    node.current_dir(scripts).arg("bench.mjs").arg(&rows);
    node.env("LIAISON_SERVER", &place.server).env("LIAISON_DIST", &place.dist);
    // Profiles on the disk too: it is what makes a keystroke durable.
    node.env("TMPDIR", &place.folder);
    if !node.status()?.success() {
        return Err("the browser's measurements failed".into());
    }
    report.read(&rows, str::to_owned)
}
