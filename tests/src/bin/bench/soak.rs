//! W6: a year of one agency through the relay: what a change costs at the end against the beginning, what it takes on the
//! disk, and how long the relay takes to start.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use liaison_server::config::StoreOptions;
use liaison_server::log::StoredLog;
use liaison_server::server::open;
use liaison_shared::DocumentId;
use liaison_shared::documents::{Document, genesis};
use liaison_shared::sync::Outgoing;
use tokio::task::JoinSet;

use crate::clock::Stopwatch;
use crate::device::{Device, Kept, outgoing};
use crate::fleet::{Phone, fetch};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossier_id, visit};
use crate::{Failure, Place};

const SIZE: Size = Size { dossiers: 1_000, phones: 300, each: 10 };
/// Intervenants who visit each client, in turn.
const TEAM: usize = SIZE.phones * SIZE.each / SIZE.dossiers;
/// The year in so many equal parts.
const PARTS: usize = 10;
/// Changes of one visit.
const PER_VISIT: usize = 4;
const QUIET: Duration = Duration::from_secs(60);

/// Measures a year of so many changes.
pub async fn measure(place: &Place, report: &mut Report, changes: usize) -> Result<(), Failure> {
    eprintln!("bench: W6, {changes} changes");
    let Agency { store, phones, .. } = agency(place, SIZE).await?;
    let relay = Relay::serve(place, &store)?;
    let mut year = Year::begin(fetch(relay.address, phones, SIZE.each).await?);
    relay.at_rest().await?;
    let (mut costs, mut memories) = (Vec::new(), Vec::new());
    let watch = Stopwatch::start();
    for part in 0..PARTS {
        let cpu = cpu_seconds(relay.id())?;
        let mut sent = 0;
        while sent < changes / PARTS {
            sent += year.round(relay.address).await?;
        }
        relay.at_rest().await?;
        costs.push((cpu_seconds(relay.id())? - cpu) / sent as f64 * 1e6);
        memories.push(memory(relay.id())?.0);
        let (part, cost, memory) = (part + 1, costs[part], memories[part]);
        eprintln!("bench: W6, part {part} of {PARTS}: {cost:.0} µs a change, {memory:.0} MB");
    }
    let (wall, peak) = (watch.elapsed().as_secs_f64(), memory(relay.id())?.1);
    drop(relay);
    let start = Stopwatch::start();
    let relay = Relay::serve(place, &store)?;
    let start = start.elapsed().as_secs_f64();
    relay.at_rest().await?;
    drop(relay);
    let (snapshots, metadata) = sizes(&store).await?;
    let disk = disk(&store)?;
    let (first, last) = (costs[0].min(costs[1]), costs[PARTS - 1].max(costs[PARTS - 2]));
    report
        .section("W6", "liaison")
        .of(SIZE.dossiers)
        .add("changes", year.sent as f64, "changes")
        .add("intervenants", SIZE.phones as f64, "")
        .add("wall_s", wall, "s")
        .add("server_cpu_per_change_first", first, "µs")
        .add("server_cpu_per_change_last", last, "µs")
        .add("last_to_first", last / first, "×")
        .add("server_cpu_per_change_mean", costs.iter().sum::<f64>() / PARTS as f64, "µs")
        .add("server_rss_first_mb", memories[0], "MB")
        .add("server_rss_middle_mb", memories[PARTS / 2 - 1], "MB")
        .add("server_rss_last_mb", memories[PARTS - 1], "MB")
        .add("server_peak_rss_mb", peak, "MB")
        .add("restart_s", start, "s")
        .add("disk_mb", disk / 1e6, "MB")
        .add("snapshots_mb", snapshots / 1e6, "MB")
        .add("audit_metadata_mb", metadata / 1e6, "MB")
        .add("disk_to_snapshots_and_metadata", disk / (snapshots + metadata), "×");
    Ok(())
}

/// Everybody's journals, and the phones of those who write in them.
struct Year {
    phones: Vec<Phone>,
    journals: Vec<(Document, bool)>,
    random: fastrand::Rng,
    rounds: usize,
    sent: usize,
}

impl Year {
    fn begin(phones: Vec<Phone>) -> Self {
        let journal = |number| (Document::new(DocumentId::journal(dossier_id(number), 2027)), false);
        Self {
            phones,
            journals: (0..SIZE.dossiers).map(journal).collect(),
            random: fastrand::Rng::with_seed(6),
            rounds: 0,
            sent: 0,
        }
    }

    /// Every client is visited once, by another of the team than the last time; then the phones find the network again, and
    /// hear of what the others wrote. Gives how many changes there were.
    async fn round(&mut self, address: SocketAddr) -> Result<usize, Failure> {
        let on_duty = SIZE.phones / TEAM;
        let first = self.rounds % TEAM * on_duty;
        let mut tasks = JoinSet::new();
        let mut sent = 0;
        for place in first..first + on_duty {
            let outbox = self.visits(place)?;
            sent += outbox.len();
            let (session, kept) = &mut self.phones[place];
            let (session, kept) = (session.clone(), Kept { outbox, ..std::mem::take(kept) });
            tasks.spawn(async move {
                let mut device = Device::connect(address, &session, kept).await?;
                if !device.until(QUIET, Device::is_up_to_date).await? {
                    return Err::<_, Failure>("a phone waits".into());
                }
                Ok((place, device.close()))
            });
        }
        while let Some(back) = tasks.join_next().await {
            let (place, kept) = back??;
            self.phones[place].1 = kept;
        }
        self.rounds += 1;
        self.sent += sent;
        Ok(sent)
    }

    /// What one intervenant writes at the homes of all their clients.
    fn visits(&mut self, phone: usize) -> Result<Vec<Outgoing>, Failure> {
        // A tab session for each round of theirs.
        let session = u8::try_from(self.rounds / TEAM % 255).unwrap_or_default() + 1;
        let pen = self.phones[phone].0.pen(session);
        let mut written = Vec::new();
        for place in 0..SIZE.each {
            let (journal, begun) = &mut self.journals[(phone * SIZE.each + place) % SIZE.dossiers];
            if !std::mem::replace(begun, true) {
                for step in genesis(journal.id()) {
                    written.push(outgoing(&step)?);
                }
            }
            for _ in 0..PER_VISIT {
                written.push(outgoing(&visit(journal, &pen, &mut self.random)?)?);
            }
        }
        Ok(written)
    }
}

/// Bytes of the snapshots, and of what the audit needs of each change.
async fn sizes(store: &Path) -> Result<(f64, f64), Failure> {
    let database = open(&StoreOptions::sqlite(store)).await?;
    let sizes = StoredLog::new(database.clone()).sizes().await?;
    database.close().await;
    Ok((sizes.snapshots as f64, sizes.metadata as f64))
}

fn disk(store: &Path) -> Result<f64, Failure> {
    let mut all = 0;
    for suffix in ["", "-wal", ".keys", ".keys-wal"] {
        let mut file = store.as_os_str().to_owned();
        file.push(suffix);
        all += std::fs::metadata(file).map_or(0, |it| it.len());
    }
    Ok(all as f64)
}
