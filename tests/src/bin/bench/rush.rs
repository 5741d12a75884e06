//! W5: the morning. Every phone comes back within ten seconds, each with one new change, each with nothing to learn but
//! what the others bring.

use std::time::Duration;

use liaison_shared::DocumentId;
use liaison_shared::documents::Document;
use liaison_tests::client::Session;

use crate::clock::Stopwatch;
use crate::device::{Device, Kept, outgoing};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency, dossiers_of, visit};
use crate::stats::percentile;
use crate::{Failure, Place};

const EACH: usize = 20;
const SPREAD: Duration = Duration::from_secs(10);
const QUIET: Duration = Duration::from_secs(60);
/// Phones that fetch their dossiers at a time, before anything is measured.
const FETCHING: usize = 50;

/// What a phone keeps, and whose it is.
type Phone = (Session, Kept);

/// Measures so many phones.
pub async fn measure(place: &Place, report: &mut Report, phones: usize) -> Result<(), Failure> {
    let size = Size { dossiers: 10_000.min(phones * 5), phones, each: EACH };
    let Agency { store, phones, .. } = agency(place, size).await?;
    let relay = Relay::serve(place, &store)?;
    eprintln!("bench: W5, {} phones fetch their dossiers", phones.len());
    let fetched = fetch(&relay, phones).await?;
    let waiting: Vec<Phone> = fetched
        .into_iter()
        .enumerate()
        .map(|(number, phone)| written(size, number, phone))
        .collect::<Result<_, _>>()?;
    // Started anew: what it holds is what the morning takes.
    drop(relay);
    let relay = Relay::serve(place, &store)?;
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
    report
        .section("W5", "liaison")
        .of(size.dossiers)
        .add("phones", count as f64, "")
        .add("p50_ms", percentile(&times, 50), "ms")
        .add("p99_ms", percentile(&times, 99), "ms")
        .add("max_ms", percentile(&times, 100), "ms")
        .add("wall_s", watch.elapsed().as_secs_f64(), "s")
        .add("server_cpu_s", cpu_seconds(relay.id())? - cpu, "s")
        .add("server_idle_rss_mb", before, "MB")
        .add("server_peak_rss_mb", memory(relay.id())?.1, "MB")
        .add("wire_bytes", bytes as f64, "B");
    Ok(())
}

async fn fetch(relay: &Relay, phones: Vec<Session>) -> Result<Vec<Phone>, Failure> {
    let mut fetched = Vec::new();
    for some in phones.chunks(FETCHING) {
        let mut tasks = tokio::task::JoinSet::new();
        for session in some.iter().cloned() {
            let address = relay.address;
            tasks.spawn(async move {
                let mut device = Device::connect(address, &session, Kept::default()).await?;
                let whole = |it: &Device| it.is_up_to_date() && it.kept.holdings.len() == EACH;
                if !device.until(QUIET, whole).await? {
                    return Err::<_, Failure>("a phone does not get its dossiers".into());
                }
                Ok((session, device.close()))
            });
        }
        while let Some(done) = tasks.join_next().await {
            fetched.push(done??);
        }
    }
    let order: std::collections::HashMap<_, usize> =
        phones.iter().enumerate().map(|(place, session)| (session.device, place)).collect();
    fetched.sort_by_key(|(session, _)| order.get(&session.device).copied());
    Ok(fetched)
}

fn written(size: Size, number: usize, (session, mut kept): Phone) -> Result<Phone, Failure> {
    let mut random = fastrand::Rng::with_seed(20_000 + number as u64);
    let dossier = dossiers_of(size, number).next().ok_or("a phone without dossiers")?;
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
