//! The access log: who opened, decided or was refused what. A chain of hashes in the store.
//!
//! Only ever appended to, and purged from its beginning; never holds names, e-mail addresses or tokens. The chain shows
//! that a row was deleted, changed, inserted or moved. That its end was cut off, or that everything from some row on
//! was written anew by somebody who can write the file, shows only beside a head that was noted elsewhere.

mod append;
mod chain;
mod entry;
mod list;
mod purge;
mod refusals;
mod verify;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

pub use append::append;
pub use entry::{Action, Entry};
pub use list::{Filter, Listed};
pub use verify::{Report, verify, verify_in};

use crate::database::Database;
use refusals::{Refusals, Verdict};

/// Calls of [`Audit::record`] waiting for the store; the next one waits too.
const QUEUE: usize = 1024;
/// Entries in one transaction.
const BATCH: usize = 1024;
/// Between two attempts when the store does not take entries.
const RETRY: Duration = Duration::from_secs(1);

/// Why the access log could not answer.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The last row has no hash to go on from.
    #[error("the access log holds an invalid {0}")]
    Corrupt(&'static str),
    /// Its task has ended.
    #[error("the access log has ended")]
    Ended,
}

#[derive(Debug)]
struct Queued {
    entries: Vec<Entry>,
    durable: Option<oneshot::Sender<()>>,
}

/// The way to the access log of a running relay.
#[derive(Debug, Clone)]
pub struct Audit {
    queue: mpsc::Sender<Queued>,
    refusals: Arc<Refusals>,
    database: Database,
}

impl Audit {
    /// Starts the task that writes; it ends when every [`Audit`] is dropped and everything is written.
    #[must_use]
    pub fn start(database: Database, refusals_per_minute: u32) -> (Self, JoinHandle<()>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(database.clone(), receiver));
        (Self { queue, refusals: Arc::new(Refusals::new(refusals_per_minute)), database }, task)
    }

    /// Records an entry: it is written soon, together with others. Waits only while very many are waiting.
    pub async fn record(&self, entry: Entry) {
        let action = entry.action;
        if self.queue.send(Queued { entries: vec![entry], durable: None }).await.is_err() {
            tracing::error!(%action, "the access log has ended: an entry is lost");
        }
    }

    /// Records a refusal. Of many from one address and person within a minute, only the first ones are listed, then one
    /// that says so: nobody fills the store by being refused.
    pub async fn refused(&self, entry: Entry, address: Option<IpAddr>) {
        match self.refusals.count(address, entry.user, entry.received) {
            Verdict::Listed => self.record(entry).await,
            Verdict::LastListed => self.record(entry.because("further refusals in this minute are not listed")).await,
            Verdict::NotListed => {}
        }
    }

    /// Records entries and returns once they are durable, in their order.
    ///
    /// # Errors
    /// When the task has ended; then nothing is known of them.
    pub async fn record_all(&self, entries: Vec<Entry>) -> Result<(), AuditError> {
        let (durable, done) = oneshot::channel();
        let queued = Queued { entries, durable: Some(durable) };
        self.queue.send(queued).await.map_err(|_| AuditError::Ended)?;
        done.await.map_err(|_| AuditError::Ended)
    }
}

async fn run(database: Database, mut queue: mpsc::Receiver<Queued>) {
    while let Some(first) = queue.recv().await {
        let mut entries = first.entries;
        let mut waiting: Vec<_> = first.durable.into_iter().collect();
        while entries.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            entries.extend(next.entries);
            waiting.extend(next.durable);
        }
        // Nothing is given up: without its log of accesses the relay had better wait.
        while let Err(error) = append(&database, &entries).await {
            tracing::error!(%error, entries = entries.len(), "the access log could not be written");
            tokio::time::sleep(RETRY).await;
        }
        for durable in waiting {
            // Who asked may have gone; the entries are written all the same.
            durable.send(()).ok();
        }
    }
}
