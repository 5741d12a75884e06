//! A log that lives as long as the process: [`Ledger`] behind a lock. For tests and measurements.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use liaison_shared::sync::{Ledger, LogChunk, Outcome};
use liaison_shared::{DocumentId, Epoch, Seq};

use super::contract::{Appended, ChangeLog, Compacted, LogError, Page, Push, View};

/// The log in memory.
#[derive(Debug, Clone)]
pub struct MemoryLog {
    epoch: Epoch,
    ledger: Arc<Mutex<Ledger>>,
}

impl MemoryLog {
    /// An empty log.
    #[must_use]
    pub fn new(epoch: Epoch) -> Self {
        Self { epoch, ledger: Arc::default() }
    }

    /// A panic elsewhere cannot leave the ledger half-written in a way that matters to tests.
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChangeLog for MemoryLog {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn head(&self) -> Result<Seq, LogError> {
        Ok(self.ledger().head())
    }

    async fn append(&self, batch: Vec<Push>) -> Result<Vec<Appended>, LogError> {
        let mut ledger = self.ledger();
        let mut answers = Vec::with_capacity(batch.len());
        for Push { identity, candidates, received } in batch {
            let before = ledger.entries().len();
            let Outcome { seq, refused, review } = ledger.append(&identity, candidates, received);
            answers.push(Appended { seq, refused, review, entries: ledger.entries()[before..].to_vec() });
        }
        Ok(answers)
    }

    async fn read(&self, after: Seq, max_bytes: usize, view: &View) -> Result<Page, LogError> {
        let ledger = self.ledger();
        let (chunks, upto) = ledger.read(after, max_bytes, |id| view.shows(id));
        Ok(Page { chunks, upto, settled: upto >= ledger.head() })
    }

    async fn document(&self, id: DocumentId) -> Result<Vec<LogChunk>, LogError> {
        Ok(self.ledger().chunks_of(id))
    }

    async fn compact(&self, documents: Vec<DocumentId>) -> Result<Compacted, LogError> {
        let (mut ledger, mut done) = (self.ledger(), Compacted::default());
        for id in documents {
            let bytes = |chunks: Vec<LogChunk>| chunks.iter().map(|chunk| chunk.bytes.len()).sum::<usize>();
            let before = ledger.chunks_of(id);
            ledger.compact(id)?;
            let after = ledger.chunks_of(id);
            if before != after {
                done.documents += 1;
                done.before += bytes(before);
                done.after += bytes(after);
            }
        }
        Ok(done)
    }
}
