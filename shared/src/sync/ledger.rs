//! The log as a data structure in memory: what every store of the relay must behave like.
//! Used by the relay's memory store and by the simulation.

use std::collections::{BTreeMap, HashMap};

use super::admission::{Candidate, Facts, Identity, KnownChange, Right, Verdict, admit};
use crate::ids::{ActorId, ChangeHash, DeviceId, DocumentId, DossierId, Seq, UserId};
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
        if !crate::documents::is_genesis_actor(&header.actor) {
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
