//! The figures the project promises, measured on this machine: one table and `target/bench/latest.json`.
//!
//! Never judges a number, and never measures what is not built as shipped: the relay is its own process.

mod bootstrap;
mod browser;
mod clock;
mod device;
mod field_day;
mod fleet;
mod idle;
mod ingest;
mod live;
mod load;
mod peers;
mod process;
mod raw;
mod relay;
mod report;
mod rush;
mod seed;
mod soak;
mod stats;
mod wire;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use report::Report;

/// Whatever stops a measurement; it is told to a person and ends the program.
type Failure = Box<dyn Error + Send + Sync>;

/// Longest time for all that is measured by this program itself, what it prepares included.
const LONGEST: Duration = Duration::from_secs(90 * 60);

const HELP: &str = "\
Usage: cargo xtask bench [--quick | --full] [--peers] [WORKLOAD…]

  W1       an empty office device gets every dossier
  W2       a device that has missed nothing connects again
  W3       100 phones come back from a day offline in the same second; the relay is killed
  W4       one writes, 50 read along
  W5       a morning: 2,000 phones (--quick: 800) come back within ten seconds
  W6       a year of one agency: cost of a change, disk, memory, start
  ingest   durable changes per second at the relay, beside SQLite alone
  browser  what people wait for, in Chromium, slowed down four times

Without a name, all of them. --quick takes smaller agencies, --full the whole year of W6 (a million changes).
--peers runs W1 to W5 on automerge-repo, Hocuspocus and PouchDB too, in turn, and adds how they compare.
The numbers are also in target/bench/latest.json.";

const WORKLOADS: [&str; 8] = ["W1", "W2", "W3", "W4", "W5", "W6", "ingest", "browser"];

/// What is asked for.
#[derive(Debug, Default)]
struct Wanted {
    workloads: Vec<String>,
    quick: bool,
    full: bool,
    peers: bool,
}

impl Wanted {
    /// `None`: not understood.
    fn read(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut wanted = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--quick" => wanted.quick = true,
                "--full" => wanted.full = true,
                "--peers" => wanted.peers = true,
                name if WORKLOADS.contains(&name) => wanted.workloads.push(argument),
                _ => return None,
            }
        }
        Some(wanted)
    }

    fn takes(&self, name: &str) -> bool {
        self.workloads.is_empty() || self.workloads.iter().any(|wanted| wanted == name)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let help = std::env::args().any(|argument| argument == "--help" || argument == "-h");
    let Some(wanted) = Wanted::read(std::env::args().skip(1).filter(|_| !help)).filter(|_| !help) else {
        eprintln!("{HELP}");
        return ExitCode::from(u8::from(!help) * 2);
    };
    match run(&wanted).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wanted: &Wanted) -> Result<(), Failure> {
    let place = Place::find()?;
    let mut report = Report::default();
    note_load(&mut report);
    tokio::time::timeout(LONGEST, relay_alone(&place, &mut report, wanted)).await??;
    if wanted.takes("browser") {
        browser::measure(&place, &mut report, if wanted.quick { 1_000 } else { 10_000 })?;
    }
    if wanted.peers {
        peers::measure(&place, &mut report, wanted)?;
    }
    println!("{report}");
    let file = place.folder.join("latest.json");
    report.write(&file)?;
    println!("\nWritten to {}", file.display());
    Ok(())
}

/// What needs neither a browser nor a peer.
async fn relay_alone(place: &Place, report: &mut Report, wanted: &Wanted) -> Result<(), Failure> {
    let sizes: &[usize] = if wanted.quick { &[1_000] } else { &[1_000, 10_000] };
    if wanted.takes("W1") {
        bootstrap::measure(place, report, sizes).await?;
    }
    if wanted.takes("W2") {
        idle::measure(place, report, sizes).await?;
    }
    if wanted.takes("W3") {
        field_day::measure(place, report).await?;
    }
    if wanted.takes("W4") {
        live::measure(place, report).await?;
    }
    if wanted.takes("W5") {
        for dossiers in sizes {
            rush::measure(place, report, *dossiers, if wanted.quick { 800 } else { 2_000 }).await?;
        }
    }
    if wanted.takes("W6") {
        let changes = match (wanted.quick, wanted.full) {
            (true, _) => 40_000,
            (_, true) => 1_000_000,
            _ => 200_000,
        };
        soak::measure(place, report, changes).await?;
    }
    if wanted.takes("ingest") {
        ingest::measure(place, report).await?;
    }
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
