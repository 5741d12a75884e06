//! What a store of the change log promises; one test suite holds every store to it.
//!
//! Never decides what is admitted: that is [`liaison_shared::sync::admit`], the same for every store.

use std::future::Future;

use liaison_shared::access::Role;
use liaison_shared::protocol::RefusedChange;
use liaison_shared::sync::{Candidate, Identity, LogEntry};
use liaison_shared::{DocumentId, Epoch, Seq, Timestamp};
use thiserror::Error;

/// Well-formed changes of one push, waiting for a place in the log.
#[derive(Debug, Clone)]
pub struct Push {
    /// Whose they are.
    pub identity: Identity,
    /// The changes, in their order.
    pub candidates: Vec<Candidate>,
    /// When the relay received them.
    pub received: Timestamp,
}

/// What became of one push.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appended {
    /// The last position among its changes, those the log had already included; 0 when nothing was taken.
    pub seq: Seq,
    /// What the log did not take.
    pub refused: Vec<RefusedChange>,
    /// What is new in the log because of this push, in order.
    pub entries: Vec<LogEntry>,
}

/// A stretch of the log as one role may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries, in order.
    pub entries: Vec<LogEntry>,
    /// Everything the role may see up to here is in `entries`, or came before the stretch.
    pub upto: Seq,
}

/// Why the log could not answer. The caller must then not acknowledge anything.
#[derive(Debug, Error)]
pub enum LogError {
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database holds something that this relay never writes.
    #[error("the store holds an invalid {0}")]
    Corrupt(&'static str),
}

/// An append-only log of changes with one writer.
///
/// Positions begin at 1, have no gaps, and are given in the order in which batches become durable.
pub trait ChangeLog: Clone + Send + Sync + 'static {
    /// The life of this log: drawn at random when it was created.
    fn epoch(&self) -> Epoch;

    /// The last position given; 0 for an empty log.
    fn head(&self) -> impl Future<Output = Result<Seq, LogError>> + Send;

    /// Takes pushes in their order, all in one transaction, durable before this returns:
    /// one [`Appended`] per push. On an error nothing was taken.
    fn append(&self, batch: Vec<Push>) -> impl Future<Output = Result<Vec<Appended>, LogError>> + Send;

    /// What a role may see after a position: at most `max_bytes` of changes and one change more.
    /// `upto` moves over what the role may not see; it equals `after` only at the head.
    fn read(&self, after: Seq, max_bytes: usize, role: Role) -> impl Future<Output = Result<Page, LogError>> + Send;

    /// Every change of one document, in the order of the log.
    fn document(&self, id: DocumentId) -> impl Future<Output = Result<Vec<LogEntry>, LogError>> + Send;
}
