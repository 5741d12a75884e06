//! The only place of the relay that reads a clock.
//!
//! Never does anything with the time: it is passed on as an argument.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use liaison_shared::Timestamp;

/// The time by this machine's clock.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the relay's platform edge for time")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Measures how long something takes; for metrics only.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the relay's platform edge for time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
