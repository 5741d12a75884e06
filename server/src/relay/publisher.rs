//! What connections are told of the log: its newest entries in memory, and its head.
//!
//! Never tells what is not durable, and never goes back. What another relay has appended is read from the store.

use std::sync::Arc;

use liaison_shared::Seq;
use liaison_shared::sync::LogChunk;
use tokio::sync::{Mutex, MutexGuard, watch};

use super::listeners::{Listeners, documents};
use crate::log::{ChangeLog as _, LogError, Page, StoredLog, Tail};

/// The one place where the head and the newest entries are told.
#[derive(Debug, Clone)]
pub struct Publisher {
    log: StoredLog,
    tail: Arc<Tail>,
    head: watch::Sender<Seq>,
    listeners: Listeners,
    /// Held from an append to the end of its publication: what this relay has appended is never taken for another's, so that
    /// a connection hears of its own changes by their answer.
    turn: Arc<Mutex<()>>,
}

impl Publisher {
    /// Of a log whose head was just read.
    #[must_use]
    pub fn new(log: StoredLog, tail: Arc<Tail>, head: Seq) -> Self {
        Self { log, tail, head: watch::Sender::new(head), listeners: Listeners::default(), turn: Arc::default() }
    }

    /// The head, and its growth.
    #[must_use]
    pub fn head(&self) -> watch::Receiver<Seq> {
        self.head.subscribe()
    }

    /// Those who are told when there is something for them.
    #[must_use]
    pub fn listeners(&self) -> Listeners {
        self.listeners.clone()
    }

    /// To be held from before an append until what it appended is published.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Tells what this relay has appended.
    pub(super) async fn publish(&self, chunks: Vec<LogChunk>) {
        let (Some(first), Some(last)) = (chunks.first(), chunks.last().map(|chunk| chunk.seq)) else { return };
        // What another has appended in between: its readers are told, and in the ring, too, nothing is left out.
        let before = self.read_up_to(Seq(first.seq.0 - 1)).await;
        self.tell(chunks, last);
        if let Err(error) = before {
            tracing::warn!(%error, "what another relay has appended could not be read; the ring starts over");
            self.listeners.wake_all();
        }
    }

    /// Takes up what others have appended since.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(&self) -> Result<(), LogError> {
        let _turn = self.turn().await;
        let head = self.log.head().await?;
        self.read_up_to(head).await
    }

    /// Tells what stands between the head and a position; nothing when that is the head.
    async fn read_up_to(&self, upto: Seq) -> Result<(), LogError> {
        let mut at = *self.head.borrow();
        while at < upto {
            let Page { chunks, upto, .. } = self.log.stretch(at, upto).await?;
            self.tell(chunks, upto);
            at = upto;
        }
        Ok(())
    }

    /// In this order: who is woken finds the head moved, and what moved it in the ring.
    fn tell(&self, chunks: Vec<LogChunk>, seq: Seq) {
        let documents = documents(&chunks);
        self.tail.extend(chunks);
        self.head.send_if_modified(|head| {
            let grows = *head < seq;
            *head = seq.max(*head);
            grows
        });
        self.listeners.wake(&documents);
    }
}
