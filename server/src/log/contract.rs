//! What a store of the change log promises; one test suite holds every store to it.
//!
//! Never decides what is admitted: that is [`liaison_shared::sync::admit`], the same for every store.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;

use liaison_shared::access::{Role, access};
use liaison_shared::documents::DocumentError;
use liaison_shared::protocol::RefusedChange;
use liaison_shared::sync::{Candidate, Identity, LogChunk, LogEntry};
use liaison_shared::{DocumentId, DossierId, Epoch, Seq, Timestamp};
use thiserror::Error;

use crate::keys::KeyError;

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
    /// Places in the push of what is kept for the office to decide.
    pub review: Vec<u32>,
    /// What is new in the log because of this push, in order.
    pub entries: Vec<LogEntry>,
}

/// What one connection may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The kinds of this role.
    pub role: Role,
    /// Of these dossiers, and what belongs to the whole agency; none: of every dossier.
    pub dossiers: Option<Arc<BTreeSet<DossierId>>>,
}

impl View {
    /// All that a role may see, over the whole agency.
    #[must_use]
    pub fn agency(role: Role) -> Self {
        Self { role, dossiers: None }
    }

    /// Whether a document may be seen.
    #[must_use]
    pub fn shows(&self, document: &DocumentId) -> bool {
        let reached = match (&self.dossiers, document.dossier()) {
            (Some(dossiers), Some(dossier)) => dossiers.contains(&dossier),
            _ => true,
        };
        reached && access(self.role, document.kind()).may_read()
    }
}

/// A stretch of the log as one connection may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Changes and snapshots, in order.
    pub chunks: Vec<LogChunk>,
    /// Everything the connection may see up to here is in `chunks`, or came before the stretch.
    pub upto: Seq,
    /// Whoever read on to here without a gap has everything up to here. A page of the store says so only when there was
    /// nothing more behind it: else something that stood up to here may be in a snapshot that stands further on.
    pub settled: bool,
}

/// Why the log could not answer. The caller must then not acknowledge anything.
#[derive(Debug, Error)]
pub enum LogError {
    /// The database refused or cannot be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database server does not write through to its disk: nothing could be acknowledged.
    #[error("PostgreSQL runs with fsync = off: what it has confirmed is lost when its machine fails")]
    NotDurable,
    /// The database holds something that this relay never writes.
    #[error("the store holds an invalid {0}")]
    Corrupt(&'static str),
    /// A change does not open: its bytes were changed, or sealed with a key that the keyring has not.
    #[error("change {seq} of {document} does not open with the key of its dossier", seq = seq.0)]
    Unreadable {
        /// Its position.
        seq: Seq,
        /// Its document.
        document: DocumentId,
    },
    /// The key of the document's dossier was destroyed: nobody reads it again.
    #[error("{0} cannot be read: the key of its dossier was destroyed")]
    Destroyed(DocumentId),
    /// What Automerge made of a document's changes does not read as they do.
    #[error(transparent)]
    Document(Box<DocumentError>),
    /// A reading ended before it was done.
    #[error("a reading was interrupted")]
    Interrupted,
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl LogError {
    /// Whether it lies in what was read, so that it stays: others can be read, and to try again is of no use.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        !matches!(self, Self::Database(_) | Self::Interrupted)
    }
}

impl From<DocumentError> for LogError {
    fn from(error: DocumentError) -> Self {
        Self::Document(Box::new(error))
    }
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
    /// one [`Appended`] per push. On an error nothing was taken. New changes of a dossier whose key was destroyed
    /// are refused as forbidden.
    fn append(&self, batch: Vec<Push>) -> impl Future<Output = Result<Vec<Appended>, LogError>> + Send;

    /// What may be seen after a position: at most `max_bytes` of changes and one change more.
    /// `upto` moves over what may not be seen, and over dossiers whose key was destroyed; it equals `after`
    /// only at the head.
    fn read(&self, after: Seq, max_bytes: usize, view: &View) -> impl Future<Output = Result<Page, LogError>> + Send;

    /// What there is of one document, in the order of the log; [`LogError::Destroyed`] when there was something but
    /// the key of its dossier was destroyed.
    fn document(&self, id: DocumentId) -> impl Future<Output = Result<Vec<LogChunk>, LogError>> + Send;

    /// Puts a snapshot in the place of what there is of each document, in one transaction: nothing goes that is not in a
    /// durable snapshot. What Automerge does not take, what would be too large for a frame, and what was destroyed stay as
    /// they are. Says how many bytes of chunks there were and are, over the documents that changed.
    fn compact(&self, documents: Vec<DocumentId>) -> impl Future<Output = Result<Compacted, LogError>> + Send;
}

/// What a compaction did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Documents that have a new snapshot.
    pub documents: usize,
    /// Bytes of what it took the place of.
    pub before: usize,
    /// Bytes of the snapshots.
    pub after: usize,
}
