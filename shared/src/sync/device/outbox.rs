//! What the device owes the relay, in the order it was written.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ids::{ChangeHash, DocumentId, DossierId};
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
    /// What was set aside, and the refusal it all goes back to: nothing that stands on it can ever be taken.
    refused: HashMap<ChangeHash, (ChangeHash, ChangeRefusal)>,
}

impl Outbox {
    /// What is owed, and what was set aside earlier: each hash with the reason of the refusal it goes back to.
    pub fn new(items: Vec<Outgoing>, refused: Vec<(ChangeHash, ChangeRefusal)>) -> Self {
        let refused = refused.into_iter().map(|(hash, reason)| (hash, (hash, reason))).collect();
        // One that is too large was quarantined when it was written; should that have been interrupted,
        // the relay refuses it and it is quarantined then.
        let items = items.into_iter().map(|item| (item, State::Waiting)).collect();
        Self { items, in_flight: BTreeMap::new(), last_push: 0, refused }
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.items.iter().any(|(item, _)| item.hash == *hash)
    }

    /// Whether something of a dossier is owed.
    pub fn owes(&self, dossier: DossierId) -> bool {
        self.items.iter().any(|(item, _)| item.document.dossier() == Some(dossier))
    }

    /// Which changes stand at these places of a push that is in flight.
    pub fn places(&self, id: u64, places: &[u32]) -> Vec<(DocumentId, ChangeHash)> {
        let Some((_, hashes)) = self.in_flight.get(&id) else { return Vec::new() };
        let named = places.iter().filter_map(|place| hashes.get(usize::try_from(*place).ok()?));
        let document = |hash: &ChangeHash| self.items.iter().find(|(item, _)| item.hash == *hash);
        named.filter_map(|hash| Some((document(hash)?.0.document, *hash))).collect()
    }

    /// Takes back what was set aside, to offer it once more; and what another tab wrote.
    pub fn pardon(&mut self, changes: Vec<Outgoing>) {
        for change in changes {
            self.refused.remove(&change.hash);
            if !self.contains(&change.hash) {
                self.items.push((change, State::Waiting));
            }
        }
        self.release_held();
    }

    /// Adds changes; gives back those that no relay would take: too large, or standing on what was refused.
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
        quarantined.extend(self.orphans());
        quarantined
    }

    /// Takes out what stands on something set aside earlier: written before the person's page knew of the refusal.
    pub fn orphans(&mut self) -> Vec<Quarantined> {
        let mut quarantined = Vec::new();
        loop {
            let refused = &self.refused;
            let standing = |item: &Outgoing| item.deps.iter().find_map(|dependency| refused.get(dependency).copied());
            let Some((place, cause)) =
                self.items.iter().enumerate().find_map(|(place, (item, _))| Some((place, standing(item)?)))
            else {
                return quarantined;
            };
            let (item, _) = self.items.remove(place);
            quarantined.push(self.set_aside(item, cause));
        }
    }

    fn set_aside(&mut self, item: Outgoing, cause: (ChangeHash, ChangeRefusal)) -> Quarantined {
        let Outgoing { document, hash, bytes, .. } = item;
        self.refused.insert(hash, cause);
        Quarantined { document, hash, bytes, reason: cause.1, because_of: (cause.0 != hash).then_some(cause.0) }
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
        let Some(place) = self.items.iter().position(|(item, _)| item.hash == hash) else { return Vec::new() };
        let (item, _) = self.items.remove(place);
        let mut quarantined = vec![self.set_aside(item, (hash, reason))];
        quarantined.extend(self.orphans());
        quarantined
    }
}
