//! W6: a year of one agency through the relay: what a change costs at the end against the beginning, what it takes on the
//! disk, and how long the relay takes to start.

use std::path::Path;

use liaison_server::config::StoreOptions;
use liaison_server::log::StoredLog;
use liaison_server::server::open;
use liaison_shared::DocumentId;
use liaison_shared::documents::{Document, genesis};
use liaison_shared::protocol::{ClientMessage, RelayMessage, decode, encode};
use liaison_tests::client::Session;

use crate::clock::Stopwatch;
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossier_id, visit};
use crate::wire::Wire;
use crate::{Failure, Place};

const SIZE: Size = Size { dossiers: 1_000, phones: 0, each: 0 };
/// The year in so many equal parts.
const PARTS: usize = 10;
/// Changes of one push, all of one visit.
const PER_PUSH: usize = 4;
const IN_FLIGHT: usize = 64;

/// Measures a year of so many changes.
pub async fn measure(place: &Place, report: &mut Report, changes: usize) -> Result<(), Failure> {
    eprintln!("bench: W6, {changes} changes");
    let Agency { store, office, .. } = agency(place, SIZE).await?;
    let relay = Relay::serve(place, &store)?;
    let mut year = Year::begin(&office);
    let (mut costs, mut memories) = (Vec::new(), Vec::new());
    let watch = Stopwatch::start();
    for part in 0..PARTS {
        let cpu = cpu_seconds(relay.id())?;
        let mut sent = 0;
        while sent < changes / PARTS {
            sent += year.weeks(&relay, changes / PARTS - sent).await?;
        }
        relay.at_rest().await?;
        costs.push((cpu_seconds(relay.id())? - cpu) / sent as f64 * 1e6);
        memories.push(memory(relay.id())?.0);
        eprintln!("bench: W6, part {} of {PARTS}: {:.0} µs a change", part + 1, costs[part]);
    }
    let wall = watch.elapsed().as_secs_f64();
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
        .add("changes", changes as f64, "changes")
        .add("wall_s", wall, "s")
        .add("server_cpu_per_change_first", first, "µs")
        .add("server_cpu_per_change_last", last, "µs")
        .add("last_to_first", last / first, "×")
        .add("server_cpu_per_change_mean", costs.iter().sum::<f64>() / PARTS as f64, "µs")
        .add("server_rss_first_mb", memories[0], "MB")
        .add("server_rss_last_mb", memories[PARTS - 1], "MB")
        .add("restart_s", start, "s")
        .add("disk_mb", disk / 1e6, "MB")
        .add("snapshots_mb", snapshots / 1e6, "MB")
        .add("audit_metadata_mb", metadata / 1e6, "MB")
        .add("disk_to_snapshots_and_metadata", disk / (snapshots + metadata), "×");
    Ok(())
}

/// The journals of everybody, as whoever writes in them has them.
struct Year {
    session: Session,
    journals: Vec<(Document, bool)>,
    random: fastrand::Rng,
    turn: usize,
    actor: u8,
}

impl Year {
    fn begin(session: &Session) -> Self {
        let journal = |number| (Document::new(DocumentId::journal(dossier_id(number), 2027)), false);
        Self {
            session: session.clone(),
            journals: (0..SIZE.dossiers).map(journal).collect(),
            random: fastrand::Rng::with_seed(6),
            turn: 0,
            actor: 1,
        }
    }

    /// One round of visits over a connection, at most so many changes: every client once, in an order of its own.
    async fn weeks(&mut self, relay: &Relay, most: usize) -> Result<usize, Failure> {
        let mut wire = Wire::at_head(relay.address, &self.session).await?;
        let (mut sent, mut waiting, mut id) = (0, 0, 0);
        while sent < most && id < SIZE.dossiers as u64 {
            let (document, changes) = self.visit()?;
            sent += changes.len();
            id += 1;
            let changes = changes.into_iter().map(Into::into).collect();
            wire.send(encode(&ClientMessage::Push { id, document: document.to_string(), changes })).await?;
            waiting += 1;
            while waiting >= IN_FLIGHT {
                waiting -= answered(&mut wire).await?;
            }
        }
        while waiting > 0 {
            waiting -= answered(&mut wire).await?;
        }
        Ok(sent)
    }

    fn visit(&mut self) -> Result<(DocumentId, Vec<Vec<u8>>), Failure> {
        let place = self.turn % self.journals.len();
        self.turn += 1;
        if place == 0 {
            // A tab session each week or so.
            self.actor = self.actor.checked_add(1).unwrap_or(1);
        }
        let pen = self.session.pen(self.actor);
        let (journal, begun) = &mut self.journals[place];
        let mut changes = Vec::new();
        if !std::mem::replace(begun, true) {
            changes.extend(genesis(journal.id()).into_iter().map(|step| step.bytes));
        }
        for _ in 0..PER_PUSH {
            changes.push(visit(journal, &pen, &mut self.random)?.bytes);
        }
        Ok((journal.id(), changes))
    }
}

/// Takes the next frame; 1 when it was an acknowledgement.
async fn answered(wire: &mut Wire) -> Result<usize, Failure> {
    match decode(&wire.frame().await?)? {
        RelayMessage::Ack { refused, .. } if refused.is_empty() => Ok(1),
        RelayMessage::Ack { refused, .. } => Err(format!("refused: {refused:?}").into()),
        RelayMessage::Feed { upto, .. } => {
            wire.send(encode(&ClientMessage::Stored { seq: upto })).await?;
            Ok(0)
        }
        other => Err(format!("unexpected: {other:?}").into()),
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
    for suffix in ["", "-wal"] {
        let mut file = store.as_os_str().to_owned();
        file.push(suffix);
        all += std::fs::metadata(file).map_or(0, |it| it.len());
    }
    Ok(all as f64)
}
