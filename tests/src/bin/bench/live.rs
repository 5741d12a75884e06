//! W4: somebody types in a dossier, and everybody who has it open reads along.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use liaison_shared::ChangeHash;
use liaison_shared::DocumentId;
use liaison_shared::documents::schema::client::VILLE;
use liaison_shared::documents::{Document, Pen, SetField, register, set_field};
use liaison_tests::client::Session;

use crate::clock::{self, Stopwatch};
use crate::device::{Device, Kept, outgoing};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossier_id};
use crate::stats::percentile;
use crate::{Failure, Place};

const READERS: usize = 49;
const RATE: u32 = 20;
const QUIET: Duration = Duration::from_secs(20);

type Written = Arc<Mutex<HashMap<ChangeHash, Stopwatch>>>;

/// Measures.
pub async fn measure(place: &Place, report: &mut Report, seconds: u32) -> Result<(), Failure> {
    eprintln!("bench: W4, {READERS} readers");
    let Agency { store, office, .. } = agency(place, Size { dossiers: 1_000, phones: 0, each: 0 }).await?;
    let relay = Relay::serve(place, &store)?;
    let (document, head) = opened(&relay, &office).await?;
    // With that connection there would be one more than an account may have: the relay lets go of it first.
    relay.at_rest().await?;
    let (edits, written) = ((seconds * RATE) as usize, Written::default());
    let mut readers = tokio::task::JoinSet::new();
    let ready = Arc::new(tokio::sync::Barrier::new(READERS + 1));
    for _ in 0..READERS {
        let (document, kept, written, ready) =
            (document.clone(), head.clone(), Arc::clone(&written), Arc::clone(&ready));
        let (address, session) = (relay.address, office.clone());
        readers.spawn(async move { read(address, session, kept, document, written, edits, ready).await });
    }
    let mut writer = Device::connect(relay.address, &office, head).await?;
    writer.until(QUIET, Device::is_up_to_date).await?;
    relay.at_rest().await?;
    tokio::select! {
        _all = ready.wait() => {}
        Some(gone) = readers.join_next() => {
            gone??;
            return Err("a reader was gone before anything was written".into());
        }
    }
    let (cpu, watch) = (cpu_seconds(relay.id())?, Stopwatch::start());
    let acked = write(&mut writer, &office.pen(99), document, &written, edits).await?;
    let (mut latencies, mut bytes) = (Vec::new(), writer.wire.bytes());
    while let Some(done) = readers.join_next().await {
        let (seen, wire) = done??;
        latencies.extend(seen);
        bytes += wire;
    }
    report
        .section("W4", "liaison")
        .of(1_000)
        .add("p50_ms", percentile(&latencies, 50), "ms")
        .add("p99_ms", percentile(&latencies, 99), "ms")
        .add("acknowledged_p99_ms", percentile(&acked, 99), "ms")
        .add("seen", latencies.len() as f64 / (READERS * edits) as f64, "of all")
        .add("wall_s", watch.elapsed().as_secs_f64(), "s")
        .add("server_cpu_s", cpu_seconds(relay.id())? - cpu, "s")
        .add("server_peak_rss_mb", memory(relay.id())?.1, "MB")
        .add("wire_bytes", bytes as f64, "B");
    Ok(())
}

/// The dossier as it is, and a device that has everything.
async fn opened(relay: &Relay, office: &Session) -> Result<(Document, Kept), Failure> {
    let mut device = Device::connect(relay.address, office, Kept::default()).await?;
    device.until(QUIET, Device::is_up_to_date).await?;
    let id = DocumentId::client(dossier_id(0));
    let name = id.to_string();
    let chunks = device.arrived.iter().filter(|chunk| chunk.document == name).map(|chunk| &chunk.bytes[..]);
    Ok((Document::load(id, chunks).0, device.close()))
}

/// Writes at the rate; gives how long each edit took to be acknowledged, in milliseconds.
async fn write(
    device: &mut Device,
    pen: &Pen,
    mut document: Document,
    written: &Written,
    edits: usize,
) -> Result<Vec<f64>, Failure> {
    let mut random = fastrand::Rng::with_seed(4);
    let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
    let (mut sent, mut acked) = (HashMap::new(), Vec::new());

    for number in 0..edits {
        // Between two edits: acknowledgements.
        loop {
            tokio::select! {
                biased;
                _ = tick.tick() => break,
                step = device.step() => step?,
            }
            settle(device, &mut sent, &mut acked);
        }
        let value = format!("ville {number} {}", random.u32(..));
        let base = document.heads();
        let watch = Stopwatch::start();
        let change = set_field(&mut document, pen, &base, clock::now(), &SetField { field: &VILLE, value })?;
        let change = outgoing(&change.ok_or("an edit changes nothing")?)?;
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
    address: std::net::SocketAddr,
    session: Session,
    kept: Kept,
    mut document: Document,
    written: Written,
    edits: usize,
    ready: Arc<tokio::sync::Barrier>,
) -> Result<(Vec<f64>, u64), Failure> {
    let mut device = Device::connect(address, &session, kept).await?;
    device.until(QUIET, Device::is_up_to_date).await?;
    ready.wait().await;
    let mut latencies = Vec::with_capacity(edits);
    while latencies.len() < edits {
        tokio::time::timeout(QUIET, device.step()).await??;
        for chunk in std::mem::take(&mut device.arrived) {
            document.apply(&chunk.bytes)?;
            // What a peer's reader is asked for, too: the field as it stands now.
            let _read = register(&document, &VILLE).value().len();
            let made = written.lock().unwrap_or_else(PoisonError::into_inner).get(&chunk.hash).copied();
            latencies.extend(made.map(|watch| watch.elapsed().as_secs_f64() * 1e3));
        }
    }
    Ok((latencies, device.wire.bytes()))
}
