//! The only place of the bench that reads a clock.

use std::time::{Duration, Instant, SystemTime};

use liaison_shared::Timestamp;

/// A monotonic point in time.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "a bench is about time; this is its clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Since then.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The wall clock, as devices tell it.
#[expect(clippy::disallowed_methods, reason = "a bench is about time; this is its clock")]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
