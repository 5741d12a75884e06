//! Which dossiers stay in memory when nobody looks at them any more: the last ones, as long as they are small together.
//!
//! Never lets go of one in which something is not stored yet.

use std::collections::{HashMap, VecDeque};

use liaison_shared::{DocumentId, DossierId};

use super::Replica;

/// Bytes of what was read of them, as it is stored; in memory it is some ten times as much.
const BUDGET: usize = 1 << 20;

/// What stays.
#[derive(Default)]
pub(super) struct Idle {
    /// The one that was left longest ago first.
    dossiers: VecDeque<DossierId>,
    /// What was read of each document.
    sizes: HashMap<DocumentId, usize>,
}

impl Idle {
    /// A document is in memory from here on, or was read anew.
    pub fn note(&mut self, document: DocumentId, bytes: usize) {
        self.sizes.insert(document, bytes);
    }

    /// More was written in it, or came.
    pub fn grow(&mut self, document: DocumentId, bytes: usize) {
        *self.sizes.entry(document).or_default() += bytes;
    }

    /// Somebody looks at it again.
    pub fn wake(&mut self, dossier: DossierId) {
        self.dossiers.retain(|idle| *idle != dossier);
    }

    /// It is not here any more.
    pub fn forget(&mut self, dossier: DossierId) {
        self.wake(dossier);
        self.sizes.retain(|document, _| document.dossier() != Some(dossier));
    }

    /// Nobody looks at it any more; gives those for which there is no room now.
    fn rest(&mut self, dossier: DossierId) -> Vec<DossierId> {
        self.wake(dossier);
        self.dossiers.push_back(dossier);
        let mut gone = Vec::new();
        while self.bytes() > BUDGET {
            let Some(oldest) = self.dossiers.pop_front() else { break };
            self.forget(oldest);
            gone.push(oldest);
        }
        gone
    }

    fn bytes(&self) -> usize {
        let idle = |document: &DocumentId| document.dossier().is_some_and(|dossier| self.dossiers.contains(&dossier));
        self.sizes.iter().filter(|(document, _)| idle(document)).map(|(_, bytes)| bytes).sum()
    }
}

impl Replica {
    /// Nobody looks at this dossier any more: it stays in memory while there is room.
    pub fn close_dossier(&self, dossier: DossierId) {
        let gone = self.inner.idle.borrow_mut().rest(dossier);
        let unstored = self.inner.unstored.borrow();
        let kept = |id: &DocumentId| unstored.iter().any(|change| change.document == *id);
        let goes = |id: &DocumentId| id.dossier().is_some_and(|dossier| gone.contains(&dossier));
        self.inner.open.borrow_mut().retain(|id, _| !goes(id) || kept(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dossier(number: u8) -> DossierId {
        DossierId([number; 16])
    }

    #[test]
    fn those_left_longest_ago_go_when_there_is_no_room() {
        let mut idle = Idle::default();
        for number in 1..=3 {
            idle.note(DocumentId::client(dossier(number)), BUDGET / 4);
            idle.note(DocumentId::journal(dossier(number), 2026), BUDGET / 8);
        }
        assert!(idle.rest(dossier(1)).is_empty());
        assert!(idle.rest(dossier(2)).is_empty());
        // Looked at again, it is the last to go.
        idle.wake(dossier(1));
        assert!(idle.rest(dossier(1)).is_empty());
        assert_eq!(idle.rest(dossier(3)), [dossier(2)]);
        assert_eq!(idle.bytes(), 2 * (BUDGET / 4 + BUDGET / 8));
        // One that is larger than everything does not stay.
        idle.note(DocumentId::client(dossier(4)), 2 * BUDGET);
        assert_eq!(idle.rest(dossier(4)), [dossier(1), dossier(3), dossier(4)]);
    }

    #[test]
    fn what_is_written_and_what_comes_counts() {
        let mut idle = Idle::default();
        for number in 1..=2 {
            idle.note(DocumentId::client(dossier(number)), BUDGET / 4);
            assert!(idle.rest(dossier(number)).is_empty());
        }
        idle.wake(dossier(2));
        idle.grow(DocumentId::client(dossier(2)), BUDGET / 2);
        idle.grow(DocumentId::journal(dossier(2), 2026), BUDGET / 4);
        assert_eq!(idle.rest(dossier(2)), [dossier(1)]);
        assert_eq!(idle.bytes(), BUDGET);
    }
}
