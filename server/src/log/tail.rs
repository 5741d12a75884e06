//! The newest entries, kept in memory so that sending one change to many devices reads no database.
//!
//! Never holds what is not durable, never grows beyond its bounds.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{PoisonError, RwLock};

use liaison_shared::sync::LogEntry;
use liaison_shared::{DocumentId, Seq};

use super::contract::{Page, View};

const MOST_ENTRIES: usize = 4096;
const MOST_BYTES: usize = 4 << 20;

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<LogEntry>,
    bytes: usize,
}

/// A ring of consecutive entries that ends at the log's last one.
#[derive(Debug, Default)]
pub struct Tail {
    ring: RwLock<Ring>,
}

impl Tail {
    /// Whether entries before this position are missing at the ring's end.
    #[must_use]
    pub fn lacks(&self, next: Seq) -> bool {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.entries.back().is_some_and(|last| last.seq.next() < next)
    }

    /// Adds entries that have become durable; those that it has are passed over.
    pub fn extend(&self, entries: impl IntoIterator<Item = LogEntry>) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            if ring.entries.back().is_some_and(|last| entry.seq <= last.seq) {
                continue;
            }
            // Another process has written in between (an account was added): start over behind it.
            if ring.entries.back().is_some_and(|last| last.seq.next() != entry.seq) {
                *ring = Ring::default();
            }
            ring.bytes += entry.bytes.len();
            ring.entries.push_back(entry);
        }
        while ring.entries.len() > MOST_ENTRIES || ring.bytes > MOST_BYTES {
            let Some(oldest) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest.bytes.len();
        }
    }

    /// As [`super::ChangeLog::read`]; `None` when the position is older than the ring, or the ring has nothing after it: the
    /// log may have, by another process.
    #[must_use]
    pub fn read(&self, after: Seq, max_bytes: usize, view: &View) -> Option<Page> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let first = ring.entries.front()?.seq;
        let start = usize::try_from(after.next().0.checked_sub(first.0)?).ok().filter(|it| *it < ring.entries.len())?;
        let (mut entries, mut bytes, mut upto) = (Vec::new(), 0, after);
        for entry in ring.entries.iter().skip(start) {
            if bytes >= max_bytes {
                break;
            }
            if view.shows(&entry.document) {
                bytes += entry.bytes.len();
                entries.push(entry.clone());
            }
            upto = entry.seq;
        }
        Some(Page { entries, upto })
    }

    /// Which documents were changed after a position, and the position looked at last; `None` when the position is
    /// older than the ring.
    #[must_use]
    pub fn touched(&self, after: Seq) -> Option<(BTreeSet<DocumentId>, Seq)> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (first, last) = (ring.entries.front()?.seq, ring.entries.back()?.seq);
        let start = usize::try_from(after.next().0.checked_sub(first.0)?).ok()?;
        Some((ring.entries.iter().skip(start).map(|entry| entry.document).collect(), last))
    }
}

#[cfg(test)]
mod tests {
    use liaison_shared::access::Role;
    use liaison_shared::{ChangeHash, DeviceId, DossierId, Timestamp, UserId};

    use super::*;

    fn entry(seq: u64, document: DocumentId) -> LogEntry {
        LogEntry {
            seq: Seq(seq),
            document,
            hash: ChangeHash([0; 32]),
            bytes: vec![0; 2000],
            user: UserId([0; 16]),
            device: DeviceId([0; 16]),
            received: Timestamp(0),
        }
    }

    #[test]
    fn what_is_too_old_for_the_ring_is_not_answered() {
        let tail = Tail::default();
        assert_eq!(tail.read(Seq(0), 10, &View::agency(Role::Gestionnaire)), None);
        tail.extend((1..=5000).map(|seq| entry(seq, DocumentId::Annuaire)));
        assert_eq!(tail.read(Seq(0), 10, &View::agency(Role::Gestionnaire)), None);
        let page = tail.read(Seq(4999), 10, &View::agency(Role::Gestionnaire)).unwrap();
        assert_eq!((page.entries.len(), page.upto), (1, Seq(5000)));
        assert_eq!(tail.read(Seq(5000), 10, &View::agency(Role::Gestionnaire)), None, "perhaps the log has more");
    }

    #[test]
    fn a_gap_starts_the_ring_over() {
        let tail = Tail::default();
        tail.extend([entry(1, DocumentId::Annuaire), entry(3, DocumentId::Annuaire)]);
        assert_eq!(tail.read(Seq(1), 10, &View::agency(Role::Gestionnaire)), None);
        assert!(tail.read(Seq(2), 10, &View::agency(Role::Gestionnaire)).is_some());
    }

    #[test]
    fn what_the_ring_has_is_not_added_again() {
        let tail = Tail::default();
        assert!(!tail.lacks(Seq(7)), "an empty ring begins anywhere");
        tail.extend([entry(1, DocumentId::Annuaire), entry(2, DocumentId::Annuaire)]);
        tail.extend([entry(2, DocumentId::Annuaire), entry(3, DocumentId::Annuaire)]);
        let page = tail.read(Seq(0), 100_000, &View::agency(Role::Gestionnaire)).unwrap();
        assert_eq!(page.entries.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(!tail.lacks(Seq(4)) && tail.lacks(Seq(5)));
    }

    #[test]
    fn the_position_moves_over_what_a_role_may_not_see() {
        let tail = Tail::default();
        tail.extend([entry(1, DocumentId::Annuaire), entry(2, DocumentId::relation(DossierId([1; 16])))]);
        let page = tail.read(Seq(0), 100_000, &View::agency(Role::Intervenant)).unwrap();
        assert_eq!((page.entries.len(), page.upto), (1, Seq(2)));
    }
}
