//! The log as a data structure in memory: what every store of the relay must behave like.
//! Used by the relay's memory store and by the simulation.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::admission::{Candidate, Facts, Identity, KnownChange, Right, Verdict, admit};
use crate::documents::{DocumentError, Snapshot, is_genesis_actor, is_snapshot};
use crate::ids::{ActorId, ChangeHash, DeviceId, DocumentId, DossierId, Seq, UserId};
use crate::protocol::{EntryParts, FeedEntry, MAX_SNAPSHOT, RefusedChange, entry_head};
use crate::time::Timestamp;

/// One accepted change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its position.
    pub seq: Seq,
    /// Its document.
    pub document: DocumentId,
    /// Its identity.
    pub hash: ChangeHash,
    /// The change chunk, uncompressed.
    pub bytes: Vec<u8>,
    /// Who pushed it.
    pub user: UserId,
    /// From which browser.
    pub device: DeviceId,
    /// When the relay received it, by the relay's clock.
    pub received: Timestamp,
}

/// A piece of the log as it is sent: a change at its position, or a snapshot of a document at the position of the last
/// change that it took the place of. Shared by all who are sent it.
#[derive(Debug, Clone)]
pub struct LogChunk(Arc<Chunk>);

/// What a [`LogChunk`] is.
#[derive(Debug)]
pub struct Chunk {
    /// Its position.
    pub seq: Seq,
    /// Its document.
    pub document: DocumentId,
    /// The change or the snapshot.
    pub bytes: Box<[u8]>,
    /// What stands before it in a feed frame, once it was sent to somebody.
    head: OnceLock<Vec<u8>>,
}

impl Deref for LogChunk {
    type Target = Chunk;

    fn deref(&self) -> &Chunk {
        &self.0
    }
}

impl PartialEq for LogChunk {
    fn eq(&self, other: &Self) -> bool {
        (self.seq, self.document, &self.bytes) == (other.seq, other.document, &other.bytes)
    }
}

impl Eq for LogChunk {}

impl LogChunk {
    /// A chunk at its position.
    #[must_use]
    pub fn new(seq: Seq, document: DocumentId, bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Arc::new(Chunk { seq, document, bytes: bytes.into(), head: OnceLock::new() }))
    }

    /// As it stands in a feed frame; made once, whoever is sent it.
    #[must_use]
    pub fn entry(&self) -> EntryParts<'_> {
        let head = || entry_head(self.seq, &self.document, self.bytes.len());
        (self.head.get_or_init(head), &self.bytes)
    }

    /// What it takes of a frame, about, in bytes.
    #[must_use]
    pub fn weight(&self) -> usize {
        const NAME_AND_KEYS: usize = 80;
        self.bytes.len() + NAME_AND_KEYS
    }

    /// Whether it stands for all of its document so far.
    #[must_use]
    pub fn is_snapshot(&self) -> bool {
        is_snapshot(&self.bytes)
    }
}

impl From<&LogEntry> for LogChunk {
    fn from(entry: &LogEntry) -> Self {
        Self::new(entry.seq, entry.document, entry.bytes.as_slice())
    }
}

impl From<LogChunk> for FeedEntry {
    fn from(chunk: LogChunk) -> Self {
        Self { seq: chunk.seq, document: chunk.document.to_string(), chunk: chunk.bytes.to_vec().into() }
    }
}

/// An append-only log with the indexes admission needs.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Those that a snapshot has taken the place of have no bytes any more.
    entries: Vec<LogEntry>,
    /// By document: a snapshot, at the position of the last change that it took the place of.
    snapshots: HashMap<DocumentId, LogChunk>,
    known: HashMap<(DocumentId, ChangeHash), KnownChange>,
    actors: HashMap<ActorId, DeviceId>,
    actor_seqs: HashMap<(DocumentId, ActorId), u64>,
    openers: HashMap<DossierId, DeviceId>,
    /// What waits for the office's decision, and whose it is.
    late: BTreeMap<(DocumentId, ChangeHash), (Candidate, Identity)>,
}

/// What became of one push.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The last position among its changes, 0 when the log holds none of them.
    pub seq: Seq,
    /// What was not taken.
    pub refused: Vec<RefusedChange>,
    /// Places in the push of what is kept for the office.
    pub review: Vec<u32>,
}

impl Facts for Ledger {
    fn known(&self, document: &DocumentId, hash: &ChangeHash) -> Option<KnownChange> {
        self.known.get(&(*document, *hash)).copied()
    }

    fn device_of(&self, actor: &ActorId) -> Option<DeviceId> {
        self.actors.get(actor).copied()
    }

    fn last_actor_seq(&self, document: &DocumentId, actor: &ActorId) -> u64 {
        self.actor_seqs.get(&(*document, actor.clone())).copied().unwrap_or(0)
    }

    fn is_late(&self, document: &DocumentId, hash: &ChangeHash) -> bool {
        self.late.contains_key(&(*document, *hash))
    }

    fn opener(&self, dossier: &DossierId) -> Option<DeviceId> {
        self.openers.get(dossier).copied()
    }
}

impl Ledger {
    /// The last position given.
    #[must_use]
    pub fn head(&self) -> Seq {
        Seq(self.entries.len() as u64)
    }

    /// Takes the changes of one push, in their order.
    pub fn append(&mut self, identity: &Identity, candidates: Vec<Candidate>, received: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        for candidate in candidates {
            match admit(&candidate, identity.device, self) {
                Verdict::Known(seq) => outcome.seq = outcome.seq.max(seq),
                Verdict::New => outcome.seq = self.push(identity, candidate, received),
                Verdict::Refused(reason) => outcome.refused.push(RefusedChange { index: candidate.index, reason }),
                Verdict::Review => {
                    outcome.review.push(candidate.index);
                    self.late.insert((candidate.document, candidate.header.hash), (candidate, *identity));
                }
            }
        }
        outcome
    }

    /// What waits for the office's decision, and whose it is.
    pub fn late(&self) -> impl Iterator<Item = &(Candidate, Identity)> {
        self.late.values()
    }

    /// The office takes what arrived late into the log, each after what it stands on. Gives what it could not take.
    pub fn accept_late(&mut self, received: Timestamp) -> Vec<(Candidate, Verdict)> {
        let mut late: Vec<(Candidate, Identity)> = std::mem::take(&mut self.late).into_values().collect();
        late.sort_by_key(|(candidate, _)| candidate.header.ops.0);
        let mut left = Vec::new();
        for (candidate, identity) in late {
            let candidate = Candidate { right: Right::Write, ..candidate };
            match admit(&candidate, identity.device, self) {
                Verdict::New => drop(self.push(&identity, candidate, received)),
                Verdict::Known(_) => {}
                verdict => left.push((candidate, verdict)),
            }
        }
        left
    }

    fn push(&mut self, identity: &Identity, candidate: Candidate, received: Timestamp) -> Seq {
        let Candidate { document, header, bytes, .. } = candidate;
        let seq = self.head().next();
        self.known.insert((document, header.hash), KnownChange { seq, last_op: header.ops.1 });
        if !is_genesis_actor(&header.actor) {
            self.actors.entry(header.actor.clone()).or_insert(identity.device);
        }
        self.actor_seqs.insert((document, header.actor), header.actor_seq);
        if let Some(dossier) = document.dossier() {
            self.openers.entry(dossier).or_insert(identity.device);
        }
        let Identity { user, device, .. } = *identity;
        self.entries.push(LogEntry { seq, document, hash: header.hash, bytes, user, device, received });
        seq
    }

    /// Puts a snapshot in the place of a document's changes, but for those that Automerge did not take. One that would be
    /// too large for a frame is not made.
    ///
    /// # Errors
    /// When there is no snapshot that reads as the changes did: then nothing is done.
    pub fn compact(&mut self, document: DocumentId) -> Result<(), DocumentError> {
        let chunks = self.chunks_of(document);
        let snapshot = Snapshot::of(chunks.iter().map(|chunk| &chunk.bytes[..]))?;
        let covered = |entry: &&mut LogEntry| entry.document == document && snapshot.holds(&entry.hash);
        if snapshot.bytes.len() > MAX_SNAPSHOT {
            return Ok(());
        }
        let mut last = Seq(0);
        for entry in self.entries.iter_mut().filter(covered) {
            entry.bytes.clear();
            last = entry.seq;
        }
        if last > Seq(0) {
            self.snapshots.insert(document, LogChunk::new(last, document, snapshot.bytes));
        }
        Ok(())
    }

    /// What there is of a document, in order.
    #[must_use]
    pub fn chunks_of(&self, document: DocumentId) -> Vec<LogChunk> {
        self.entries.iter().filter(|entry| entry.document == document).filter_map(|entry| self.chunk(entry)).collect()
    }

    /// What stands at the position of an entry: itself, the snapshot whose last change it was, or nothing.
    fn chunk(&self, entry: &LogEntry) -> Option<LogChunk> {
        if !entry.bytes.is_empty() {
            return Some(entry.into());
        }
        self.snapshots.get(&entry.document).filter(|snapshot| snapshot.seq == entry.seq).cloned()
    }

    /// What there is after a position of the documents that pass the filter, up to about `max_bytes`,
    /// and the position looked at last.
    #[must_use]
    pub fn read(&self, after: Seq, max_bytes: usize, readable: impl Fn(&DocumentId) -> bool) -> (Vec<LogChunk>, Seq) {
        let mut chunks = Vec::new();
        let mut bytes = 0;
        let start = usize::try_from(after.0).unwrap_or(usize::MAX).min(self.entries.len());
        for entry in self.entries[start..].iter().filter(|entry| readable(&entry.document)) {
            let Some(chunk) = self.chunk(entry) else { continue };
            if bytes >= max_bytes {
                return (chunks, Seq(chunk.seq.0 - 1));
            }
            bytes += chunk.weight();
            chunks.push(chunk);
        }
        (chunks, self.head().max(after))
    }

    /// Every entry, oldest first. What a snapshot took the place of has no bytes.
    #[must_use]
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }
}
