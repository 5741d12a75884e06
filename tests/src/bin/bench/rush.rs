//! W5: the morning. Every phone comes back within ten seconds, each with one new change, each with nothing to learn but
//! what the others bring; the office is at work.

use std::time::Duration;

use liaison_shared::DocumentId;
use liaison_shared::documents::Document;
use liaison_tests::client::Session;

use crate::clock::Stopwatch;
use crate::device::{Device, Kept, outgoing};
use crate::fleet::{Phone, fetch};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossiers_of, visit};
use crate::stats::percentile;
use crate::{Failure, Place};

const EACH: usize = 20;
const SPREAD: Duration = Duration::from_secs(10);
const QUIET: Duration = Duration::from_secs(60);

/// Measures so many phones; dossiers are dealt round, so that a phone shares all of its own with others.
pub async fn measure(place: &Place, report: &mut Report, dossiers: usize, phones: usize) -> Result<(), Failure> {
    let size = Size { dossiers, phones, each: EACH };
    let Agency { store, office, phones } = agency(place, size).await?;
    let relay = Relay::serve(place, &store)?;
    eprintln!("bench: W5, {} phones fetch their dossiers", phones.len());
    let fetched = fetch(relay.address, phones, EACH).await?;
    let mut desk = Device::connect(relay.address, &office, Kept::default()).await?;
    desk.until(QUIET, Device::is_up_to_date).await?;
    let desk = desk.close();
    let waiting: Vec<Phone> = fetched
        .into_iter()
        .enumerate()
        .map(|(number, phone)| written(size, number, phone))
        .collect::<Result<_, _>>()?;
    // Started anew: what it holds is what the morning takes.
    drop(relay);
    let relay = Relay::serve(place, &store)?;
    let desk = tokio::spawn(at_work(Device::connect(relay.address, &office, desk).await?));
    let before = memory(relay.id())?.0;
    let (cpu, watch) = (cpu_seconds(relay.id())?, Stopwatch::start());
    let mut tasks = tokio::task::JoinSet::new();
    let count = waiting.len();
    for (number, (session, kept)) in waiting.into_iter().enumerate() {
        let (address, start) = (relay.address, SPREAD.mul_f64(number as f64 / count as f64));
        tasks.spawn(async move { come_back(address, session, kept, start).await });
    }
    let (mut times, mut bytes, mut open) = (Vec::new(), 0, Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (millis, device) = done??;
        bytes += device.wire.bytes();
        times.push(millis);
        // As in the morning: whoever is back stays.
        open.push(device);
    }
    let wall = watch.elapsed().as_secs_f64();
    if desk.is_finished() {
        return Err("the office was cut off".into());
    }
    desk.abort();
    report
        .section("W5", "liaison")
        .of(size.dossiers)
        .add("phones", count as f64, "")
        .add("p50_ms", percentile(&times, 50), "ms")
        .add("p99_ms", percentile(&times, 99), "ms")
        .add("max_ms", percentile(&times, 100), "ms")
        .add("wall_s", wall, "s")
        .add("server_cpu_s", cpu_seconds(relay.id())? - cpu, "s")
        .add("server_idle_rss_mb", before, "MB")
        .add("server_peak_rss_mb", memory(relay.id())?.1, "MB")
        .add("wire_bytes", bytes as f64, "B");
    Ok(())
}

/// An office hears of what comes, for as long as its line holds.
async fn at_work(mut desk: Device) {
    while desk.step().await.is_ok() {
        desk.arrived.clear();
    }
}

fn written(size: Size, number: usize, (session, mut kept): Phone) -> Result<Phone, Failure> {
    let mut random = fastrand::Rng::with_seed(20_000 + number as u64);
    // Another of its dossiers at each round of the dealing.
    let place = number * EACH / size.dossiers % EACH;
    let dossier = dossiers_of(size, number).nth(place).ok_or("a phone without dossiers")?;
    let mut document = Document::new(DocumentId::journal(dossier, 2026));
    kept.outbox = vec![outgoing(&visit(&mut document, &session.pen(1), &mut random)?)?];
    Ok((session, kept))
}

/// From a phone's own reconnection until its change is durable and it has what there is.
async fn come_back(
    address: std::net::SocketAddr,
    session: Session,
    kept: Kept,
    start: Duration,
) -> Result<(f64, Device), Failure> {
    tokio::time::sleep(start).await;
    let watch = Stopwatch::start();
    let mut device = Device::connect(address, &session, kept).await?;
    if !device.until(QUIET, Device::is_up_to_date).await? {
        return Err("a phone does not come back".into());
    }
    Ok((watch.elapsed().as_secs_f64() * 1e3, device))
}
