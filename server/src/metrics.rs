//! What the relay counts and measures, for Prometheus.
//!
//! Never labels by person, device or document.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use liaison_shared::protocol::{ChangeRefusal, RefusedChange};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::log::{Appended, Compacted};

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
static INSTALLING: Mutex<()> = Mutex::new(());

const BATCH: &str = "liaison_append_batch_changes";
const LATENCY: &str = "liaison_append_seconds";

/// The recorder of this process; installed at the first call.
///
/// # Errors
/// When another recorder is installed.
pub fn recorder() -> Result<PrometheusHandle, BuildError> {
    // Two that start at once must not both install one: the second would fail.
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let sizes: Vec<f64> = (0..=10).map(|power| f64::from(1 << power)).collect();
    let seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(BATCH.to_owned()), &sizes)?
        .set_buckets_for_metric(Matcher::Full(LATENCY.to_owned()), &seconds)?
        .install_recorder()?;
    metrics::describe_gauge!("liaison_connections", "Open connections");
    metrics::describe_gauge!("liaison_log_head", "Last position in the log");
    metrics::describe_counter!("liaison_pushes_total", "Pushes received");
    metrics::describe_counter!("liaison_changes_appended_total", "Changes new in the log");
    metrics::describe_counter!("liaison_changes_refused_total", "Changes refused, by reason");
    metrics::describe_counter!("liaison_append_failures_total", "Batches that the store could not take");
    metrics::describe_counter!("liaison_feed_bytes_total", "Bytes of changes read for devices");
    metrics::describe_counter!("liaison_cut_off_total", "Connections cut off because the device did not read");
    metrics::describe_histogram!(BATCH, "Changes in one transaction");
    metrics::describe_histogram!(LATENCY, "Time to make a batch durable");
    Ok(RECORDER.get_or_init(|| handle).clone())
}

/// One open connection: counted until it is dropped.
#[derive(Debug)]
pub struct OpenConnection(());

/// Counts a connection.
#[must_use]
pub fn connection() -> OpenConnection {
    gauge!("liaison_connections").increment(1.0);
    OpenConnection(())
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        gauge!("liaison_connections").decrement(1.0);
    }
}

/// Counts a push and what its examination refused.
pub fn pushed(refused: &[RefusedChange]) {
    counter!("liaison_pushes_total").increment(1);
    count_refused(refused);
}

/// Counts a batch that became durable.
pub fn appended(answers: &[Appended], time: Duration) {
    let fresh: u32 = answers.iter().map(|answer| u32::try_from(answer.entries.len()).unwrap_or(u32::MAX)).sum();
    counter!("liaison_changes_appended_total").increment(fresh.into());
    histogram!(BATCH).record(f64::from(fresh));
    histogram!(LATENCY).record(time);
    for answer in answers {
        count_refused(&answer.refused);
    }
}

/// Counts what snapshots took the place of.
pub fn compacted(done: Compacted) {
    counter!("liaison_snapshots_total").increment(done.documents as u64);
    counter!("liaison_compacted_bytes_total").increment(done.before.saturating_sub(done.after) as u64);
}

/// Counts a batch that the store could not take.
pub fn append_failed() {
    counter!("liaison_append_failures_total").increment(1);
}

/// Counts bytes read for devices.
pub fn fed(bytes: usize) {
    counter!("liaison_feed_bytes_total").increment(bytes as u64);
}

/// Counts a connection cut off.
pub fn cut_off() {
    counter!("liaison_cut_off_total").increment(1);
}

/// Notes the last position.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 positions")]
pub fn head(seq: liaison_shared::Seq) {
    gauge!("liaison_log_head").set(seq.0 as f64);
}

fn count_refused(refused: &[RefusedChange]) {
    for refusal in refused {
        counter!("liaison_changes_refused_total", "reason" => reason(refusal.reason)).increment(1);
    }
}

fn reason(refusal: ChangeRefusal) -> &'static str {
    match refusal {
        ChangeRefusal::Undecodable => "undecodable",
        ChangeRefusal::TooLarge => "too_large",
        ChangeRefusal::UnknownDocument => "unknown_document",
        ChangeRefusal::Forbidden => "forbidden",
        ChangeRefusal::ForeignActor => "foreign_actor",
        ChangeRefusal::ForeignAuthor => "foreign_author",
        ChangeRefusal::MissingDependency => "missing_dependency",
        ChangeRefusal::DuplicateActorSeq => "duplicate_actor_seq",
        ChangeRefusal::ForgedGenesis => "forged_genesis",
        ChangeRefusal::TooMany => "too_many",
        ChangeRefusal::Inconsistent => "inconsistent",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn relays_that_start_at_once_share_the_recorder() {
        let together = Barrier::new(8);
        let start = || {
            together.wait();
            recorder().map(|_| ())
        };
        let started = thread::scope(|scope| [(); 8].map(|()| scope.spawn(start)).map(|thread| thread.join().unwrap()));
        assert!(started.iter().all(Result::is_ok), "{started:?}");
    }
}
