//! Reading what is new for a device: from the tail in memory, or from the store when it is older.
//!
//! Never sends anything: it answers one reading at a time, as fast as the device takes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use liaison_shared::access::Role;
use liaison_shared::protocol::FEED_FRAME;
use liaison_shared::sync::LogChunk;
use liaison_shared::{DossierId, Epoch, Seq};
use tokio::sync::watch;

use crate::log::{ChangeLog as _, LogError, Page, SqliteLog, Tail, View};
use crate::metrics;

/// Some of a dossier, and where there is more of it.
pub type Stretch = (Vec<LogChunk>, Option<Seq>);

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

    /// What may be seen after a position: enough for one feed frame.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn read(&self, after: Seq, view: &View) -> Result<Page, LogError> {
        let page = match self.tail.read(after, FEED_FRAME, view) {
            Some(page) => page,
            None => self.log.read(after, FEED_FRAME, view).await?,
        };
        metrics::fed(page.chunks.iter().map(|chunk| chunk.bytes.len()).sum());
        Ok(page)
    }

    /// A stretch of one dossier after a position, enough for one frame, and where to read on when that was not all.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn backfill(&self, dossier: DossierId, after: Seq, role: Role) -> Result<Stretch, LogError> {
        let view = View { role, dossiers: Some(Arc::new(BTreeSet::from([dossier]))) };
        let mut page = self.log.read(after, FEED_FRAME, &view).await?;
        page.chunks.retain(|chunk| chunk.document.dossier() == Some(dossier));
        Ok((page.chunks, (!page.whole).then_some(page.upto)))
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<Seq, LogError> {
        self.log.head().await
    }
}
