//! W3: a hundred phones come back from a day without network in the same second, while the office watches. Twice: once until
//! the relay is at rest again, once with the relay killed the moment the office has seen everything.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use liaison_shared::documents::Document;
use liaison_shared::sync::Outgoing;
use liaison_shared::{ChangeHash, DocumentId};
use liaison_tests::client::Session;
use tokio::task::JoinSet;

use crate::clock::Stopwatch;
use crate::device::{Device, Kept, outgoing};
use crate::fleet::{Phone, fetch};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossiers_of, visit};
use crate::{Failure, Place};

const SIZE: Size = Size { dossiers: 1_000, phones: 100, each: 10 };
const EDITS: usize = 20;
const QUIET: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_secs(180);

/// Measures, and kills.
pub async fn measure(place: &Place, report: &mut Report) -> Result<(), Failure> {
    eprintln!("bench: W3, {} phones", SIZE.phones);
    tokio::time::timeout(LIMIT, day(place, report)).await??;
    eprintln!("bench: W3, the relay is killed");
    tokio::time::timeout(LIMIT, killed(place, report)).await?
}

/// The evening of a day in the field.
struct Evening {
    store: PathBuf,
    relay: Relay,
    office: Session,
    /// The office's device, which has everything there is so far.
    desk: Device,
    /// Not connected, with what they have written.
    phones: Vec<Phone>,
    /// All that was written.
    written: HashSet<ChangeHash>,
}

impl Evening {
    async fn of(place: &Place) -> Result<Self, Failure> {
        let Agency { store, office, phones } = agency(place, SIZE).await?;
        let relay = Relay::serve(place, &store)?;
        let (mut phones, mut written) = (fetch(relay.address, phones, SIZE.each).await?, HashSet::new());
        for (number, (phone, kept)) in phones.iter_mut().enumerate() {
            kept.outbox = edits(number, phone)?;
            written.extend(kept.outbox.iter().map(|change| change.hash));
        }
        let mut desk = Device::connect(relay.address, &office, Kept::default()).await?;
        desk.until(QUIET, Device::is_up_to_date).await?;
        desk.arrived.clear();
        relay.at_rest().await?;
        Ok(Self { store, relay, office, desk, phones, written })
    }

    /// Until the office has seen every edit.
    async fn everything_seen(&mut self) -> Result<(), Failure> {
        let mut missing = self.written.clone();
        while !missing.is_empty() {
            tokio::time::timeout(QUIET, self.desk.step()).await??;
            for chunk in self.desk.arrived.drain(..) {
                missing.remove(&chunk.hash);
            }
        }
        Ok(())
    }
}

async fn day(place: &Place, report: &mut Report) -> Result<(), Failure> {
    let mut evening = Evening::of(place).await?;
    let (address, id) = (evening.relay.address, evening.relay.id());
    let before = evening.desk.wire.bytes();
    let (cpu, watch) = (cpu_seconds(id)?, Stopwatch::start());
    let mut tasks = JoinSet::new();
    for (phone, kept) in std::mem::take(&mut evening.phones) {
        tasks.spawn(async move {
            let mut device = Device::connect(address, &phone, kept).await?;
            let done = device.until(QUIET, |it| it.kept.outbox.is_empty()).await?;
            let wire = device.wire.bytes();
            if done {
                Ok((watch.elapsed().as_secs_f64(), wire, device))
            } else {
                Err::<_, Failure>("a phone waits".into())
            }
        });
    }
    evening.everything_seen().await?;
    let seen = watch.elapsed().as_secs_f64();
    let (mut durable, mut wire, mut settled) = (0.0_f64, evening.desk.wire.bytes() - before, 0);
    let mut open = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (at, bytes, device) = done??;
        durable = durable.max(at);
        wire += bytes;
        settled += device.settled.len();
        open.push(device);
    }
    let until_seen = cpu_seconds(id)? - cpu;
    // What it puts off for later counts, too.
    evening.relay.at_rest().await?;
    let (cpu, rss) = (cpu_seconds(id)? - cpu, memory(id)?.1);
    evening.relay.kill()?;
    let found = found(place, &evening.store, &evening.office).await?;
    report
        .section("W3", "liaison")
        .of(SIZE.dossiers)
        .add("wall_s", durable.max(seen), "s")
        .add("office_up_to_date_s", seen, "s")
        .add("durable_s", durable, "s")
        .add("server_cpu_s", cpu, "s")
        .add("server_cpu_until_seen_s", until_seen, "s")
        .add("server_peak_rss_mb", rss, "MB")
        .add("wire_bytes", wire as f64, "B")
        .add("acknowledged_edits", settled as f64, "edits")
        .add("lost_edits", evening.written.difference(&found).count() as f64, "edits");
    Ok(())
}

async fn killed(place: &Place, report: &mut Report) -> Result<(), Failure> {
    let mut evening = Evening::of(place).await?;
    let address = evening.relay.address;
    let mut tasks = JoinSet::new();
    for (phone, kept) in std::mem::take(&mut evening.phones) {
        tasks.spawn(async move {
            let mut device = Device::connect(address, &phone, kept).await?;
            // Ends when the relay does, if not before.
            let _cut = device.until(QUIET, |it| it.kept.outbox.is_empty()).await;
            Ok::<_, Failure>(device.settled)
        });
    }
    evening.everything_seen().await?;
    evening.relay.kill()?;
    let mut acknowledged = HashSet::new();
    while let Some(done) = tasks.join_next().await {
        acknowledged.extend(done??);
    }
    let found = found(place, &evening.store, &evening.office).await?;
    report
        .section("W3kill", "liaison")
        .of(SIZE.dossiers)
        .add("edits_written", evening.written.len() as f64, "edits")
        .add("acknowledged_edits", acknowledged.len() as f64, "edits")
        .add("lost_edits", evening.written.difference(&found).count() as f64, "edits")
        .add("lost_acknowledged_edits", acknowledged.difference(&found).count() as f64, "edits");
    Ok(())
}

/// What one phone has written offline: transmissions, two in each of its dossiers.
fn edits(number: usize, phone: &Session) -> Result<Vec<Outgoing>, Failure> {
    let mut random = fastrand::Rng::with_seed(10_000 + number as u64);
    let mut all = Vec::new();
    let mut documents = HashMap::new();
    let dossiers: Vec<_> = dossiers_of(SIZE, number).collect();
    for edit in 0..EDITS {
        let id = DocumentId::journal(dossiers[edit % dossiers.len()], 2026);
        let document = documents.entry(id).or_insert_with(|| Document::new(id));
        all.push(outgoing(&visit(document, &phone.pen(1), &mut random)?)?);
    }
    Ok(all)
}

/// What a fresh device finds after the relay was killed and started again.
async fn found(place: &Place, store: &Path, office: &Session) -> Result<HashSet<ChangeHash>, Failure> {
    let relay = Relay::serve(place, store)?;
    let mut auditor = Device::connect(relay.address, office, Kept::default()).await?;
    auditor.until(QUIET, Device::is_up_to_date).await?;
    let mut found = HashSet::new();
    for chunk in &auditor.arrived {
        let id: DocumentId = chunk.document.parse()?;
        let changes = liaison_shared::documents::changes_of(id, [&chunk.bytes[..]]);
        found.insert(chunk.hash);
        found.extend(changes.into_iter().map(|change| change.hash));
    }
    Ok(found)
}
