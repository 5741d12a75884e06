//! What the device owes the relay, in the order it was written.

use std::collections::{BTreeMap, HashSet};

use crate::ids::{ChangeHash, DocumentId};
use crate::protocol::{ChangeRefusal, MAX_CHANGE, MAX_CHANGES_PER_PUSH, RefusedChange};
use crate::time::Timestamp;

/// A change written here that the relay has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its document.
    pub document: DocumentId,
    /// Its identity.
    pub hash: ChangeHash,
    /// What it was made on top of.
    pub deps: Vec<ChangeHash>,
    /// The change chunk.
    pub bytes: Vec<u8>,
}

/// A change that the relay will never take as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its document.
    pub document: DocumentId,
    /// Its identity.
    pub hash: ChangeHash,
    /// The change chunk, kept whole.
    pub bytes: Vec<u8>,
    /// Why; for one that stands on a refused change, why that one was refused.
    pub reason: ChangeRefusal,
    /// The refused change it stands on, when it was not refused itself.
    pub because_of: Option<ChangeHash>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Sent,
    /// Waits for a change of somebody else to reach the relay first.
    Held,
}

/// Pushes in flight at once.
const WINDOW: usize = 8;

/// Bytes of changes in one push: small enough that a slow line answers before it is taken for dead.
/// A change that is larger travels alone.
const PUSH_BYTES: usize = 64 << 10;

#[derive(Debug)]
pub(super) struct Outbox {
    items: Vec<(Outgoing, State)>,
    in_flight: BTreeMap<u64, (Timestamp, Vec<ChangeHash>)>,
    last_push: u64,
}

impl Outbox {
    pub fn new(items: Vec<Outgoing>) -> Self {
        let mut outbox = Self { items: Vec::new(), in_flight: BTreeMap::new(), last_push: 0 };
        // One that is too large was quarantined when it was written; should that have been interrupted,
        // the relay refuses it and it is quarantined then.
        outbox.items.extend(items.into_iter().map(|item| (item, State::Waiting)));
        outbox
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.items.iter().any(|(item, _)| item.hash == *hash)
    }

    /// Adds changes; gives back those that no relay would take.
    pub fn extend(&mut self, changes: Vec<Outgoing>) -> Vec<Quarantined> {
        let mut quarantined = Vec::new();
        for change in changes {
            if self.contains(&change.hash) {
                continue;
            }
            let (hash, too_large) = (change.hash, change.bytes.len() > MAX_CHANGE);
            self.items.push((change, State::Waiting));
            if too_large {
                quarantined.extend(self.quarantine(hash, ChangeRefusal::TooLarge));
            }
        }
        quarantined
    }

    /// The line was cut: whatever was not acknowledged is to be sent again.
    pub fn unsend(&mut self) {
        self.in_flight.clear();
        for (_, state) in &mut self.items {
            *state = State::Waiting;
        }
    }

    /// News from the relay: what waited for somebody else's change may pass now.
    pub fn release_held(&mut self) {
        for (_, state) in &mut self.items {
            if *state == State::Held {
                *state = State::Waiting;
            }
        }
    }

    /// When the oldest push that waits for its answer was sent.
    pub fn oldest_push(&self) -> Option<Timestamp> {
        self.in_flight.values().map(|(sent, _)| *sent).min()
    }

    /// The next push, if the window is open and something waits: changes of one document, in order.
    pub fn next_push(&mut self, now: Timestamp) -> Option<(u64, DocumentId, Vec<Vec<u8>>)> {
        if self.in_flight.len() >= WINDOW {
            return None;
        }
        let held: HashSet<DocumentId> =
            self.items.iter().filter(|(_, state)| *state == State::Held).map(|(item, _)| item.document).collect();
        let ready = |item: &Outgoing, state: State| state == State::Waiting && !held.contains(&item.document);
        let document = self.items.iter().find(|(item, state)| ready(item, *state)).map(|(item, _)| item.document)?;
        let (mut hashes, mut changes, mut bytes) = (Vec::new(), Vec::new(), 0);
        for (item, state) in &mut self.items {
            if *state != State::Waiting || item.document != document {
                continue;
            }
            let full = changes.len() == MAX_CHANGES_PER_PUSH || bytes + item.bytes.len() > PUSH_BYTES;
            if full && !changes.is_empty() {
                break;
            }
            bytes += item.bytes.len();
            *state = State::Sent;
            hashes.push(item.hash);
            changes.push(item.bytes.clone());
        }
        self.last_push += 1;
        self.in_flight.insert(self.last_push, (now, hashes));
        Some((self.last_push, document, changes))
    }

    /// The relay's answer to a push: what is settled, what is set aside.
    pub fn acked(&mut self, id: u64, refused: &[RefusedChange]) -> (Vec<(DocumentId, ChangeHash)>, Vec<Quarantined>) {
        let (mut settled, mut quarantined) = (Vec::new(), Vec::new());
        let (_, hashes) = self.in_flight.remove(&id).unwrap_or_default();
        for (index, hash) in hashes.into_iter().enumerate() {
            let reason = refused.iter().find(|refusal| refusal.index as usize == index).map(|refusal| refusal.reason);
            let Some(place) = self.items.iter().position(|(item, _)| item.hash == hash) else {
                continue;
            };
            match reason {
                None => {
                    let (item, _) = self.items.remove(place);
                    settled.push((item.document, item.hash));
                }
                // Nothing is wrong with the change itself: it waits for the one it stands on.
                Some(ChangeRefusal::MissingDependency) => self.items[place].1 = State::Held,
                Some(reason) => quarantined.extend(self.quarantine(hash, reason)),
            }
        }
        (settled, quarantined)
    }

    /// Takes out a change and everything that stands on it.
    fn quarantine(&mut self, hash: ChangeHash, reason: ChangeRefusal) -> Vec<Quarantined> {
        let mut gone: HashSet<ChangeHash> = HashSet::from([hash]);
        let mut quarantined = Vec::new();
        // Items stand in the order they were written, so one pass finds all descendants.
        self.items.retain(|(item, _)| {
            let stands_on = item.deps.iter().any(|dependency| gone.contains(dependency));
            if item.hash != hash && !stands_on {
                return true;
            }
            gone.insert(item.hash);
            let because_of = (item.hash != hash).then_some(hash);
            let Outgoing { document, hash, bytes, .. } = item.clone();
            quarantined.push(Quarantined { document, hash, bytes, reason, because_of });
            false
        });
        quarantined
    }
}
