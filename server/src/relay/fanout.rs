//! Reading what is new for a device: from the tail in memory, or from the store when it is older.
//!
//! Never sends anything: it answers one reading at a time, as fast as the device takes it.

use std::sync::Arc;

use liaison_shared::access::Role;
use liaison_shared::protocol::FEED_FRAME;
use liaison_shared::{Epoch, Seq};
use tokio::sync::watch;

use crate::log::{ChangeLog as _, LogError, Page, SqliteLog, Tail};
use crate::metrics;

/// The reading side of the log.
#[derive(Debug, Clone)]
pub struct Feed {
    log: SqliteLog,
    tail: Arc<Tail>,
    head: watch::Receiver<Seq>,
}

impl Feed {
    /// The feed of a log whose writer publishes to `tail` and `head`.
    #[must_use]
    pub fn new(log: SqliteLog, tail: Arc<Tail>, head: watch::Receiver<Seq>) -> Self {
        Self { log, tail, head }
    }

    /// The life of the log.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.log.epoch()
    }

    /// The last durable position, and its growth.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }

    /// What a role may see after a position: enough for one feed frame.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn read(&self, after: Seq, role: Role) -> Result<Page, LogError> {
        let page = match self.tail.read(after, FEED_FRAME, role) {
            Some(page) => page,
            None => self.log.read(after, FEED_FRAME, role).await?,
        };
        metrics::fed(page.entries.iter().map(|entry| entry.bytes.len()).sum());
        Ok(page)
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<Seq, LogError> {
        self.log.head().await
    }
}
