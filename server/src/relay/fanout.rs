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

use super::listeners::{Listener, Listeners};
use crate::log::{ChangeLog as _, LogError, Page, StoredLog, Tail, View};
use crate::metrics;

/// Some of a dossier, and where there is more of it.
pub type Stretch = (Vec<LogChunk>, Option<Seq>);

/// The reading side of the log.
#[derive(Debug, Clone)]
pub struct Feed {
    log: StoredLog,
    tail: Arc<Tail>,
    head: watch::Receiver<Seq>,
    listeners: Listeners,
}

impl Feed {
    /// The feed of a log whose writer publishes to `tail`, to `head` and to `listeners`.
    #[must_use]
    pub fn new(log: StoredLog, tail: Arc<Tail>, head: watch::Receiver<Seq>, listeners: Listeners) -> Self {
        Self { log, tail, head, listeners }
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

    /// A place among those who are told when there is something for them.
    #[must_use]
    pub fn join(&self) -> Listener {
        self.listeners.join()
    }

    /// What may be seen after a position, enough for one feed frame, when memory has it. Only for whoever has everything up to
    /// there: [`Page::settled`].
    #[must_use]
    pub fn recent(&self, after: Seq, view: &View) -> Option<Page> {
        self.tail.read(after, FEED_FRAME, view).inspect(count)
    }

    /// What may be seen after a position, enough for one feed frame, from the store.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn read(&self, after: Seq, view: &View) -> Result<Page, LogError> {
        self.log.read(after, FEED_FRAME, view).await.inspect(count)
    }

    /// A stretch of one dossier after a position, enough for one frame, and where to read on when that was not all.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub async fn backfill(&self, dossier: DossierId, after: Seq, role: Role) -> Result<Stretch, LogError> {
        let view = View { role, dossiers: Some(Arc::new(BTreeSet::from([dossier]))) };
        let mut page = self.log.read(after, FEED_FRAME, &view).await?;
        page.chunks.retain(|chunk| chunk.document.dossier() == Some(dossier));
        Ok((page.chunks, (!page.settled).then_some(page.upto)))
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<Seq, LogError> {
        self.log.head().await
    }
}

fn count(page: &Page) {
    metrics::fed(page.chunks.iter().map(|chunk| chunk.bytes.len()).sum());
}
