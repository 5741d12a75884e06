//! `ingest`: durable changes per second at the relay, and what SQLite alone makes of the same bytes.
//!
//! Load and limit take turns, so that both meet the same disk; figures are medians of the rounds.

use liaison_tests::client::Session;

use crate::load::{self, Outcome, Pushes, Shape};
use crate::relay::{Relay, agency, copy, remove};
use crate::report::Report;
use crate::stats::{median, percentile};
use crate::{Failure, Place, raw};

const ROUNDS: usize = 3;
const DEVICES: usize = 8;

/// One way to load the relay.
struct Case {
    name: &'static str,
    shape: Shape,
    /// Changes written for one round, over all devices: more than the budget lets through, or nearly.
    changes: usize,
    /// Changes in one transaction of the limit; otherwise as many as the relay's own transactions had.
    group: Option<usize>,
}

const fn shape(connections: usize, in_flight: usize, per_push: usize, take_feed: bool) -> Shape {
    Shape { connections, in_flight, per_push, take_feed }
}

const CASES: [Case; 4] = [
    Case { name: "1 device × 1 in flight", shape: shape(1, 1, 1, true), changes: 6_000, group: Some(1) },
    Case { name: "8 devices × 8 in flight", shape: shape(8, 8, 1, true), changes: 16_000, group: None },
    Case { name: "8 × 8, feeds left unread", shape: shape(8, 8, 1, false), changes: 16_000, group: None },
    Case { name: "8 × 2 in flight × 64 changes", shape: shape(8, 2, 64, true), changes: 32_000, group: None },
];

/// What the rounds of one case gave.
#[derive(Default)]
struct Rounds {
    rates: Vec<f64>,
    raw: Vec<f64>,
    ratios: Vec<f64>,
    batches: Vec<f64>,
    /// Milliseconds that one transaction took.
    append: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    bytes: f64,
    fan_out: Vec<f64>,
}

/// Measures every case on a store of its own.
pub async fn measure(place: &Place, report: &mut Report) -> Result<(), Failure> {
    let store = place.folder.join("ingest.db");
    copy(&agency(place, 100)?, &store)?;
    let relay = Relay::start(place, &store)?;
    let sessions = relay.sessions(DEVICES).await?;
    let mut random = fastrand::Rng::with_seed(1);
    for case in &CASES {
        eprintln!("bench: ingest, {}", case.name);
        let mut rounds = Rounds::default();
        for _ in 0..ROUNDS {
            round(place, &relay, &sessions, case, &mut random, &mut rounds).await?;
        }
        tell(report, case, &rounds);
    }
    drop(relay);
    remove(&store)
}

async fn round(
    place: &Place,
    relay: &Relay,
    sessions: &[Session],
    case: &Case,
    random: &mut fastrand::Rng,
    rounds: &mut Rounds,
) -> Result<(), Failure> {
    let mut devices: Vec<(Session, Pushes)> = Vec::new();
    for session in &sessions[..case.shape.connections] {
        let pushes = load::write(session, case.changes / case.shape.connections, case.shape.per_push, random)?;
        devices.push((session.clone(), pushes));
    }
    let all: Vec<Vec<u8>> =
        devices.iter().flat_map(|(_, pushes)| pushes).flat_map(|(_, changes)| changes.clone()).collect();
    let bytes: usize = all.iter().map(Vec::len).sum();
    let before = relay.appended().await?;
    let Outcome { rate, latencies, fed } = load::run(relay.address, case.shape, devices).await?;
    let after = relay.appended().await?;
    let changes = after.changes - before.changes;
    let batches = (after.batches - before.batches).max(1.0);
    let batch = changes / batches;
    let group = case.group.unwrap_or(batch.round() as usize);
    let limit = raw::commits(place, &all, group).await?;
    rounds.raw.push(limit);
    rounds.rates.push(rate);
    rounds.ratios.push(rate / limit);
    rounds.batches.push(batch);
    rounds.append.push((after.seconds - before.seconds) / batches * 1e3);
    rounds.p50.push(percentile(&latencies, 50));
    rounds.p99.push(percentile(&latencies, 99));
    rounds.bytes = bytes as f64 / all.len() as f64;
    rounds.fan_out.push(fed as f64 / (changes * rounds.bytes));
    Ok(())
}

fn tell(report: &mut Report, case: &Case, rounds: &Rounds) {
    let limit = median(&rounds.raw);
    report
        .section("ingest", format!("liaison, {}", case.name))
        .add("durable changes per second", median(&rounds.rates), "/s")
        .add("push to ack, p50", median(&rounds.p50), "ms")
        .add("push to ack, p99", median(&rounds.p99), "ms")
        .add("changes per transaction", median(&rounds.batches), "changes")
        .add("time of a transaction", median(&rounds.append), "ms")
        .add("each change fed to", median(&rounds.fan_out), "devices")
        .add("size of a change", rounds.bytes, "B");
    let group = case.group.map_or_else(|| median(&rounds.batches).round(), |group| group as f64);
    report
        .section("ingest", format!("raw-sqlite, {group} per transaction"))
        .add("durable changes per second", limit, "/s")
        .add("time of a transaction", group / limit * 1e3, "ms");
    let ratio = median(&rounds.ratios);
    report.section("ingest", format!("liaison ÷ raw-sqlite, {}", case.name)).add("ratio", ratio, "×");
}
