//! The log as a data structure in memory: what every store of the relay must behave like.
//! Used by the relay's memory store and by the simulation.

use std::collections::HashMap;

use super::admission::{Candidate, Facts, Identity, KnownChange, Verdict, admit};
use crate::ids::{ActorId, ChangeHash, DeviceId, DocumentId, Seq, UserId};
use crate::protocol::RefusedChange;
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

/// An append-only log with the indexes admission needs.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<LogEntry>,
    known: HashMap<(DocumentId, ChangeHash), KnownChange>,
    actors: HashMap<ActorId, DeviceId>,
    actor_seqs: HashMap<(DocumentId, ActorId), u64>,
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
}

impl Ledger {
    /// The last position given.
    #[must_use]
    pub fn head(&self) -> Seq {
        Seq(self.entries.len() as u64)
    }

    /// Takes the changes of one push, in their order. Gives the last position among them and what it refused.
    pub fn append(
        &mut self,
        identity: &Identity,
        candidates: Vec<Candidate>,
        received: Timestamp,
    ) -> (Seq, Vec<RefusedChange>) {
        let mut last = Seq(0);
        let mut refused = Vec::new();
        for candidate in candidates {
            match admit(&candidate, identity.device, self) {
                Verdict::Known(seq) => last = last.max(seq),
                Verdict::New => last = self.push(identity, candidate, received),
                Verdict::Refused(reason) => refused.push(RefusedChange { index: candidate.index, reason }),
            }
        }
        (last, refused)
    }

    fn push(&mut self, identity: &Identity, candidate: Candidate, received: Timestamp) -> Seq {
        let Candidate { document, header, bytes, .. } = candidate;
        let seq = self.head().next();
        self.known.insert((document, header.hash), KnownChange { seq, last_op: header.ops.1 });
        if header.actor.0 != crate::documents::GENESIS_ACTOR {
            self.actors.entry(header.actor.clone()).or_insert(identity.device);
        }
        self.actor_seqs.insert((document, header.actor), header.actor_seq);
        let Identity { user, device, .. } = *identity;
        self.entries.push(LogEntry { seq, document, hash: header.hash, bytes, user, device, received });
        seq
    }

    /// The entries after a position whose document passes the filter, up to about `max_bytes` of changes,
    /// and the position looked at last.
    #[must_use]
    pub fn read(&self, after: Seq, max_bytes: usize, readable: impl Fn(&DocumentId) -> bool) -> (Vec<LogEntry>, Seq) {
        let mut entries = Vec::new();
        let mut bytes = 0;
        let start = usize::try_from(after.0).unwrap_or(usize::MAX).min(self.entries.len());
        for entry in &self.entries[start..] {
            if bytes >= max_bytes {
                return (entries, Seq(entry.seq.0 - 1));
            }
            if readable(&entry.document) {
                bytes += entry.bytes.len();
                entries.push(entry.clone());
            }
        }
        (entries, self.head().max(after))
    }

    /// Every entry, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }
}
