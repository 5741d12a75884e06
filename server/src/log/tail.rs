//! The newest entries, kept in memory so that sending one change to many devices reads no database.
//!
//! Never holds what is not durable, never grows beyond its bounds.

use std::collections::{HashMap, VecDeque};
use std::sync::{PoisonError, RwLock};

use liaison_shared::sync::LogChunk;
use liaison_shared::{DocumentId, Seq};

use super::contract::{Page, View};

const MOST_ENTRIES: usize = 4096;
const MOST_BYTES: usize = 4 << 20;

#[derive(Debug, Default)]
struct Ring {
    chunks: VecDeque<LogChunk>,
    bytes: usize,
}

impl Ring {
    /// What stands after a position; `None` when that is older than the ring, or the ring has nothing after it.
    fn since(&self, after: Seq) -> Option<impl Iterator<Item = &LogChunk>> {
        let first = self.chunks.front()?.seq;
        let start = usize::try_from(after.next().0.checked_sub(first.0)?).ok().filter(|it| *it < self.chunks.len())?;
        Some(self.chunks.iter().skip(start))
    }
}

/// A ring of consecutive entries that ends at the log's last one.
#[derive(Debug, Default)]
pub struct Tail {
    ring: RwLock<Ring>,
}

impl Tail {
    /// Adds entries that have become durable; those that it has are passed over.
    pub fn extend(&self, chunks: impl IntoIterator<Item = LogChunk>) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        for chunk in chunks {
            if ring.chunks.back().is_some_and(|last| chunk.seq <= last.seq) {
                continue;
            }
            // Another process has written in between (an account was added): start over behind it.
            if ring.chunks.back().is_some_and(|last| last.seq.next() != chunk.seq) {
                *ring = Ring::default();
            }
            ring.bytes += chunk.bytes.len();
            ring.chunks.push_back(chunk);
        }
        while ring.chunks.len() > MOST_ENTRIES || ring.bytes > MOST_BYTES {
            let Some(oldest) = ring.chunks.pop_front() else { break };
            ring.bytes -= oldest.bytes.len();
        }
    }

    /// As [`super::ChangeLog::read`], for whoever has everything up to `after` ([`Page::settled`]): the ring knows no snapshots.
    /// `None` when the position is older than the ring, or the ring has nothing after it: the log may have, by another process.
    #[must_use]
    pub fn read(&self, after: Seq, max_bytes: usize, view: &View) -> Option<Page> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (mut chunks, mut bytes, mut upto) = (Vec::new(), 0, after);
        for chunk in ring.since(after)? {
            if bytes >= max_bytes {
                break;
            }
            if view.shows(&chunk.document) {
                bytes += chunk.weight();
                chunks.push(chunk.clone());
            }
            upto = chunk.seq;
        }
        Some(Page { chunks, upto, settled: true })
    }

    /// As [`super::StoredLog::counted`]; `None` when the position is older than the ring, or the ring has nothing after it.
    #[must_use]
    pub fn counted(&self, after: Seq) -> Option<(HashMap<DocumentId, u32>, Seq)> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let mut counts = HashMap::new();
        for chunk in ring.since(after)? {
            *counts.entry(chunk.document).or_default() += 1;
        }
        Some((counts, ring.chunks.back()?.seq))
    }
}

#[cfg(test)]
mod tests {
    use liaison_shared::DossierId;
    use liaison_shared::access::Role;

    use super::*;

    fn entry(seq: u64, document: DocumentId) -> LogChunk {
        LogChunk::new(Seq(seq), document, vec![1; 2000])
    }

    #[test]
    fn what_is_too_old_for_the_ring_is_not_answered() {
        let tail = Tail::default();
        assert_eq!(tail.read(Seq(0), 10, &View::agency(Role::Gestionnaire)), None);
        tail.extend((1..=5000).map(|seq| entry(seq, DocumentId::Annuaire)));
        assert_eq!(tail.read(Seq(0), 10, &View::agency(Role::Gestionnaire)), None);
        let page = tail.read(Seq(4999), 10, &View::agency(Role::Gestionnaire)).unwrap();
        assert_eq!((page.chunks.len(), page.upto), (1, Seq(5000)));
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
        tail.extend([entry(1, DocumentId::Annuaire), entry(2, DocumentId::Annuaire)]);
        tail.extend([entry(2, DocumentId::Annuaire), entry(3, DocumentId::Annuaire)]);
        let page = tail.read(Seq(0), 100_000, &View::agency(Role::Gestionnaire)).unwrap();
        assert_eq!(page.chunks.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn the_position_moves_over_what_a_role_may_not_see() {
        let tail = Tail::default();
        tail.extend([entry(1, DocumentId::Annuaire), entry(2, DocumentId::relation(DossierId([1; 16])))]);
        let page = tail.read(Seq(0), 100_000, &View::agency(Role::Intervenant)).unwrap();
        assert_eq!((page.chunks.len(), page.upto), (1, Seq(2)));
    }
}
