//! W4: somebody at the office writes in a dossier, and the fifty on its team read along: three of four edits a field, the
//! fourth a transmission.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use liaison_shared::ChangeHash;
use liaison_shared::DocumentId;
use liaison_shared::documents::schema::{Field, client};
use liaison_shared::documents::{Document, NewChange, Pen, SetField, register, set_field};
use liaison_tests::client::Session;

use crate::clock::{self, Stopwatch};
use crate::device::{Device, Kept, outgoing};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossier_id, visit};
use crate::stats::percentile;
use crate::{Failure, Place};

const READERS: usize = 50;
const SIZE: Size = Size { dossiers: 1, phones: READERS, each: 1 };
const RATE: u32 = 20;
const SECONDS: u32 = 20;
const EDITS: usize = (SECONDS * RATE) as usize;
const QUIET: Duration = Duration::from_secs(20);

type Written = Arc<Mutex<HashMap<ChangeHash, Stopwatch>>>;

/// Measures.
pub async fn measure(place: &Place, report: &mut Report) -> Result<(), Failure> {
    eprintln!("bench: W4, {READERS} readers");
    let Agency { store, office, phones } = agency(place, SIZE).await?;
    let relay = Relay::serve(place, &store)?;
    let written = Written::default();
    let mut readers = tokio::task::JoinSet::new();
    let ready = Arc::new(tokio::sync::Barrier::new(READERS + 1));
    for phone in phones {
        let (address, written, ready) = (relay.address, Arc::clone(&written), Arc::clone(&ready));
        readers.spawn(async move { read(address, phone, written, ready).await });
    }
    let (mut writer, dossier) = opened(relay.address, &office).await?;
    relay.at_rest().await?;
    tokio::select! {
        _all = ready.wait() => {}
        Some(gone) = readers.join_next() => {
            gone??;
            return Err("a reader was gone before anything was written".into());
        }
    }
    let before = writer.wire.bytes();
    let (cpu, watch) = (cpu_seconds(relay.id())?, Stopwatch::start());
    let acked = write(&mut writer, &office.pen(99), dossier, &written).await?;
    let (mut latencies, mut bytes) = (Vec::new(), writer.wire.bytes() - before);
    while let Some(done) = readers.join_next().await {
        let (seen, wire) = done??;
        latencies.extend(seen);
        bytes += wire;
    }
    report
        .section("W4", "liaison")
        .of(SIZE.dossiers)
        .add("p50_ms", percentile(&latencies, 50), "ms")
        .add("p99_ms", percentile(&latencies, 99), "ms")
        .add("max_ms", percentile(&latencies, 100), "ms")
        .add("acknowledged_p99_ms", percentile(&acked, 99), "ms")
        .add("deliveries", latencies.len() as f64, "")
        .add("wall_s", watch.elapsed().as_secs_f64(), "s")
        .add("server_cpu_s", cpu_seconds(relay.id())? - cpu, "s")
        .add("server_peak_rss_mb", memory(relay.id())?.1, "MB")
        .add("wire_bytes", bytes as f64, "B");
    Ok(())
}

/// The documents that are written in.
struct Dossier {
    client: Document,
    journal: Document,
}

impl Dossier {
    /// Edit `number` of the writer.
    fn edit(&mut self, pen: &Pen, number: usize, random: &mut fastrand::Rng) -> Result<NewChange, Failure> {
        if number % 4 == 3 {
            return visit(&mut self.journal, pen, random);
        }
        let (field, value) = (field_of(number), format!("w4-{number}-{:08}", random.u32(..100_000_000)));
        let base = self.client.heads();
        let change = set_field(&mut self.client, pen, &base, clock::now(), &SetField { field, value })?;
        Ok(change.ok_or("an edit changes nothing")?)
    }

    /// Takes what came, and reads the field; peers' readers look up one value, too.
    fn take(&mut self, document: &str, bytes: &[u8], number: usize) -> Result<(), Failure> {
        if document == self.journal.id().to_string() {
            self.journal.apply(bytes)?;
            std::hint::black_box(self.journal.heads());
        } else {
            self.client.apply(bytes)?;
            std::hint::black_box(register(&self.client, field_of(number)).value().len());
        }
        Ok(())
    }
}

/// The field of an edit: another one each time, until all were written.
fn field_of(number: usize) -> &'static Field {
    let lines = client::FIELDS.iter().filter(|field| !field.is_text()).count();
    let place = number % lines;
    client::FIELDS.iter().filter(|field| !field.is_text()).nth(place).copied().unwrap_or(&client::VILLE)
}

/// A device that has everything, and the dossier as it is.
async fn opened(address: SocketAddr, session: &Session) -> Result<(Device, Dossier), Failure> {
    let mut device = Device::connect(address, session, Kept::default()).await?;
    device.until(QUIET, Device::is_up_to_date).await?;
    let open = |id: DocumentId| {
        let name = id.to_string();
        let chunks = device.arrived.iter().filter(|chunk| chunk.document == name).map(|chunk| &chunk.bytes[..]);
        Document::load(id, chunks).0
    };
    let dossier = dossier_id(0);
    let dossier =
        Dossier { client: open(DocumentId::client(dossier)), journal: open(DocumentId::journal(dossier, 2026)) };
    device.arrived.clear();
    Ok((device, dossier))
}

/// Writes at the rate; gives how long each edit took to be acknowledged, in milliseconds.
async fn write(device: &mut Device, pen: &Pen, mut dossier: Dossier, written: &Written) -> Result<Vec<f64>, Failure> {
    let mut random = fastrand::Rng::with_seed(4);
    let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
    let (mut sent, mut acked) = (HashMap::new(), Vec::new());
    for number in 0..EDITS {
        // Between two edits: acknowledgements.
        loop {
            tokio::select! {
                biased;
                _ = tick.tick() => break,
                step = device.step() => step?,
            }
            settle(device, &mut sent, &mut acked);
        }
        let watch = Stopwatch::start();
        let change = outgoing(&dossier.edit(pen, number, &mut random)?)?;
        written.lock().unwrap_or_else(PoisonError::into_inner).insert(change.hash, watch);
        sent.insert(change.hash, watch);
        device.author(vec![change]).await?;
        settle(device, &mut sent, &mut acked);
    }
    while !sent.is_empty() {
        tokio::time::timeout(QUIET, device.step()).await??;
        settle(device, &mut sent, &mut acked);
    }
    Ok(acked)
}

fn settle(device: &mut Device, sent: &mut HashMap<ChangeHash, Stopwatch>, acked: &mut Vec<f64>) {
    for hash in device.settled.drain(..) {
        acked.extend(sent.remove(&hash).map(|watch| watch.elapsed().as_secs_f64() * 1e3));
    }
}

/// Reads along; gives, for each edit, how long after it was made it stood in this reader's document.
async fn read(
    address: SocketAddr,
    session: Session,
    written: Written,
    ready: Arc<tokio::sync::Barrier>,
) -> Result<(Vec<f64>, u64), Failure> {
    let (mut device, mut dossier) = opened(address, &session).await?;
    ready.wait().await;
    let before = device.wire.bytes();
    let mut latencies = Vec::with_capacity(EDITS);
    while latencies.len() < EDITS {
        tokio::time::timeout(QUIET, device.step()).await??;
        for chunk in std::mem::take(&mut device.arrived) {
            dossier.take(&chunk.document, &chunk.bytes, latencies.len())?;
            let made = written.lock().unwrap_or_else(PoisonError::into_inner).get(&chunk.hash).copied();
            latencies.extend(made.map(|watch| watch.elapsed().as_secs_f64() * 1e3));
        }
    }
    Ok((latencies, device.wire.bytes() - before))
}
