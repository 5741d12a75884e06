//! W3: a hundred phones come back from a day without network in the same second, while the office watches; then the relay
//! is killed the moment the office has seen everything.

use std::collections::HashSet;
use std::time::Duration;

use liaison_shared::documents::Document;
use liaison_shared::sync::Outgoing;
use liaison_shared::{ChangeHash, DocumentId};
use liaison_tests::client::Session;

use crate::clock::Stopwatch;
use crate::device::{Device, Kept, outgoing};
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
    let Agency { store, office, phones } = agency(place, SIZE).await?;
    let relay = Relay::serve(place, &store)?;
    tokio::time::timeout(LIMIT, day(place, relay, &store, &office, &phones, report)).await?
}

async fn day(
    place: &Place,
    relay: Relay,
    store: &std::path::Path,
    office: &Session,
    phones: &[Session],
    report: &mut Report,
) -> Result<(), Failure> {
    let mut fetched = Vec::new();
    for phone in phones {
        let mut device = Device::connect(relay.address, phone, Kept::default()).await?;
        device.until(QUIET, |it| it.is_up_to_date() && it.kept.holdings.len() == SIZE.each).await?;
        fetched.push((phone.clone(), device.close()));
    }
    let mut desk = Device::connect(relay.address, office, Kept::default()).await?;
    desk.until(QUIET, Device::is_up_to_date).await?;
    let mut expected = HashSet::new();
    for (number, (phone, kept)) in fetched.iter_mut().enumerate() {
        kept.outbox = written(number, phone)?;
        expected.extend(kept.outbox.iter().map(|change| change.hash));
    }
    desk.arrived.clear();
    relay.at_rest().await?;
    let (cpu, watch) = (cpu_seconds(relay.id())?, Stopwatch::start());
    let mut tasks = tokio::task::JoinSet::new();
    for (phone, kept) in fetched {
        let address = relay.address;
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
    let before = desk.wire.bytes();
    let mut missing = expected.clone();
    while !missing.is_empty() {
        tokio::time::timeout(QUIET, desk.step()).await??;
        for chunk in desk.arrived.drain(..) {
            missing.remove(&chunk.hash);
        }
    }
    let seen = watch.elapsed().as_secs_f64();
    let (mut durable, mut wire, mut settled) = (0.0_f64, desk.wire.bytes() - before, 0);
    while let Some(done) = tasks.join_next().await {
        let (at, bytes, device) = done??;
        durable = durable.max(at);
        wire += bytes;
        settled += device.settled.len();
    }
    let (cpu, rss) = (cpu_seconds(relay.id())? - cpu, memory(relay.id())?.1);
    relay.kill()?;
    let lost = lost(place, store, office, &expected).await?;
    report
        .section("W3", "liaison")
        .of(SIZE.dossiers)
        .add("wall_s", durable.max(seen), "s")
        .add("office_seen_s", seen, "s")
        .add("all_durable_s", durable, "s")
        .add("server_cpu_s", cpu, "s")
        .add("server_peak_rss_mb", rss, "MB")
        .add("wire_bytes", wire as f64, "B")
        .add("acknowledged_edits", settled as f64, "edits")
        .add("lost_edits", lost as f64, "edits");
    Ok(())
}

/// What one phone has written offline: half fields, half transmissions, over its dossiers.
fn written(number: usize, phone: &Session) -> Result<Vec<Outgoing>, Failure> {
    let mut random = fastrand::Rng::with_seed(10_000 + number as u64);
    let mut all = Vec::new();
    let mut documents = std::collections::HashMap::new();
    let dossiers: Vec<_> = dossiers_of(SIZE, number).collect();
    for edit in 0..EDITS {
        let id = DocumentId::journal(dossiers[edit % dossiers.len()], 2026);
        let document = documents.entry(id).or_insert_with(|| Document::new(id));
        all.push(outgoing(&visit(document, &phone.pen(1), &mut random)?)?);
    }
    Ok(all)
}

/// How many of these edits a fresh device does not find after the relay was killed and started again.
async fn lost(
    place: &Place,
    store: &std::path::Path,
    office: &Session,
    expected: &HashSet<ChangeHash>,
) -> Result<usize, Failure> {
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
    Ok(expected.difference(&found).count())
}
