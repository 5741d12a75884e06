//! The relay as shipped, in a process of its own, on a store on the disk.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use liaison_tests::client::{Session, login};

use crate::clock::Stopwatch;
use crate::process::cpu_seconds;
use crate::{Failure, Place};

/// So long without work: the relay has put everything in order.
const SETTLED: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(600);

/// An office account of the demo agency.
const EMAIL: &str = "claire.martin@liaison.demo";
const PASSWORD: &str = "demo-liaison-2026";
/// Where the relay keeps the keys of a store.
const KEYS: &str = ".keys";
const MASTER_KEY: &str = ".master-key";

/// A running relay; killed when dropped.
pub struct Relay {
    child: Child,
    /// Kept open for what the relay still has to say.
    _output: BufReader<ChildStdout>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Relay {
    /// Serves a store of [`agency`].
    pub fn start(place: &Place, store: &Path) -> Result<Self, Failure> {
        Self::begin(place, store, "demo")
    }

    /// Serves any other store.
    pub fn serve(place: &Place, store: &Path) -> Result<Self, Failure> {
        Self::begin(place, store, "serve")
    }

    fn begin(place: &Place, store: &Path, command: &str) -> Result<Self, Failure> {
        let arguments = [command, "--listen", "127.0.0.1:0", "--store"];
        let mut command = Command::new(&place.server);
        command.args(arguments).arg(url(store)).arg("--static").arg(&place.dist).env("RUST_LOG", "error");
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or("the relay has no output")?);
        let mut line = String::new();
        let mut address = None;
        while address.is_none() && output.read_line(&mut line)? > 0 {
            address = line
                .split_once("http://")
                .and_then(|(_, rest)| rest.trim().replace("localhost", "127.0.0.1").parse().ok());
            line.clear();
        }
        let address = address.ok_or("the relay does not say where it listens")?;
        Ok(Self { child, _output: output, address })
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it does nothing any more: what it puts off for later is done.
    pub async fn at_rest(&self) -> Result<(), Failure> {
        let watch = Stopwatch::start();
        let mut before = cpu_seconds(self.id())?;
        loop {
            tokio::time::sleep(SETTLED).await;
            let now = cpu_seconds(self.id())?;
            if now - before < 0.05 {
                return Ok(());
            }
            if watch.elapsed() > PATIENCE {
                return Err("the relay does not come to rest".into());
            }
            before = now;
        }
    }

    /// Kills it (SIGKILL) and waits until it is gone.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Signs in on so many new devices.
    pub async fn sessions(&self, devices: usize) -> Result<Vec<Session>, Failure> {
        let mut sessions = Vec::with_capacity(devices);
        for _ in 0..devices {
            let session = login(self.address, EMAIL, PASSWORD, None).await;
            sessions.push(session.map_err(|answer| format!("cannot sign in: {answer}"))?);
        }
        Ok(sessions)
    }

    /// What went into the log since it started.
    pub async fn appended(&self) -> Result<Appended, Failure> {
        let text = reqwest::get(format!("http://{}/metrics", self.address)).await?.text().await?;
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
            line.unwrap_or(0.0)
        };
        Ok(Appended {
            changes: value("liaison_append_batch_changes_sum"),
            batches: value("liaison_append_batch_changes_count"),
            seconds: value("liaison_append_seconds_sum"),
        })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the log has counted.
#[derive(Debug, Clone, Copy)]
pub struct Appended {
    /// Changes.
    pub changes: f64,
    /// Transactions.
    pub batches: f64,
    /// Time in them.
    pub seconds: f64,
}

/// The store of a demo agency; kept for the next bench, until the relay's program changes.
pub fn agency(place: &Place, dossiers: u32) -> Result<PathBuf, Failure> {
    let store = place.folder.join(format!("agency-{dossiers}.db"));
    let built = place.server.metadata()?.modified()?;
    if store.metadata().and_then(|store| store.modified()).is_ok_and(|filled| filled > built) {
        return Ok(store);
    }
    eprintln!("bench: filling a store of {dossiers} dossiers");
    let fresh = place.folder.join("filling.db");
    remove(&fresh)?;
    remove(&store)?;
    let mut fill = Command::new(&place.server);
    fill.args(["demo", "--fill-only", "--seed", "1", "--dossiers"]).arg(dossiers.to_string());
    fill.arg("--store").arg(url(&fresh)).arg("--static").arg(&place.dist).stdout(Stdio::null());
    if !fill.status()?.success() {
        return Err("the demo agency could not be made".into());
    }
    for suffix in ["", KEYS, MASTER_KEY] {
        std::fs::rename(beside(&fresh, suffix), beside(&store, suffix))?;
    }
    Ok(store)
}

/// A store and its keys under another name.
pub fn copy(store: &Path, to: &Path) -> Result<(), Failure> {
    remove(to)?;
    for suffix in ["", KEYS, MASTER_KEY] {
        std::fs::copy(beside(store, suffix), beside(to, suffix))?;
    }
    // What a program that has just ended left beside it, if anything.
    for suffix in ["-wal", ".keys-wal"] {
        if beside(store, suffix).is_file() {
            std::fs::copy(beside(store, suffix), beside(to, suffix))?;
        }
    }
    Ok(())
}

/// Removes a store and its keys, if they are there.
pub fn remove(store: &Path) -> Result<(), Failure> {
    for suffix in ["", "-wal", "-shm", KEYS, ".keys-wal", ".keys-shm", MASTER_KEY] {
        match std::fs::remove_file(beside(store, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn beside(store: &Path, suffix: &str) -> PathBuf {
    let mut file = store.as_os_str().to_owned();
    file.push(suffix);
    file.into()
}

fn url(store: &Path) -> String {
    format!("sqlite:{}", store.display())
}
