//! W2: a device that holds everything connects again. One round trip after the upgrade,
//! and as many bytes for ten thousand dossiers as for a hundred.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use liaison_shared::protocol::Cursor;
use liaison_shared::sync::{DeviceEffect, DeviceEngine, DeviceEvent, Link, Resume};
use liaison_tests::client::Session;

use crate::clock::{self, Stopwatch};
use crate::process::{cpu_seconds, memory};
use crate::relay::Relay;
use crate::report::Report;
use crate::seed::{Agency, Size, agency};
use crate::stats::median;
use crate::wire::Wire;
use crate::{Failure, Place};

const RECONNECTS: u64 = 15;
/// Silence after the welcome that shows that nothing follows.
const QUIET: Duration = Duration::from_millis(200);
const TIMEOUT: Duration = Duration::from_secs(10);

/// What one reconnection took.
struct Reconnect {
    sent: f64,
    received: f64,
    /// Sent and received until the HTTP upgrade was answered.
    upgrade: f64,
    round_trips: f64,
    millis: f64,
}

/// Measures every size.
pub async fn measure(place: &Place, report: &mut Report, sizes: &[usize]) -> Result<(), Failure> {
    for dossiers in sizes.iter().copied() {
        let Agency { store, office: session, .. } = agency(place, Size { dossiers, phones: 0, each: 0 }).await?;
        let relay = Relay::serve(place, &store)?;
        let head = Wire::open(relay.address).await?.hello(&session, None).await?;
        let (cpu, mut runs) = (cpu_seconds(relay.id())?, Vec::new());
        for seed in 0..RECONNECTS {
            runs.push(tokio::time::timeout(TIMEOUT, reconnect(&relay, &session, head, seed)).await??);
        }
        let (cpu, rss) = (cpu_seconds(relay.id())? - cpu, memory(relay.id())?.1);
        let of = |figure: fn(&Reconnect) -> f64| median(&runs.iter().map(figure).collect::<Vec<_>>());
        report
            .section("W2", "liaison")
            .of(dossiers)
            .add("changes_in_log", head.seq.0 as f64, "changes")
            .add("round_trips_after_upgrade", of(|run| run.round_trips), "")
            .add("wire_bytes", of(|run| run.sent + run.received), "B")
            .add("wire_out_bytes", of(|run| run.sent), "B")
            .add("wire_in_bytes", of(|run| run.received), "B")
            .add("wire_upgrade_bytes", of(|run| run.upgrade), "B")
            .add("p50_ms", of(|run| run.millis), "ms")
            .add("wall_s", of(|run| run.millis) / 1e3, "s")
            .add("server_cpu_s", cpu / RECONNECTS as f64, "s")
            .add("server_peak_rss_mb", rss, "MB");
    }
    Ok(())
}

/// One reconnection, by the engine that devices run.
async fn reconnect(relay: &Relay, session: &Session, head: Cursor, seed: u64) -> Result<Reconnect, Failure> {
    let resume = Resume { cursor: Some(head), ..Resume::default() };
    let mut engine = DeviceEngine::new("liaison-app 0.1.0", &session.token, seed, resume);
    if !matches!(engine.handle(DeviceEvent::Retry, clock::now())[..], [DeviceEffect::Connect]) {
        return Err("the device does not want to connect".into());
    }
    let watch = Stopwatch::start();
    let mut wire = Wire::open(relay.address).await?;
    let bytes = |wire: &Wire| wire.traffic.sent.load(Relaxed) + wire.traffic.received.load(Relaxed);
    let (upgrade, turns) = (bytes(&wire), wire.traffic.turns.load(Relaxed));
    let mut millis = 0.0;
    let mut event = Some(DeviceEvent::Opened);
    while let Some(next) = event.take() {
        for effect in engine.handle(next, clock::now()) {
            match effect {
                DeviceEffect::Send(frame) => wire.send(frame).await?,
                other => return Err(format!("the device had missed something: {other:?}").into()),
            }
        }
        if millis == 0.0 && engine.status().link == Link::Online {
            millis = watch.elapsed().as_secs_f64() * 1e3;
        }
        if let Ok(frame) = tokio::time::timeout(QUIET, wire.frame()).await {
            event = Some(DeviceEvent::Frame(frame?));
        }
    }
    if millis == 0.0 {
        return Err("the relay did not welcome the device".into());
    }
    Ok(Reconnect {
        sent: wire.traffic.sent.load(Relaxed) as f64,
        received: wire.traffic.received.load(Relaxed) as f64,
        upgrade: upgrade as f64,
        round_trips: (wire.traffic.turns.load(Relaxed) - turns) as f64,
        millis,
    })
}
