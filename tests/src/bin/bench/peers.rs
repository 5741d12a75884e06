//! `--peers`: the same workloads on what people would use instead, by `tests/peers`, and how they compare.
//!
//! Never leaves a peer out because it lost: one that fails is in the table with how long it was given.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::{Failure, Place, Wanted};

/// Dossiers that each peer's server holds.
const DOSSIERS: &str = "1000";

/// Measures every peer, one after the other.
pub fn measure(place: &Place, report: &mut Report, wanted: &Wanted) -> Result<(), Failure> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    if !scripts.join("node_modules").is_dir() {
        return Err("run `npm ci` in tests/peers first".into());
    }
    let names = ["W1", "W2", "W3", "W4", "W5"];
    let mut workloads: Vec<&str> = names.into_iter().filter(|name| wanted.takes(name)).collect();
    if workloads.contains(&"W3") {
        workloads.push("W3kill");
    }
    let rows = place.folder.join("peers.json");
    let mut node = Command::new("node");
    node.current_dir(&scripts).args(["run.mjs", "--peer", "all", "--dossiers", DOSSIERS, "--workload"]);
    node.arg(workloads.join(",")).arg("--out").arg(&rows).arg("--tmp").arg(&place.folder);
    if wanted.quick {
        node.arg("--quick");
    }
    if !node.status()?.success() {
        return Err("the peers could not be measured".into());
    }
    report.read(&rows, |name| match name {
        // One dossier, on every server.
        "W4" => "W4 1".to_owned(),
        name => format!("{name} {DOSSIERS}"),
    })?;
    report.compare("liaison");
    Ok(())
}
