//! `browser`: what only a browser can tell, measured by `tests/e2e/bench.mjs`; and the page of an agency with many dossiers, by
//! `tests/e2e/bench/page.mjs`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::Report;
use crate::{Failure, Place};

/// Measures, the page with so many dossiers, or says why not.
pub fn measure(place: &Place, report: &mut Report, dossiers: usize) -> Result<(), Failure> {
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
    if !script(place, &scripts, "bench.mjs").arg(&rows).status()?.success() {
        return Err("the browser's measurements failed".into());
    }
    report.read(&rows, str::to_owned)?;
    let page = script(place, &scripts, "bench/page.mjs").arg(dossiers.to_string()).stderr(Stdio::inherit()).output()?;
    if !page.status.success() {
        return Err("the measurements of the page failed".into());
    }
    // A line for each figure.
    let lines: Vec<_> = page.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    std::fs::write(&rows, [b"[", &lines.join(&b","[..])[..], b"]"].concat())?;
    report.read(&rows, str::to_owned)
}

fn script(place: &Place, scripts: &Path, name: &str) -> Command {
    let mut node = Command::new("node");
    node.current_dir(scripts).arg(name).env("LIAISON_SERVER", &place.server).env("LIAISON_DIST", &place.dist);
    // Profiles on the disk too: it is what makes a keystroke durable.
    node.env("TMPDIR", &place.folder);
    node
}
