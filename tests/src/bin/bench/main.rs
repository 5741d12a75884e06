//! The figures the project promises, measured on this machine: one table and `target/bench/latest.json`.
//!
//! Never judges a number, and never measures what is not built as shipped: the relay is its own process.

mod browser;
mod clock;
mod idle;
mod ingest;
mod load;
mod raw;
mod relay;
mod report;
mod stats;
mod wire;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use report::Report;

/// Whatever stops a measurement; it is told to a person and ends the program.
type Failure = Box<dyn Error + Send + Sync>;

const HELP: &str = "\
Usage: cargo xtask bench [WORKLOAD…]

  idle-reconnect   bytes and round trips of a device that has missed nothing
  ingest           durable changes per second at the relay, beside SQLite alone
  browser          first visit, time to the list and keystroke to disk in Chromium, slowed down four times

Without a name, all of them: about four minutes. The numbers are also in target/bench/latest.json.";

const WORKLOADS: [&str; 3] = ["idle-reconnect", "ingest", "browser"];

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.iter().any(|name| !WORKLOADS.contains(&name.as_str())) {
        eprintln!("{HELP}");
        return ExitCode::from(u8::from(!wanted.iter().any(|name| name == "--help" || name == "-h")) * 2);
    }
    match run(&wanted).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wanted: &[String]) -> Result<(), Failure> {
    let place = Place::find()?;
    let chosen = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut report = Report::default();
    note_load(&mut report);
    if chosen("idle-reconnect") {
        idle::measure(&place, &mut report).await?;
    }
    if chosen("ingest") {
        ingest::measure(&place, &mut report).await?;
    }
    if chosen("browser") {
        browser::measure(&place, &mut report)?;
    }
    println!("{report}");
    let file = place.folder.join("latest.json");
    report.write(&file)?;
    println!("\nWritten to {}", file.display());
    Ok(())
}

/// What else the machine was doing (Linux): above about one, the times are those of a busy machine.
fn note_load(report: &mut Report) {
    let average = std::fs::read_to_string("/proc/loadavg").ok();
    if let Some(average) = average.and_then(|text| text.split_whitespace().next()?.parse().ok()) {
        report.section("machine", "before measuring").add("load average, 1 minute", average, "processes");
    }
}

/// What is measured, and where the bench keeps its own files: on the disk, because durability is what costs.
struct Place {
    folder: PathBuf,
    server: PathBuf,
    dist: PathBuf,
}

impl Place {
    fn find() -> Result<Self, Failure> {
        let given = |name: &str| {
            let missing = || format!("{name} is not set: run `cargo xtask bench`");
            std::env::var_os(name).map(PathBuf::from).ok_or_else(missing)
        };
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
        std::fs::create_dir_all(&folder)?;
        let folder = folder.canonicalize()?;
        Ok(Self { folder, server: given("LIAISON_SERVER")?, dist: given("LIAISON_DIST")? })
    }
}
